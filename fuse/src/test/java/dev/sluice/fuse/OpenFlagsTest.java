package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a file is opened, and what becomes of that while it is open, beside who may do it. */
class OpenFlagsTest extends OnMount {
    @BeforeEach
    void makeDirectories() {
        said("producer", "mkdir s plain");
    }

    /** Where the kernel writes by itself it goes by what was said when the file was opened. */
    @Test
    void whoAppendsNoMoreWritesWhereHeSays() throws IOException {
        assertThat(python("""
            import fcntl, os
            fd = os.open("%s", os.O_RDWR | os.O_CREAT | os.O_APPEND)
            os.write(fd, b"hello")
            fcntl.fcntl(fd, fcntl.F_SETFL, 0)
            os.pwrite(fd, b"J", 0)
            fcntl.fcntl(fd, fcntl.F_SETFL, os.O_APPEND)
            os.lseek(fd, 0, os.SEEK_SET)
            os.write(fd, b"!")
            print(os.pread(fd, 100, 0))
            """.formatted(root.resolve("s/file")))).isEqualTo("b'Jello!'\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s/file", "plain/file"})
    void whoOnlyReadsMayCutItToo(String file) throws IOException {
        assertThat(python("""
            import os
            path = "%s"
            with open(path, "w") as out:
                out.write("text")
            fd = os.open(path, os.O_RDONLY | os.O_TRUNC)
            print(os.fstat(fd).st_size, os.read(fd, 10), os.stat(path).st_size, open(path).read())
            """.formatted(root.resolve(file)))).isEqualTo("0 b'' 0 \n");
    }

    /** Else who may write a file of somebody else could let others do what he likes in the name of that one. */
    @ParameterizedTest
    @ValueSource(strings = {"s", "whole", "plain"})
    void whoWritesAFileThatRunsAsItsOwnerTakesThatFromIt(String directory) {
        said("producer", "mkdir -p " + directory);
        String nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups ";
        for (String change : new String[] {
            "sh -c 'echo more >> F'",
            "sh -c 'echo other > F'",
            "truncate -s 1 F",
            "fallocate -l 100 F",
            "dd if=/dev/zero of=F bs=10 count=1 conv=notrunc status=none"
        }) {
            String file = directory + "/file";
            Child.Outcome outcome = sh(
                            "producer",
                            ("set -e; echo text > F; chmod 6777 F; stat -c %a F; " + nobody + "cat F; "
                                            + "stat -c %a F; " + nobody + change + "; stat -c %a F; rm F")
                                    .replace("F", file))
                    .finish();
            assertThat(outcome.output()).as(change).isEqualTo("6777\ntext\n6777\n777\n");
        }
    }

    /** The number by which the kernel knows it is his alone: nobody else tells the kernel when it grows again. */
    @Test
    void whoHasFollowedAFileSeesItsSizeAlsoWhenItGrowsAfterwards() throws Exception {
        Child writing = sh(
                "producer",
                "exec 3> s/file; echo one >&3; read go; exec 3>&-; read go; truncate -s 2 s/file;"
                        + " echo cut; read go");
        Child reading = sh("consumer", "exec python3 -u -c '" + """
            import os, sys
            fd = os.open("s/file", os.O_RDONLY)
            print(os.read(fd, 10), flush=True)
            print(os.read(fd, 10), os.fstat(fd).st_size, flush=True)
            sys.stdin.readline()
            print(os.fstat(fd).st_size)
            """ + "'");
        reading.untilItSays("one");
        letGo(writing);
        reading.untilItSays("4");
        letGo(writing);
        writing.untilItSays("cut");
        letGo(reading);
        assertThat(reading.finish().output()).endsWith(" 4\n2\n");
    }
}
