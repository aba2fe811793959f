package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import org.junit.jupiter.api.Test;

/** The same, with the bytes of plain files moved by the kernel. Needs root and Linux 6.9. */
class PassthroughTierTest extends DoorTest {
    @Override
    MountOptions options() {
        return super.options()
                .tier(dev.sluice.linux.Mounts.availability().available() && isRoot() ? Tier.PASSTHROUGH : Tier.AUTO);
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    @Test
    void filesPassBy() {
        org.junit.jupiter.api.Assumptions.assumeTrue(isRoot(), "needs root");
        assertThat(door.passes()).isTrue();
    }

    /** What is complete is read by the kernel, also when it is in memory; who has it mapped keeps it. */
    @Test
    void whatIsCompletePassesByAndStaysMapped() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(isRoot(), "needs root");
        said("producer", "mkdir s; seq 100000 > s/f; seq 10 > s/small");
        String checks = said("consumer", "cat s/f s/small | cksum");
        assertThat(checks).isEqualTo(said("", "(seq 100000; seq 10) | cksum"));
        Child mapper = sh("consumer", """
            exec python3 -I -c "
            import mmap, sys
            f = open('s/f', 'rb'); g = open('s/small', 'rb')
            m = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ); n = mmap.mmap(g.fileno(), 0, prot=mmap.PROT_READ)
            f.close(); g.close()
            print('mapped', flush=True)
            sys.stdin.readline()
            print(sum(m[:]), sum(n[:]))
            "
            """);
        mapper.untilItSays("mapped");
        String sums = said("", "python3 -c \"print(sum(open('s/f','rb').read()), sum(open('s/small','rb').read()))\"");
        said("producer", "cat s/f s/small > /dev/null; rm s/f s/small");
        mapper.input().close();
        assertThat(mapper.finish().output()).isEqualTo("mapped\n" + sums);
    }

    @Test
    void whoReadsItInPlaceDoesNotKeepTheProducerOut() throws Exception {
        said("producer", "mkdir s; seq 100000 > s/f");
        Child reader = sh("consumer", "exec 3< s/f; echo open; read line; cat <&3 | tail -n 1");
        reader.untilItSays("open");
        said("producer", "seq 100001 200000 >> s/f");
        assertThat(said("consumer", "tail -n 1 s/f; wc -c < s/f")).isEqualTo("200000\n1288895\n");
        reader.input().close();
        assertThat(reader.finish().output()).isEqualTo("open\n200000\n");
        said("producer", "seq 3 > s/f");
        assertThat(said("consumer", "cat s/f")).isEqualTo("1\n2\n3\n");
    }
}
