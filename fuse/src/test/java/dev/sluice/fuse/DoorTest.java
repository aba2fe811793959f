package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import dev.sluice.testing.Nobody;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What programs expect of a file system, in a mounted directory. */
class DoorTest extends OnMount {
    @Test
    void whatWasInTheDirectoryIsSeen() throws IOException {
        assertThat(Files.readString(root.resolve("below"))).isEqualTo("from below\n");
        assertThat(said("", "ls -a")).isEqualTo(".\n..\nbelow\n");
    }

    @Test
    void aFileIsWrittenReadAndRemoved() throws IOException {
        Path file = root.resolve("file");
        Files.writeString(file, "some text");
        assertThat(file).hasContent("some text").hasSize(9);
        assertThatThrownBy(() -> Files.createFile(file)).isInstanceOf(FileAlreadyExistsException.class);
        Files.delete(file);
        assertThatThrownBy(() -> Files.readString(file)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void largeFilesComeBackWhole() throws IOException {
        byte[] bytes = new byte[5_000_123];
        new java.util.Random(7).nextBytes(bytes);
        for (String name : List.of("plain", "s/streamed")) {
            Files.createDirectories(root.resolve(name).getParent());
            Files.write(root.resolve(name), bytes);
            assertThat(Files.readAllBytes(root.resolve(name))).isEqualTo(bytes);
        }
    }

    @Test
    void directoriesAreMadeListedAndRemoved() throws IOException {
        Path directory = Files.createDirectory(root.resolve("directory"));
        Files.createFile(directory.resolve("inside"));
        assertThatThrownBy(() -> Files.delete(directory)).isInstanceOf(DirectoryNotEmptyException.class);
        try (Stream<Path> list = Files.list(directory)) {
            assertThat(list).containsExactly(directory.resolve("inside"));
        }
        Files.delete(directory.resolve("inside"));
        Files.delete(directory);
        assertThat(directory).doesNotExist();
    }

    @Test
    void aDirectoryOfManyFilesIsListedOnceAndWhole() throws IOException {
        Path directory = Files.createDirectory(root.resolve("many"));
        List<String> names = IntStream.range(0, 3000)
                .mapToObj(i -> "a-name-that-is-not-all-that-short-" + i)
                .sorted()
                .toList();
        for (String name : names) {
            Files.createFile(directory.resolve(name));
        }
        try (Stream<Path> list = Files.list(directory)) {
            assertThat(list.map(path -> path.getFileName().toString()).sorted()).isEqualTo(names);
        }
        assertThat(said("", "ls -l many | wc -l").strip()).isEqualTo("3001");
    }

    @Test
    void renamingReplacesAndMoves() throws IOException {
        Path one = Files.writeString(root.resolve("one"), "1");
        Path two = Files.writeString(root.resolve("two"), "2");
        Files.move(one, two, StandardCopyOption.REPLACE_EXISTING);
        assertThat(two).hasContent("1");
        assertThat(one).doesNotExist();
        Path deep = Files.createDirectories(root.resolve("a/b"));
        Files.move(two, deep.resolve("three"));
        assertThat(said("", "cat a/b/three; mv -T a c; cat c/b/three")).isEqualTo("11");
    }

    @Test
    void flagsOfRenameat2AreKept() throws IOException {
        assertThat(python("""
            import ctypes, os
            c = ctypes.CDLL(None, use_errno=True)
            for name in "ab":
                open(name, "w").write(name)
            print(c.renameat2(-100, b"a", -100, b"b", 1), ctypes.get_errno())
            print(c.renameat2(-100, b"a", -100, b"b", 2), open("a").read(), open("b").read())
            """)).isEqualTo("-1 17\n0 b a\n");
    }

    @Test
    void linksHardAndSymbolicLead() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "text");
        Path hard = Files.createLink(root.resolve("hard"), file);
        Path symbolic = Files.createSymbolicLink(root.resolve("symbolic"), Path.of("hard"));
        assertThat(symbolic).hasContent("text");
        assertThat(Files.readSymbolicLink(symbolic)).isEqualTo(Path.of("hard"));
        assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(2);
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(Files.getAttribute(hard, "unix:ino"));
        Files.delete(file);
        assertThat(hard).hasContent("text");
    }

    @Test
    void modesOwnersAndTimesAreKept() throws IOException {
        Path file = Files.createFile(root.resolve("file"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
        FileTime time = FileTime.from(Instant.ofEpochSecond(1_234_567_890, 123_456_789));
        Files.setLastModifiedTime(file, time);
        Files.setAttribute(file, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
        assertThat(said("", "stat -c '%A %u %Y' file")).isEqualTo("-rwxr-x--x 65534 1234567890\n");
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(time);
    }

    @Test
    void namesMayHaveAnyBytes() throws IOException {
        assertThat(said("", """
            name=$(printf 'a\\nb \\377\\001 c')
            mkdir d && echo text > "d/$name" && cat d/*b* && ls d | od -An -c && ln -s "$name" d/link && cat d/link
            """)).isEqualTo("""
                text
                   a  \\n   b     377 001       c  \\n   l   i   n   k  \\n
                text
                """.replace("   l   i   n   k  \\n\ntext", "\ntext"));
    }

    @Test
    void aRemovedFileLivesUntilItIsClosed() throws IOException {
        Path file = root.resolve("file");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("text".getBytes(StandardCharsets.UTF_8)));
            Files.delete(file);
            ByteBuffer read = ByteBuffer.allocate(10);
            assertThat(channel.read(read, 0)).isEqualTo(4);
            assertThat(channel.size()).isEqualTo(4);
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void appendingAndTruncatingWork() throws IOException {
        assertThat(said("", """
            echo one > f; echo two >> f; cat f
            truncate -s 5 f; stat -c %s f; truncate -s 4097 f; tail -c 1 f | od -An -t d1; : > f; stat -c %s f
            (for i in $(seq 100); do echo $i >> g; done) & (for i in $(seq 100); do echo $i >> g; done); wait
            wc -l < g
            """)).isEqualTo("one\ntwo\n5\n    0\n0\n200\n");
    }

    @Test
    void fifosAndSocketsAreMade() throws IOException {
        assertThat(said("", "mkfifo p; (echo through > p) & cat p; stat -c %F p"))
                .isEqualTo("through\nfifo\n");
        assertThat(python("""
            import socket, os, stat
            s = socket.socket(socket.AF_UNIX); s.bind("sock"); s.listen()
            c = socket.socket(socket.AF_UNIX); c.connect("sock"); a = s.accept()[0]
            c.send(b"hi"); print(a.recv(2), stat.S_ISSOCK(os.stat("sock").st_mode))
            """)).isEqualTo("b'hi' True\n");
    }

    @Test
    void sparseFilesAndRangesWork() throws IOException {
        assertThat(python("""
            import os
            f = os.open("sparse", os.O_RDWR | os.O_CREAT)
            os.pwrite(f, b"x", 1 << 20)
            print(os.lseek(f, 0, os.SEEK_DATA) > 0, os.lseek(f, 0, os.SEEK_HOLE), os.fstat(f).st_size)
            os.posix_fallocate(f, 0, 3 << 20)
            print(os.fstat(f).st_size)
            g = os.open("copy", os.O_RDWR | os.O_CREAT)
            n = os.copy_file_range(f, g, (1 << 20) + 1, 0, 0)
            print(n, os.pread(g, 1, 1 << 20))
            """)).isEqualTo("True 0 1048577\n3145728\n1048577 b'x'\n");
    }

    @Test
    void filesWithoutNameGetOne() throws IOException {
        assertThat(python("""
            import ctypes, os
            f = os.open(".", os.O_TMPFILE | os.O_RDWR, 0o600)
            os.write(f, b"text")
            print(os.listdir("."))
            print(ctypes.CDLL(None).linkat(-100, b"/proc/self/fd/%d" % f, -100, b"named", 0x400))
            os.close(f)
            print(open("named").read())
            """)).isEqualTo("['below']\n0\ntext\n");
    }

    @Test
    void mappedFilesReadAndWrite() throws IOException {
        assertThat(python("""
            import mmap, os
            os.mkdir("s")
            for name in ("plain", "s/streamed"):
                f = open(name, "w+b"); f.truncate(10000)
                m = mmap.mmap(f.fileno(), 10000)
                m[9000:9005] = b"hello"; m.flush(); m.close(); f.close()
                print(open(name, "rb").read()[9000:9005])
                f = open(name, "rb")
                m = mmap.mmap(f.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)
                print(m[9000:9005])
            """)).isEqualTo("b'hello'\n".repeat(4));
    }

    @Test
    void extendedAttributesAreKept() throws IOException {
        Path file = Files.createFile(root.resolve("file"));
        UserDefinedFileAttributeView view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        view.write("note", ByteBuffer.wrap("value".getBytes(StandardCharsets.UTF_8)));
        assertThat(view.list()).containsExactly("note");
        ByteBuffer read = ByteBuffer.allocate(view.size("note"));
        view.read("note", read);
        assertThat(new String(read.array(), StandardCharsets.UTF_8)).isEqualTo("value");
        view.write("long", ByteBuffer.allocate(3000));
        assertThat(view.size("long")).isEqualTo(3000);
        view.delete("long");
        view.delete("note");
        assertThat(view.list()).isEmpty();
        assertThat(python("""
            import os, struct
            acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *e, -1) for e in ((1, 6), (4, 4), (32, 4)))
            try: os.setxattr("file", "system.posix_acl_access", acl)
            except OSError as e: print(e.errno)
            """)).isEqualTo("95\n");
    }

    @Test
    void locksAreHeldBetweenProcesses() throws IOException {
        assertThat(said("", "flock f sh -c 'flock -n f echo twice || echo once'"))
                .isEqualTo("once\n");
        assertThat(python("""
            import fcntl, os
            f = open("g", "w"); fcntl.lockf(f, fcntl.LOCK_EX)
            if os.fork() == 0:
                try: fcntl.lockf(open("g", "w"), fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError: os._exit(7)
                os._exit(0)
            print(os.waitstatus_to_exitcode(os.wait()[1]))
            """)).isEqualTo("7\n");
    }

    @Test
    void theSpaceThereIsIsTold() throws IOException {
        FileStore store = Files.getFileStore(root);
        FileStore below = Files.getFileStore(folder);
        assertThat(store.getTotalSpace()).isPositive().isEqualTo(below.getTotalSpace());
        assertThat(store.type()).isEqualTo("fuse.sluice");
    }

    @Test
    void programsRunFromIt() {
        assertThat(said("", "cp /bin/true t; ./t && echo ran; printf '#!/bin/sh\\necho script' > u; chmod +x u; ./u"))
                .isEqualTo("ran\nscript\n");
        assertThat(sh("", "echo 'echo no' > v; ./v").finish().exit()).isEqualTo(126);
    }

    @Test
    void othersMayWhatTheModesSay() throws IOException {
        Files.writeString(root.resolve("secret"), "secret");
        Files.setPosixFilePermissions(root.resolve("secret"), PosixFilePermissions.fromString("rw-------"));
        Files.writeString(root.resolve("open"), "open");
        Nobody.assumeThere();
        String nobody = Nobody.does();
        assertThat(sh(
                                "",
                                nobody + "cat open secret; " + nobody + "touch new; " + nobody
                                        + "test -r secret || echo denied")
                        .finish()
                        .output())
                .isEqualTo(
                        "opencat: secret: Permission denied\ntouch: cannot touch 'new': Permission denied\ndenied\n");
        assertThat(said("", "mkdir -m 1777 t; " + nobody + "sh -c 'echo x > t/mine; stat -c %U t/mine'"))
                .isEqualTo("nobody\n");
    }

    @Test
    void whatTheKernelHasFoundForOneIsNotOpenToAll() throws IOException {
        Nobody.assumeThere();
        String nobody = Nobody.does();
        assertThat(sh(
                                "",
                                "mkdir -p private/inner; echo secret > private/inner/file; chmod 700 private;"
                                        + " cat private/inner/file; ls private/inner; " + nobody
                                        + "cat private/inner/file; " + nobody + "ls private/inner; " + nobody
                                        + "touch private/inner/new; chmod 755 private; " + nobody
                                        + "cat private/inner/file")
                        .finish()
                        .output())
                .isEqualTo("""
                    secret
                    file
                    cat: private/inner/file: Permission denied
                    ls: cannot open directory 'private/inner': Permission denied
                    touch: cannot touch 'private/inner/new': Permission denied
                    secret
                    """);
    }

    @Test
    void whatIsNotToBeHadIsRefusedAsUsual() throws IOException {
        assertThat(python("""
            import fcntl, os, errno
            f = open("file", "w")
            for act in (lambda: fcntl.ioctl(f, 0x5401), lambda: os.open("file/x", 0), lambda: os.rmdir("file"),
                        lambda: os.open("n" * 256, os.O_CREAT), lambda: os.readlink("file")):
                try: act()
                except OSError as e: print(errno.errorcode[e.errno])
            """)).isEqualTo("ENOTTY\nENOTDIR\nENOTDIR\nENAMETOOLONG\nEINVAL\n");
    }

    @Test
    void theKernelForgetsWhatItKnewOfRemovedFiles() throws IOException {
        Path directory = Files.createDirectory(root.resolve("d"));
        for (int i = 0; i < 100; i++) {
            Files.createFile(directory.resolve("f" + i));
        }
        assertThat(door.nodes().count()).isGreaterThanOrEqualTo(100);
        said("", "rm -r d");
        Deadline.until("the kernel has forgotten them", () -> door.nodes().count() < 20);
    }

    @Test
    void manyProcessesWorkAtOnce() {
        List<Child> all = IntStream.range(0, 6)
                .mapToObj(i -> sh(
                        "",
                        "mkdir d" + i + "; for j in $(seq 60); do echo $j > d" + i + "/$j; done; cat d" + i
                                + "/* | wc -l; rm -r d" + i))
                .toList();
        assertThat(all).allSatisfy(child -> assertThat(child.finish()).isEqualTo(new Child.Outcome(0, "60\n")));
    }
}
