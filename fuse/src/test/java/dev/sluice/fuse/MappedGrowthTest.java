package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that grow while their writers have them mapped, where no bytes pass by the server. */
class MappedGrowthTest extends OnMount {
    @Override
    MountOptions options() {
        return super.options().tier(Tier.COPY);
    }

    @Override
    void prepare() throws IOException {
        Files.write(Files.createDirectory(root.resolve("s")).resolve("old"), new byte[65536]);
        Files.createDirectory(root.resolve("whole"));
    }

    /** Its reader is told that it is empty; the kernel, which keeps one size for all, would cut what is mapped down to that. */
    @ParameterizedTest
    @ValueSource(strings = {"s/new", "whole/new", "s/old"})
    void whoHasAGrowingFileMappedKeepsItWhileReadersAsk(String name) throws IOException {
        Child writer = mapping(name);
        Child reader = sh("consumer", "exec 3< " + name + "; stat -L -c %s /dev/fd/3; exec cat <&3");
        if (name.startsWith("s/")) {
            reader.untilItSays("0\n");
        } else {
            Deadline.until("it waits", () -> mount.waiting() == 1);
        }
        writer.input().close();
        assertThat(writer.finish()).isEqualTo(new Child.Outcome(0, "half\nall\n"));
        assertThat(reader.finish().output()).endsWith("\n" + "1".repeat(32768) + "2".repeat(32768));
    }

    /** It was complete, and so to the kernel is one file for both. */
    @Test
    void whoHasAFileMappedThatGrowsAgainKeepsItWhileItsReadersAsk() throws IOException {
        said("producer", "head -c 65536 /dev/zero > s/again");
        Child reader = sh("consumer", "exec 3< s/again; echo open; read line; stat -L -c %s /dev/fd/3; exec cat <&3");
        reader.untilItSays("open\n");
        Child writer = mapping("s/again");
        reader.input().close();
        reader.untilItSays("open\n0\n");
        writer.input().close();
        assertThat(writer.finish()).isEqualTo(new Child.Outcome(0, "half\nall\n"));
        assertThat(reader.finish().output()).startsWith("open\n0\n").hasSize(7 + 65536);
    }

    private Child mapping(String name) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "python3 is not installed");
        Path program = Files.writeString(folder.resolve("map.py"), """
            import mmap, os, sys
            f = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
            os.ftruncate(f, 65536)
            m = mmap.mmap(f, 65536)
            m[:32768] = b"1" * 32768
            print("half", flush=True)
            sys.stdin.readline()
            assert m[:32768] == b"1" * 32768
            m[32768:] = b"2" * 32768
            print("all", flush=True)
            m.close()
            os.close(f)
            """);
        return sh("producer", "exec python3 " + program + " " + name).untilItSays("half\n");
    }
}
