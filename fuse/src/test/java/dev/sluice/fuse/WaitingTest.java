package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that wait for a file, in a mounted directory. */
class WaitingTest extends OnMount {
    @BeforeEach
    void needsDirectories() throws IOException {
        Files.createDirectory(root.resolve("s"));
        Files.createDirectory(root.resolve("whole"));
    }

    @Test
    void aReaderGetsWhatIsWrittenWhileItReads() throws IOException {
        Child reader = sh("consumer", "cat s/file");
        untilWaiting(1);
        Child writer = sh("producer", "exec > s/file; echo one; read line; echo two");
        reader.untilItSays("one\n");
        untilWaiting(1);
        writer.input().write("go\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        writer.input().flush();
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "one\ntwo\n"));
        assertThat(writer.finish().exit()).isZero();
        untilWaiting(0);
    }

    /** So that the buffers of programs ask for more at once. */
    @Test
    void whatGrowsIsTakenInLargePiecesAsLongAsItDoes() throws IOException {
        String asks = "stat -L -c %o /dev/fd/3; read line || true";
        Child writer = sh("producer", "exec 3> s/file; " + asks);
        writer.untilItSays("32768\n");
        Child whole = sh("producer", "exec 3> whole/file; " + asks);
        whole.untilItSays("4096\n");
        whole.input().close();
        assertThat(whole.finish()).isEqualTo(new Child.Outcome(0, "4096\n"));
        writer.input().close();
        assertThat(writer.finish()).isEqualTo(new Child.Outcome(0, "32768\n"));
        assertThat(said("consumer", "stat -c %o s/file")).isEqualTo("4096\n");
    }

    /** Its end closes the file, but what is there is not the whole. */
    @Test
    void whoIsKilledWithAFileOpenHasNotCompletedIt() throws IOException {
        Child reader = sh("consumer", "cat s/file");
        assertThat(said("producer", "sh -c 'echo part; kill -9 $$' > s/file || echo killed"))
                .endsWith("killed\n");
        untilWaiting(1);
        said("producer", "exec 3>> s/file; (sh -c 'echo more >&3; exit 3'); echo rest >&3");
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "part\nmore\nrest\n"));
    }

    @Test
    void aShellThatIsKilledHasNotCompletedWhatItsCommandsWrote() {
        Child reader = sh("consumer", "cat s/file");
        assertThat(said("producer", "sh -c '{ /bin/echo part; kill -9 $$; } > s/file' || echo killed"))
                .endsWith("killed\n");
        reader.untilItSays("part\n");
        untilWaiting(1);
        said("producer", "/bin/echo rest >> s/file");
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "part\nrest\n"));
    }

    @Test
    void whoGoesOnAfterItsShellWasKilledCompletesIt() throws IOException {
        Path go = folder.resolve("go");
        String late = "(while [ ! -e " + go + " ]; do sleep 0.02; done; /bin/echo rest) & /bin/echo part; kill -9 $$";
        assertThat(said("producer", "sh -c '{ " + late + "; } > s/file' || echo killed"))
                .endsWith("killed\n");
        Child reader = sh("consumer", "cat s/file");
        reader.untilItSays("part\n");
        java.nio.file.Files.createFile(go);
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "part\nrest\n"));
    }

    @Test
    void aCopyWithinTheDirectoryEndsWithItsFileAndNotBefore() throws IOException {
        Child writer = sh("producer", "exec > s/file; echo one; echo up >&2; read line; echo two");
        writer.untilItSays("up");
        Child reader = sh("consumer", "cat s/file > copy; cat copy");
        untilWaiting(1);
        writer.input().write("go\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        writer.input().flush();
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "one\ntwo\n"));
        assertThat(writer.finish().exit()).isZero();
    }

    /** It closes the file on the way, and what the kernel tells of it then has to wait for that. */
    @Test
    void whoBecomesAnotherProgramMayHaveAFileOpen() {
        Child writer = sh("producer", """
            exec python3 -c '
            import os, subprocess
            f = os.open("s/file", os.O_WRONLY | os.O_CREAT)
            os.write(f, b"one\\n")
            subprocess.run(["sh", "-c", "exit 0"], close_fds=False, check=True)
            os.write(f, b"two\\n")
            '
            """);
        assertThat(sh("consumer", "cat s/file").finish()).isEqualTo(new Child.Outcome(0, "one\ntwo\n"));
        assertThat(writer.finish()).isEqualTo(new Child.Outcome(0, ""));
    }

    @Test
    void whoHasOnlyInheritedAFileMayBeKilled() {
        said("producer", "exec > whole/file; sleep 1000 & echo all; exec >&-; kill -9 $!; wait $! || true");
        assertThat(said("consumer", "cat whole/file")).isEqualTo("all\n");
    }

    @Test
    void whoFailsWithoutHavingWrittenDoesNotCompleteWhatAKilledOneLeft() {
        said("producer", "{ sh -c 'echo part; kill -9 $$'; sh -c 'exit 3'; true; } > s/file");
        Child reader = sh("consumer", "cat s/file");
        reader.untilItSays("part\n");
        untilWaiting(1);
        said("producer", "/bin/echo rest >> s/file");
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "part\nrest\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"punch", "zero"})
    void thatBytesWhichWereReadBecomeZeroIsTold(String how) throws IOException {
        Path program = Files.writeString(folder.resolve("punch.py"), """
            import ctypes, os, sys
            libc = ctypes.CDLL(None, use_errno=True)
            f = os.open("s/file", os.O_WRONLY | os.O_CREAT)
            os.write(f, b"0123456789" * 1000)
            print("written", flush=True)
            sys.stdin.readline()
            mode = 0x10 if sys.argv[1] == "zero" else 3
            sys.exit(libc.fallocate(f, mode, ctypes.c_long(100), ctypes.c_long(4900)) != 0)
            """);
        Child writer = sh("producer", "exec python3 " + program + " " + how);
        writer.untilItSays("written");
        Child reader = sh("consumer", "exec cat s/file");
        Deadline.until("all is read", () -> reader.said().length() == 10_000);
        writer.input().write('\n');
        writer.input().close();
        assertThat(writer.finish().exit()).isZero();
        assertThat(reader.finish().exit()).isZero();
        assertThat(workflow.finish(true).incidents())
                .singleElement()
                .asString()
                .startsWith("s/file was changed at byte 100 by step producer after step consumer had read it");
    }

    @Test
    void whoFailsWithAFileOpenHasNotCompletedItUnlessTheStepEndsWell() throws Exception {
        said("producer", "sh -c 'echo part; exit 3' > whole/file || true");
        Child reader = sh("consumer", "cat whole/file");
        untilWaiting(1);
        steps.session("producer").end(true);
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "part\n"));
    }

    @Test
    void whoEndsWellWithAFileOpenHasCompletedIt() {
        said("producer", "sh -c 'echo all; exit 0' > whole/file");
        said(
                "producer",
                "(/bin/echo all; false) > whole/other || true; grep -q nothing whole/other > whole/empty || true");
        Child.Outcome outcome =
                sh("consumer", "cat whole/file whole/other whole/empty").finish();
        assertThat(outcome).isEqualTo(new Child.Outcome(0, "all\nall\n"));
    }

    @Test
    void aReaderOfAWholeFileWaitsForItsEnd() throws IOException {
        Child reader = sh("consumer", "cat whole/file; wc -c whole/file");
        Child writer = sh("producer", "exec > whole/file; echo one; read line; echo two");
        untilWaiting(1);
        Deadline.until("the file is there", () -> Files.exists(root.resolve("whole/file")));
        assertThat(reader.said()).isEmpty();
        writer.input().close();
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "one\ntwo\n8 whole/file\n"));
    }

    /** The kernel lets nobody make a file in a directory as long as it waits for the next one of its list. */
    @Test
    void whoListsADirectoryThatGrowsKeepsNobodyFromFillingIt() {
        said("producer", "mkdir three; echo 1 > three/1");
        Child lister = sh("consumer", "ls three");
        untilWaiting(1);
        assertThat(sh("producer", "for i in 2 3; do echo $i > three/$i; done").finish())
                .isEqualTo(new Child.Outcome(0, ""));
        assertThat(lister.finish()).isEqualTo(new Child.Outcome(0, "1\n2\n3\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cat late", "test -s late; cat late", "exec 3<> late; cat <&3"})
    void whoWaitsForAFileThatIsReplacedManyTimesGetsTheLastOne(String command) throws Exception {
        said("producer", "echo first > late");
        Child reader = sh("consumer", command);
        untilWaiting(1);
        for (int i = 0; i < 5; i++) {
            said("producer", "echo no > tmp; mv tmp late; mv late old; echo neither > late");
            untilWaiting(1);
            said("producer", "rm old; rm late");
            untilWaiting(1);
        }
        said("producer", "echo last > late");
        steps.session("producer").end(true);
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "last\n"));
    }

    @Test
    void whoReadsAGrowingFileMayAskItsDescriptorForItsSize() throws IOException {
        Child writer = sh("producer", "exec > s/file; echo one; read line; true");
        Deadline.until("the file is there", () -> Files.exists(root.resolve("s/file")));
        Child byName = sh("consumer", "stat -c 'size %s' s/file");
        untilWaiting(1);
        Child byDescriptor =
                sh("consumer", "exec < s/file; stat -L -c 'type %F' /dev/stdin; read line; echo \"$line\"");
        byDescriptor.untilItSays("type regular");
        assertThat(byName.said()).isEmpty();
        writer.input().close();
        assertThat(byName.finish().output()).isEqualTo("size 4\n");
        assertThat(byDescriptor.finish().output()).contains("one\n");
    }

    @Test
    void whoHasItOpenAndAsksByNameWaitsAllTheSame() throws IOException {
        Path program = Files.writeString(folder.resolve("stat.py"), """
            import os
            f = os.open("s/file", os.O_RDONLY)
            print("fstat", os.fstat(f).st_size >= 0, flush=True)
            print("stat", os.stat("s/file").st_size, os.lseek(f, 0, os.SEEK_END), flush=True)
            """);
        Child reader = sh("consumer", "exec python3 " + program);
        untilWaiting(1);
        Child writer = sh("producer", "exec > s/file; echo one; read line; echo two");
        reader.untilItSays("fstat True\n");
        untilWaiting(1);
        assertThat(reader.said()).doesNotContain("\nstat");
        writer.input().close();
        assertThat(reader.finish().output()).isEqualTo("fstat True\nstat 8 8\n");
    }

    /** The kernel holds a lock of the file until it knows, which a writer needs as well. */
    @ParameterizedTest
    @ValueSource(
            strings = {"os.lseek(f, 0, os.SEEK_END)", "os.lseek(f, 0, os.SEEK_HOLE)", "os.lseek(f, -4, os.SEEK_END) + 4"
            })
    void whoAsksWhereAGrowingFileEndsKeepsNobodyFromWritingIt(String end) throws IOException {
        Path program = Files.writeString(folder.resolve("end.py"), """
            import os
            f = os.open("s/file", os.O_RDONLY)
            print(os.read(f, 4), flush=True)
            print("end", %s, os.pread(f, 9, 4), flush=True)
            """.formatted(end));
        Child writer =
                sh("producer", "exec > s/file; echo one; read line; echo two; chmod 600 s/file; echo 3 >> s/file");
        Deadline.until("the file is there", () -> Files.exists(root.resolve("s/file")));
        Child reader = sh("consumer", "exec python3 " + program);
        reader.untilItSays("one");
        untilWaiting(1);
        writer.input().close();
        assertThat(writer.finish().exit()).isZero();
        assertThat(reader.finish().output()).endsWith("end 10 b'two\\n3\\n'\n");
    }

    /** The kernel reads for these into pages of its own, up to where it takes the file to end. */
    @ParameterizedTest
    @ValueSource(strings = {"sendfile", "splice", "sendfile after a change"})
    void whoLetsTheKernelCopyFromAGrowingFileIsToldToRead(String call) throws IOException {
        Path program = Files.writeString(folder.resolve("copy.py"), """
            import os
            def one(f, w):
                return %s
            f = os.open("s/file", os.O_RDONLY)
            os.fstat(f)
            if %s: os.fchmod(f, 0o640)
            r, w = os.pipe()
            try: print("copied", one(f, w), flush=True)
            except OSError as e: print("refused", e.errno, flush=True)
            while data := os.read(f, 100): print(data, flush=True)
            os.lseek(f, 0, 0)
            print("then", one(f, w), os.read(r, 100))
            """.formatted(
                        call.equals("splice") ? "os.splice(f, w, 4096)" : "os.sendfile(w, f, None, 4096)",
                        call.endsWith("change") ? "True" : "False"));
        Child writer = sh("producer", "exec > s/file; echo one; read line; echo two");
        Deadline.until("the file is there", () -> Files.exists(root.resolve("s/file")));
        Child reader = sh("consumer", "exec python3 " + program);
        reader.untilItSays("refused 22\nb'one");
        untilWaiting(1);
        writer.input().close();
        assertThat(writer.finish().exit()).isZero();
        assertThat(reader.finish().output()).endsWith("b'two\\n'\nthen 8 b'one\\ntwo\\n'\n");
    }

    /** The kernel throws an answer about a file away when it has had a younger one meanwhile. */
    @Test
    void whoAsksWhereAGrowingFileEndsIsToldThoughOthersAskMeanwhile() throws IOException {
        Path program = Files.writeString(folder.resolve("end.py"), """
            import os
            f = os.open("s/file", os.O_RDONLY)
            print(os.read(f, 4), flush=True)
            print("end", os.lseek(f, 0, os.SEEK_END), flush=True)
            """);
        Child writer = sh("producer", "exec > s/file; echo one; read line; seq 2000 | head -c 8189");
        Deadline.until("the file is there", () -> Files.exists(root.resolve("s/file")));
        Child reader = sh("consumer", "exec python3 " + program);
        reader.untilItSays("one");
        untilWaiting(1);
        said("consumer", "exec < s/file; stat -L -c %s /dev/stdin");
        writer.input().close();
        assertThat(writer.finish().exit()).isZero();
        assertThat(reader.finish().output()).endsWith("end 8193\n");
        assertThat(said("consumer", "cat s/file | tail -c 1 | od -A n -t d1; wc -c < s/file"))
                .isEqualTo(said("producer", "cat s/file | tail -c 1 | od -A n -t d1; wc -c < s/file"));
    }

    @Test
    void aSignalEndsTheWait() {
        Child reader = sh("consumer", "exec cat s/file");
        untilWaiting(1);
        long begin = System.nanoTime();
        reader.signal("INT");
        assertThat(reader.finish().exit()).isEqualTo(130);
        assertThat(System.nanoTime() - begin).isLessThan(5_000_000_000L);
        untilWaiting(0);
    }

    @Test
    void killingEndsTheWait() {
        Child reader = sh("consumer", "exec cat s/file");
        untilWaiting(1);
        reader.signal("KILL");
        assertThat(reader.finish().exit()).isEqualTo(137);
        untilWaiting(0);
    }

    @Test
    void aSignalEndsTheWaitForMoreBytes() {
        Child writer = sh("producer", "exec > s/file; echo one; read line; true");
        Child reader = sh("consumer", "exec cat s/file");
        reader.untilItSays("one\n");
        untilWaiting(1);
        reader.signal("TERM");
        assertThat(reader.finish().exit()).isEqualTo(143);
        writer.close();
    }

    @Test
    void manyWaitAndOthersAreServed() throws IOException {
        List<Child> readers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            readers.add(sh("consumer", "for i in $(seq 10); do cat s/file & done; wait"));
        }
        untilWaiting(100);
        assertThat(Files.readString(root.resolve("below"))).isEqualTo("from below\n");
        said("producer", "for i in 1 2 3; do echo $i; done > s/file");
        for (Child reader : readers) {
            assertThat(reader.finish().output().chars().sum())
                    .isEqualTo("1\n2\n3\n".repeat(10).chars().sum());
        }
        untilWaiting(0);
    }

    @Test
    void unmountingEndsAllWaits() throws Exception {
        Child reader = sh("consumer", "cat s/file");
        untilWaiting(1);
        mount.close();
        Child.Outcome outcome = reader.finish();
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output()).contains("Interrupted system call");
        assertThat(point.mounts()).isEmpty();
    }

    @Test
    void interruptsThatOvertakeTheirRequestAreNotLost() {
        for (int i = 0; i < 30; i++) {
            Child reader = sh("consumer", "exec cat s/file");
            if (i % 3 == 0) {
                untilWaiting(1);
            }
            reader.signal("TERM"); // INT is ignored by all that a shell has put into the background
            assertThat(reader.finish().exit()).isEqualTo(143);
        }
        untilWaiting(0);
    }

    /** The flow says {@code s/*}: not which of the names in there are directories. */
    @ParameterizedTest
    @ValueSource(strings = {"s", "whole"})
    void whoComesBeforeTheDirectoriesOfAFileWaitsForThem(String place) {
        Child reader = sh("consumer", "cat " + place + "/a/b/file");
        Child asker = sh("consumer", "stat -c %F " + place + "/a/b && cd " + place + "/a/b && cat ./file");
        Child program = sh("consumer", place + "/a/b/program it");
        untilWaiting(3);
        said("producer", "mkdir " + place + "/a");
        untilWaiting(3);
        said(
                "producer",
                "cd %s/a && mkdir b && echo text > b/file && printf '#!/bin/sh\\necho ran $1\\n' > b/new && chmod +x b/new && mv b/new b/program"
                        .formatted(place));
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "text\n"));
        assertThat(asker.finish()).isEqualTo(new Child.Outcome(0, "directory\ntext\n"));
        assertThat(program.finish()).isEqualTo(new Child.Outcome(0, "ran it\n"));
    }

    /** As gunzip and unxz do, when they are to unpack it in its place. */
    @Test
    void whoComesBeforeAPackedFileMayRefuseToFollowLinks() {
        Child reader = sh("consumer", "dd if=s/early.gz iflag=nofollow status=none");
        untilWaiting(1);
        said("producer", "echo text > s/early.gz");
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "text\n"));
    }

    @Test
    void whoComesBeforeALinkFollowsIt() {
        Child reader = sh("consumer", "cat s/link/file; readlink s/link");
        untilWaiting(1);
        said("producer", "mkdir s/v1; echo text > s/v1/file; ln -s v1 s/link");
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, "text\nv1\n"));
    }

    @Test
    void whoGoesThroughWhatNobodyHasMadeIsToldSo() {
        Child reader = sh("consumer", "cat s/a/file; cat s/a");
        untilWaiting(1);
        said("producer", ": > s/other");
        steps.session("producer").end(true);
        assertThat(reader.finish().output())
                .isEqualTo("cat: s/a/file: No such file or directory\ncat: s/a: No such file or directory\n");
    }
}
