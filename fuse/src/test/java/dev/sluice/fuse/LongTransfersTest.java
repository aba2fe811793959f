package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.stream.Limits;
import dev.sluice.testing.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads and writes that are long enough to go by a pipe, and such as make that impossible. */
class LongTransfersTest extends OnMount {
    private static final int SIZE = 5_000_003;

    private String source;

    @Override
    MountOptions options() {
        return super.options().tier(Tier.COPY);
    }

    /** What is more goes to disk. */
    @Override
    Limits limits() {
        return new Limits(8 << 20, null);
    }

    @BeforeEach
    void makeSource() throws IOException {
        byte[] bytes = new byte[SIZE];
        new Random(11).nextBytes(bytes);
        source = Files.write(folder.resolve("source"), bytes).toString();
        said("producer", "mkdir s whole");
    }

    private void same(Child child) {
        Child.Outcome outcome = child.finish();
        assertThat(outcome.exit()).as(outcome.output()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {65_535, 65_536, 65_537, 100_000, 524_288, 524_289, 1_048_576, 3_000_001})
    void whatIsWrittenIsReadWhileItGrowsAndAfterwards(int block) {
        Child reader = sh("consumer", "dd if=s/f bs=" + block + " | cmp - " + source + " && cmp s/f " + source);
        same(sh("producer", "dd if=" + source + " of=s/f bs=" + block));
        same(reader);
    }

    @Test
    void bytesThatBeginAnywhereComeBack() throws IOException {
        assertThat(python("""
            import os, random
            source = open('%s', 'rb').read()
            dice = random.Random(12)
            fd = os.open('whole/f', os.O_RDWR | os.O_CREAT)
            at = 0
            while at < len(source):
                count = dice.choice([1, 4095, 65536, 70001, 300000, 1000000])
                part = bytearray(b'x' * 17) + source[at:at + count]
                at += os.pwrite(fd, memoryview(part)[17:], at)
            for _ in range(60):
                at = dice.randrange(len(source))
                count = dice.choice([1, 4096, 65537, 400000, 2000000])
                assert os.pread(fd, count, at) == source[at:at + count], (at, count)
            print('same')
            """.formatted(source))).isEqualTo("same\n");
    }

    @Test
    void aFileThatAppendsTakesThem() {
        same(sh("", "dd if=" + source + " of=plain bs=1M oflag=append conv=notrunc && cmp plain " + source));
        same(sh("producer", "(cat " + source + "; cat " + source + ") >> s/twice"));
        same(sh("", "cat " + source + " " + source + " | cmp s/twice"));
    }

    @Test
    void holesAndTheEndAreWhereTheyShouldBe() {
        same(sh(
                "producer",
                "truncate -s 3000000 whole/h; dd if=" + source + " of=whole/h bs=700000 seek=1 count=1 "
                        + "conv=notrunc"));
        same(sh(
                "consumer",
                "(head -c 700000 /dev/zero; head -c 700000 " + source + "; head -c 1600000 /dev/zero) | "
                        + "cmp - whole/h"));
    }

    @Test
    void whatDoesNotFitIntoMemoryGoesToDiskInTheMiddleOfAWrite() {
        same(sh("producer", "cat " + source + " > s/1; cat " + source + " > s/2; cat " + source + " > s/3"));
        same(sh("consumer", "for i in 1 2 3; do cmp s/$i " + source + " || exit 1; done"));
    }

    @Test
    void longAndShortRequestsMixed() {
        Child other = sh("", "for i in $(seq 200); do mkdir m; echo $i > m/f; cat m/f > /dev/null; rm -r m; done");
        for (int i = 0; i < 3; i++) {
            same(sh("producer", "cat " + source + " > s/" + i));
            same(sh("consumer", "cmp s/" + i + " " + source));
        }
        same(other);
    }

    @Test
    void aPromiseThatIsBrokenByALongWriteIsSeen() throws IOException {
        Child writer = sh(
                "producer",
                "exec 3> s/q; dd if=" + source + " bs=1M count=2 >&3; echo written; read line; "
                        + "dd if=/dev/zero bs=1M count=1 of=s/q conv=notrunc; echo over");
        writer.untilItSays("written");
        same(sh("consumer", "head -c 2000000 s/q > /dev/null"));
        writer.input().close();
        same(writer);
        mount.close();
        assertThat(workflow.finish(true).incidents())
                .anySatisfy(each -> assertThat(each).contains("s/q"));
    }

    /** In memory or on disk, nothing of a reader that goes is left. */
    @Test
    void readersThatAreKilledLeaveNothing() {
        same(sh("producer", "cat " + source + " > s/k"));
        for (int i = 0; i < 10; i++) {
            sh("consumer", "dd if=s/k of=/dev/null bs=4M & sleep 0.0" + i + "; kill -9 $!")
                    .finish();
        }
        same(sh("consumer", "cmp s/k " + source));
    }

    @Test
    void whatIsSaidOfAFileAfterLongWritesIsWhatIsKept() {
        for (int i = 0; i < 4; i++) { // each may come in the way of a long write, or not
            same(sh(
                    "producer",
                    "dd if=" + source + " of=s/f bs=512K && chmod 640 s/f && touch -d @981173106 s/f && "
                            + "test \"$(stat -c '%a %u %Y' s/f)\" = \"640 $(id -u) 981173106\" && rm s/f"));
        }
    }
}
