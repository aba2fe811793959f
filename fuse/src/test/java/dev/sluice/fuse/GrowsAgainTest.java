package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    private void untilWaiting(int count) {
        Deadline.until(count + " requests wait", () -> mount.waiting() == count);
    }

    private static void say(Child child) throws IOException {
        child.input().write("go\n".getBytes(StandardCharsets.US_ASCII));
        child.input().flush();
    }

    @Test
    void whoWaitsForItsEndDoesNotHoldItsWriter() throws IOException {
        said("producer", "echo one > s/file");
        assertThat(said("consumer", "stat -c %s s/file; cat s/file")).isEqualTo("4\none\n");
        Child writer = sh("producer", "exec >> s/file; echo up >&2; read line; echo two");
        writer.untilItSays("up");
        Child reader = sh("consumer", END);
        untilWaiting(1);
        say(writer);
        assertThat(writer.finish().exit()).isZero();
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "8\n"));
    }

    @Test
    void whoWaitsForTheEndOfWhatHasBeenRenamedDoesNotHoldItsWriter() throws IOException {
        Child writer = sh("producer", "exec > plain; echo one; mv plain s/file; echo up >&2; read line; echo two");
        writer.untilItSays("up");
        Child reader = sh("consumer", END);
        untilWaiting(1);
        say(writer);
        assertThat(writer.finish().exit()).isZero();
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "8\n"));
    }

    @Test
    void itsSizeIsWaitedForAgain() throws IOException {
        said("producer", "echo one > s/file");
        assertThat(said("consumer", "stat -c %s s/file; cat s/file")).isEqualTo("4\none\n");
        Child writer = sh("producer", "exec >> s/file; echo up >&2; read line; echo two");
        writer.untilItSays("up");
        Child reader = sh("consumer", "stat -c %s s/file");
        untilWaiting(1);
        say(writer);
        assertThat(writer.finish().exit()).isZero();
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "8\n"));
    }

    @Test
    void itsSizeIsWaitedForUnderUpdateToo() throws IOException {
        said("producer", "echo one > whole/file");
        assertThat(said("consumer", "stat -c %s whole/file; cat whole/file")).isEqualTo("4\none\n");
        Child writer = sh("producer", "exec >> whole/file; echo up >&2; read line; echo two");
        writer.untilItSays("up");
        Child reader = sh("consumer", "stat -c %s whole/file");
        untilWaiting(1);
        say(writer);
        assertThat(writer.finish().exit()).isZero();
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "8\n"));
    }

    @Test
    void whatADirectoryBringsIsWaitedFor() throws IOException {
        said("producer", "mkdir d; echo one > d/file; stat d/file");
        assertThat(said("consumer", "stat -c %s d/file; cat d/file")).isEqualTo("4\none\n");
        Child writer = sh("producer", "exec >> d/file; rmdir s; mv d s; echo up >&2; read line; echo two");
        writer.untilItSays("up");
        Child reader = sh("consumer", END);
        untilWaiting(1);
        say(writer);
        assertThat(writer.finish().exit()).isZero();
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "8\n"));
    }
}
