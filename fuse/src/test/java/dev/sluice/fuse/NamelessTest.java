package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is open, or held, and has lost its last name: programs go on with it as on a disk. */
class NamelessTest extends OnMount {
    @BeforeEach
    void makeDirectories() {
        said("producer", "mkdir s plain");
    }

    private String in(String directory, String program) throws IOException {
        return python("import os, socket, stat\nos.chdir('" + root.resolve(directory) + "')\n" + program);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s", "plain"})
    void aPipeIsOneStill(String directory) throws IOException {
        assertThat(in(directory, """
            os.mkfifo("pipe")
            fd = os.open("pipe", os.O_RDWR)
            os.unlink("pipe")
            found = os.fstat(fd)
            print(stat.S_ISFIFO(found.st_mode), found.st_nlink, found.st_uid)
            """)).isEqualTo("True 0 0\n");
        // A common way to get a pipe in a shell: head asks what its input is, to know whether it can go back in it.
        assertThat(said("producer", "cd " + directory + "; mkfifo p; exec 3<>p; rm p; echo text >&3; head -n 1 <&3"))
                .isEqualTo("text\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s", "plain"})
    void aDirectoryIsEmpty(String directory) throws IOException {
        assertThat(in(directory, """
            os.mkdir("d")
            fd = os.open("d", os.O_RDONLY)
            os.chdir("d")
            os.rmdir("../d")
            found = os.fstat(fd)
            print(stat.S_ISDIR(found.st_mode), found.st_nlink, os.listdir(fd), os.listdir("."), os.stat(".").st_nlink)
            print(os.listxattr("."))
            try:
                open("new", "w")
            except FileNotFoundError:
                print("no more")
            """)).isEqualTo("True 0 [] [] 0\n[]\nno more\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s", "plain"})
    void aLinkIsOneStill(String directory) throws IOException {
        assertThat(in(directory, """
            os.symlink("nowhere", "link")
            fd = os.open("link", os.O_PATH | os.O_NOFOLLOW)
            os.unlink("link")
            print(stat.S_ISLNK(os.fstat(fd).st_mode), os.fstat(fd).st_nlink)
            """)).isEqualTo("True 0\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s", "plain"})
    void aFileIsOpenedOnceMoreByItsDescriptor(String directory) throws IOException {
        assertThat(in(directory, """
            fd = os.open("file", os.O_RDWR | os.O_CREAT)
            os.write(fd, b"some text")
            os.unlink("file")
            again = os.open("/proc/self/fd/%d" % fd, os.O_RDONLY)
            os.close(fd)
            print(os.read(again, 100), os.fstat(again).st_nlink)
            fd = os.open(".", os.O_RDWR | os.O_TMPFILE)
            os.write(fd, b"other text")
            again = os.open("/proc/self/fd/%d" % fd, os.O_RDWR | os.O_APPEND)
            os.write(again, b" and more")
            print(os.pread(fd, 100, 0), os.fstat(fd).st_size)
            os.open("/proc/self/fd/%d" % fd, os.O_WRONLY | os.O_TRUNC)
            print(os.fstat(fd).st_size)
            """)).isEqualTo("b'some text' 0\nb'other text and more' 19\n0\n");
    }
}
