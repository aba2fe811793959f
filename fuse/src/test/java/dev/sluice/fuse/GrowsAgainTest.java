package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that the kernel knows as complete, or as none of the flow's, and that grow all the same. */
class GrowsAgainTest extends OnMount {
    private static final String END = "python3 -c 'import os; f = os.open(\"s/file\", os.O_RDONLY);"
            + " print(os.lseek(f, 0, os.SEEK_END), flush=True)'";

    @BeforeEach
    void needsDirectories() throws IOException {
        Files.createDirectory(root.resolve("s"));
        Files.createDirectory(root.resolve("whole"));
    }

    /** A reader who comes when a writer has begun waits for what that one writes after him, and says its size. */
    private void isWaitedFor(String begin, String question) throws IOException {
        Child writer = sh("producer", begin + "; echo up >&2; read line; echo two");
        writer.untilItSays("up");
        Child reader = sh("consumer", question);
        untilWaiting(1);
        letGo(writer);
        assertThat(writer.finish().exit()).isZero();
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "8\n"));
    }

    /** A file is complete, and the kernel keeps what it has been told of it. */
    private void isKept(String file) {
        said("producer", "echo one > " + file);
        assertThat(said("consumer", "stat -c %s " + file + "; cat " + file)).isEqualTo("4\none\n");
    }

    @Test
    void whoWaitsForItsEndDoesNotHoldItsWriter() throws IOException {
        isKept("s/file");
        isWaitedFor("exec >> s/file", END);
    }

    @Test
    void whoWaitsForTheEndOfWhatHasBeenRenamedDoesNotHoldItsWriter() throws IOException {
        isWaitedFor("exec > plain; echo one; mv plain s/file", END);
    }

    @Test
    void itsSizeIsWaitedForAgain() throws IOException {
        isKept("s/file");
        isWaitedFor("exec >> s/file", "stat -c %s s/file");
    }

    @Test
    void itsSizeIsWaitedForUnderUpdateToo() throws IOException {
        isKept("whole/file");
        isWaitedFor("exec >> whole/file", "stat -c %s whole/file");
    }

    @Test
    void whatADirectoryBringsIsWaitedFor() throws IOException {
        said("producer", "mkdir d; echo one > d/file; stat d/file");
        assertThat(said("consumer", "stat -c %s d/file; cat d/file")).isEqualTo("4\none\n");
        isWaitedFor("exec >> d/file; rmdir s; mv d s", END);
    }
}
