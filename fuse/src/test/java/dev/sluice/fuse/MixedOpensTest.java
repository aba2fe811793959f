package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A file that was there before, which the kernel reads by itself for some and a step writes anew. */
class MixedOpensTest extends OnMount {
    @Override
    void prepare() throws IOException {
        Files.createDirectory(root.resolve("s"));
        Files.writeString(root.resolve("s/old"), "old\n");
    }

    @Test
    void whoReadsTheOldFileDoesNotKeepTheProducerOut() throws IOException {
        Child reader = sh("", "exec 3< s/old; echo open; read line; cat <&3");
        reader.untilItSays("open");
        assertThat(said("producer", "echo new > s/old; cat s/old")).isEqualTo("new\n");
        assertThat(said("consumer", "cat s/old")).isEqualTo("new\n");
        reader.input().close();
        assertThat(reader.finish().exit()).isZero();
        assertThat(said("", "cat s/old")).isEqualTo("new\n");
    }

    @Test
    void aSmallFileThatTheKernelHasGotIsReadAnewWhenItIsWrittenAnew() throws IOException {
        String read = "import mmap,os,sys; f = open('s/small','rb'); m = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ);"
                + " assert m[:] == f.read() and os.stat('s/small').st_size == len(m); sys.stdout.buffer.write(m[:])";
        String all = "cat s/small; python3 -I -c \"" + read + "\"";
        for (String text : List.of("one", "longer than one", "x", "y".repeat(70_000), "short again")) {
            assertThat(said("producer", "printf %s " + text.replace(" ", "\\ ") + " > s/small; cat s/small"))
                    .isEqualTo(text);
            assertThat(said("consumer", all)).isEqualTo(text + text);
            assertThat(said("", all)).isEqualTo(text + text);
        }
        assertThat(said("producer", "printf + >> s/small")).isEmpty();
        assertThat(said("consumer", all)).isEqualTo("short again+short again+");
        assertThat(said("producer", "truncate -s 20000 s/small; cat s/small | tr -d '\\0'; truncate -s 5 s/small"))
                .isEqualTo("short again+");
        assertThat(said("consumer", all)).isEqualTo("shortshort");
    }

    @Test
    void roomThatWasMadeBehindTheEndIsReadByWhoeverHasItOpen() throws IOException {
        assertThat(said("producer", "head -c 200000 /dev/zero > s/room")).isEmpty();
        assertThat(python("""
            import os
            before = os.open("s/room", os.O_RDONLY)
            os.truncate("s/room", 0)
            writes = os.open("s/room", os.O_RDWR)
            os.posix_fallocate(writes, 150_000, 100_000)
            os.pwrite(writes, b"end", 200_000)
            for fd in before, writes, os.open("s/room", os.O_RDONLY):
                print(os.fstat(fd).st_size, len(os.pread(fd, 300_000, 0)), os.pread(fd, 4, 200_000))
            """)).isEqualTo("250000 250000 b'end\\x00'\n".repeat(3));
    }

    @Test
    void aFileThatIsMappedSinceItGrewIsOpenedWhenItIsComplete() throws IOException {
        String map = "mmap.mmap(early, 0, mmap.MAP_SHARED, mmap.PROT_READ)[199_997:]";
        for (String early : List.of("mapped = " + map, "")) { // before it is opened anew, or behind
            assertThat(said("producer", "python3 -c '" + """
                import mmap, os
                writes = os.open("s/grown", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                os.write(writes, b"x" * 199_997 + b"end")
                early = os.open("s/grown", os.O_RDONLY)
                %s
                os.close(writes)
                late = os.open("s/grown", os.O_RDONLY)
                print(os.pread(late, 9, 199_997), %s, os.pread(early, 9, 199_997))
                """.formatted(early, map) + "'"))
                    .isEqualTo("b'end' b'end' b'end'\n");
        }
    }

    @Test
    void readersAndWritersOfOnePlainFileAgree() throws IOException {
        Child writer = sh("", "exec 3>> below; echo open; read line; echo more >&3; echo done");
        writer.untilItSays("open");
        Child reader = sh("", "exec 3< below; echo open; read line; cat <&3");
        reader.untilItSays("open");
        writer.input().close();
        writer.untilItSays("done");
        reader.input().close();
        assertThat(reader.finish().output()).isEqualTo("open\nfrom below\nmore\n");
        assertThat(said("", "cat below; stat -c %s below")).isEqualTo("from below\nmore\n16\n");
    }
}
