package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Limits;
import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import dev.sluice.testing.Deadline;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every door keeps to. */
abstract class DoorContract {
    private static final int READ = OpenFlag.READ_ONLY.bits();
    private static final int WRITE = OpenFlag.WRITE_ONLY.bits();
    private static final int NEW = WRITE | OpenFlag.CREATE.bits() | OpenFlag.TRUNCATE.bits();
    private static final int MODE = 0644;

    @TempDir
    Path temporary;

    private Path directory;
    private Workflow workflow;
    private Session making;
    private Session using;
    private Door maker;
    private Door user;
    private final List<Thread> threads = new ArrayList<>();

    /** A door for a session of a workflow; closed by {@link #closeDoors}. */
    abstract Door door(Workflow workflow, Session session) throws Exception;

    abstract void closeDoors() throws Exception;

    /** The process that the door belongs to has been killed. */
    abstract void kill(Door door) throws Exception;

    private void open(Flow.Builder flow, Duration timeout) throws Exception {
        directory = Files.createDirectory(temporary.resolve("work")).toRealPath();
        reopen(flow, timeout);
    }

    private void reopen(Flow.Builder flow, Duration timeout) throws Exception {
        workflow = Workflow.open(directory, flow.build(), Keep.PERMANENT, new Limits(64 << 20, timeout));
        making = workflow.start("make");
        using = workflow.start("use");
        maker = door(workflow, making);
        user = door(workflow, using);
    }

    final void open() throws Exception {
        open(flow(Rule.files("data").commits(CommitRule.onClose()).fires(FireRule.NO_UPDATE)), null);
    }

    private static Flow.Builder flow(Rule... rules) {
        return Flow.builder("test")
                .step("make", List.of(), List.of("data"), rules)
                .step("use", List.of("data"), List.of("result"));
    }

    @AfterEach
    void close() throws Exception {
        closeDoors();
        threads.forEach(Deadline::join);
        if (workflow != null) {
            workflow.close();
        }
    }

    private <T> FutureTask<T> later(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        threads.add(Thread.startVirtualThread(task));
        return task;
    }

    private static <T> T get(FutureTask<T> task) throws Exception {
        try {
            return task.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    final void untilWaiting(int count) {
        Deadline.until(count + " wait", () -> workflow.waiting().size() == count);
    }

    final long memory() {
        return workflow.memory();
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(Door.OpenFile file, long position) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        int count = file.read(buffer, position);
        return count < 0 ? "end" : new String(buffer.array(), 0, count, StandardCharsets.UTF_8);
    }

    private static void put(Door door, String path, String text) throws Exception {
        try (Door.OpenFile file = door.open(path, NEW, MODE)) {
            file.write(bytes(text), 0);
        }
    }

    private static String get(Door door, String path) throws Exception {
        try (Door.OpenFile file = door.open(path, READ, 0)) {
            return read(file, 0);
        }
    }

    @Test
    void aReaderGetsBytesAsTheyAreWrittenAndTheEndWhenTheWriterCloses() throws Exception {
        open();
        FutureTask<Door.OpenFile> opening = later(() -> user.open("data", READ, 0));
        untilWaiting(1);
        Door.OpenFile writing = maker.open("data", NEW, MODE);
        Door.OpenFile reading = get(opening);
        FutureTask<String> first = later(() -> read(reading, 0));
        untilWaiting(1);
        assertThat(writing.write(bytes("one "), 0)).isEqualTo(4);
        assertThat(get(first)).isEqualTo("one ");
        FutureTask<String> second = later(() -> read(reading, 4));
        untilWaiting(1);
        assertThat(writing.write(bytes("two"), 4)).isEqualTo(7);
        assertThat(get(second)).isEqualTo("two");
        FutureTask<String> end = later(() -> read(reading, 7));
        untilWaiting(1);
        writing.close();
        assertThat(get(end)).isEqualTo("end");
        reading.close();
    }

    @Test
    void underUpdateAReaderWaitsUntilTheWriterHasClosed() throws Exception {
        open(flow(Rule.files("data").commits(CommitRule.onClose()).fires(FireRule.UPDATE)), null);
        FutureTask<String> reading = later(() -> get(user, "data"));
        untilWaiting(1);
        try (Door.OpenFile writing = maker.open("data", NEW, MODE)) {
            untilWaiting(1);
            writing.write(bytes("all of it"), 0);
            assertThat(reading.isDone()).isFalse();
        }
        assertThat(get(reading)).isEqualTo("all of it");
    }

    @Test
    void whatItIsLikeIsToldWhenThatIsFinal() throws Exception {
        open();
        Door.OpenFile writing = maker.open("data", NEW, MODE);
        try (Door.OpenFile reading = user.open("data", READ, 0)) {
            writing.write(bytes("12345"), 0);
            assertThat(writing.status().size()).isEqualTo(5);
            assertThat(reading.status().size()).isZero();
            FutureTask<Long> size = later(reading::size);
            untilWaiting(1);
            FutureTask<Door.Status> status = later(() -> user.status("data", true));
            untilWaiting(2);
            writing.close();
            assertThat(get(size)).isEqualTo(5);
            assertThat(get(status).size()).isEqualTo(5);
            assertThat(get(status).isRegular()).isTrue();
            assertThat(get(status).mode() & 0777).isEqualTo(MODE);
        }
    }

    @Test
    void thereIsNoSuchFileWhenTheProducerHasEndedWithoutMakingIt() throws Exception {
        open();
        FutureTask<Door.OpenFile> opening = later(() -> user.open("data", READ, 0));
        untilWaiting(1);
        making.end(true);
        assertThatThrownBy(() -> get(opening))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("data");
    }

    @Test
    void whatAFailedProducerHasLeftIsAnError() throws Exception {
        open();
        Door.OpenFile writing = maker.open("data", NEW, MODE);
        writing.write(bytes("half"), 0);
        Door.OpenFile reading = user.open("data", READ, 0);
        FutureTask<String> rest = later(() -> read(reading, 4));
        untilWaiting(1);
        making.end(false);
        assertThatThrownBy(() -> get(rest))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("data")
                .hasMessageContaining("EIO");
        assertThatThrownBy(() -> user.open("data", READ, 0)).hasMessageContaining("EIO");
        reading.close();
        writing.close();
    }

    @Test
    void whatAKilledProcessHadOpenForWritingIsNotComplete() throws Exception {
        open();
        Door.OpenFile writing = maker.open("data", NEW, MODE);
        writing.write(bytes("half"), 0);
        Door.OpenFile reading = user.open("data", READ, 0);
        FutureTask<String> rest = later(() -> read(reading, 4));
        untilWaiting(1);
        kill(maker);
        Deadline.until(
                "the writer's file is closed",
                () -> workflow.snapshot(1).files().stream()
                        .allMatch(file -> file.state().equals("growing")));
        assertThat(rest.isDone()).isFalse();
        making.end(false);
        assertThatThrownBy(() -> get(rest)).hasMessageContaining("EIO");
        reading.close();
    }

    @Test
    void anInterruptEndsAWait() throws Exception {
        open();
        FutureTask<Boolean> opening = new FutureTask<>(() -> {
            try {
                user.open("data", READ, 0);
                return false;
            } catch (InterruptedIOException e) {
                return Thread.interrupted();
            }
        });
        Thread thread = Thread.startVirtualThread(opening);
        threads.add(thread);
        untilWaiting(1);
        thread.interrupt();
        assertThat(get(opening)).isTrue();
        untilWaiting(0);
        put(maker, "data", "later");
        assertThat(get(user, "data")).isEqualTo("later");
    }

    @Test
    void whoseWaitIsInterruptedIsToldForWhat() throws Exception {
        open();
        assertInterrupted(() -> user.open("data", READ, 0), "data");
        assertInterrupted(() -> user.status("data", true), "data");
        Door.OpenFile writing = maker.open("data", NEW, MODE);
        writing.write(bytes("text"), 0);
        try (Door.OpenFile reading = user.open("data", READ, 0)) {
            assertInterrupted(() -> reading.read(ByteBuffer.allocate(1), 4), "data");
        }
        writing.close();
    }

    private static void assertInterrupted(Callable<?> waits, String path) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(waits::call)
                .isInstanceOf(InterruptedIOException.class)
                .hasMessage("interrupted while waiting for " + path
                        + ", which another step has yet to write or complete; ask again, or see by sluice"
                        + " status which one");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whoIsInterruptedBeforeIsNotServedIfHeWouldWaitAndIsIfNot() throws Exception {
        open();
        put(maker, "other", "text");
        for (int i = 0; i < 200; i++) { // the word that he does not wait may not come before what he asks
            FutureTask<Boolean> asking = later(() -> {
                Thread.currentThread().interrupt();
                assertThat(get(user, "other")).isEqualTo("text");
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
                assertThatThrownBy(() -> user.open("data", READ, 0)).isInstanceOf(InterruptedIOException.class);
                return Thread.interrupted();
            });
            assertThat(get(asking)).isTrue();
        }
        untilWaiting(0);
    }

    @Test
    void closingAFileEndsTheWaitsOfOthersAtIt() throws Exception {
        open();
        Door.OpenFile writing = maker.open("data", NEW, MODE);
        Door.OpenFile reading = user.open("data", READ, 0);
        FutureTask<String> waits = later(() -> read(reading, 0));
        untilWaiting(1);
        reading.close();
        assertThatThrownBy(() -> get(waits)).isInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(() -> read(reading, 0)).isInstanceOf(ClosedChannelException.class);
        reading.close();
        untilWaiting(0);
        writing.close();
    }

    @Test
    void aWaitLastsNoLongerThanItMay() throws Exception {
        open(flow(Rule.files("data").commits(CommitRule.onClose()).fires(FireRule.NO_UPDATE)), Duration.ofMillis(50));
        assertThatThrownBy(() -> user.open("data", READ, 0))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("ETIMEDOUT");
    }

    @Test
    void manyMayWaitAtOnce() throws Exception {
        open();
        List<FutureTask<String>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(later(() -> get(user, "data")));
        }
        untilWaiting(100);
        put(maker, "data", "for all");
        for (FutureTask<String> one : all) {
            assertThat(get(one)).startsWith("for");
        }
    }

    @Test
    void whatKindOfFileItIsIsToldAsSoonAsItMayBeOpened() throws Exception {
        open();
        FutureTask<Integer> kind = later(() -> user.kind("data", true));
        untilWaiting(1);
        try (Door.OpenFile _ = maker.open("data", NEW, MODE)) {
            assertThat(get(kind)).isEqualTo(Door.Status.REGULAR);
        }
        assertThat(user.kind("", true)).isEqualTo(Door.Status.DIRECTORY);
        assertThatThrownBy(() -> user.kind("other", true)).isInstanceOf(NoSuchFileException.class);
    }

    private static Flow.Builder flowOfPattern(FireRule fire) {
        return Flow.builder("test")
                .step(
                        "make",
                        List.of(),
                        List.of("data/*"),
                        Rule.files("data/*").commits(CommitRule.onClose()).fires(fire))
                .step("use", List.of("data/*"), List.of("result"));
    }

    /** The flow says {@code data/*}: not which of the names in there are directories. */
    @ParameterizedTest
    @EnumSource(FireRule.class)
    void whoComesBeforeTheDirectoriesOfAFileWaitsForThem(FireRule fire) throws Exception {
        open(flowOfPattern(fire), null);
        maker.makeDirectory("data", 0755);
        FutureTask<String> reading = later(() -> get(user, "data/bin/deep/program"));
        FutureTask<Door.Status> asking = later(() -> user.status("data/bin/deep/program", true));
        FutureTask<Integer> kind = later(() -> user.kind("data/bin/deep", true));
        FutureTask<String> real = later(() -> user.real("data/bin/deep/program"));
        untilWaiting(4);
        assertThat(user.allows("data/bin/deep/program", 4)).isFalse();
        maker.makeDirectory("data/bin", 0755);
        untilWaiting(4);
        maker.makeDirectory("data/bin/deep", 0755);
        assertThat(get(kind)).isEqualTo(Door.Status.DIRECTORY);
        put(maker, "data/bin/deep/program", "text");
        assertThat(get(reading)).isEqualTo("text");
        assertThat(get(asking).size()).isEqualTo(4);
        assertThat(get(real)).isEqualTo("data/bin/deep/program");
        assertThat(user.allows("data/bin/deep/program", 4)).isTrue();
    }

    @Test
    void whoComesBeforeALinkFollowsIt() throws Exception {
        open(flowOfPattern(FireRule.NO_UPDATE), null);
        maker.makeDirectory("data", 0755);
        FutureTask<String> reading = later(() -> get(user, "data/link/file"));
        FutureTask<String> target = later(() -> user.target("data/link"));
        FutureTask<String> real = later(() -> user.real("data/link"));
        untilWaiting(3);
        maker.makeDirectory("data/v1", 0755);
        put(maker, "data/v1/file", "text");
        maker.makeSymbolicLink("data/link", "v1");
        assertThat(get(reading)).isEqualTo("text");
        assertThat(get(target)).isEqualTo("v1");
        assertThat(get(real)).isEqualTo("data/v1");
    }

    @Test
    void whoComesBeforeADirectoryMayListIt() throws Exception {
        open(flowOfPattern(FireRule.NO_UPDATE), null);
        maker.makeDirectory("data", 0755);
        FutureTask<List<String>> names = later(() -> {
            List<String> found = new ArrayList<>();
            try (Door.Listing listing = user.list("data/parts")) {
                for (String name = listing.next(); name != null; name = listing.next()) {
                    found.add(name);
                }
            }
            return found;
        });
        untilWaiting(1);
        maker.makeDirectory("data/parts", 0755);
        put(maker, "data/parts/1", "one");
        making.end(true);
        assertThat(get(names)).containsExactly("1");
    }

    @Test
    void whoGoesThroughWhatIsNoDirectoryOrNeverCameIsToldSo() throws Exception {
        open(flowOfPattern(FireRule.NO_UPDATE), null);
        maker.makeDirectory("data", 0755);
        FutureTask<String> throughFile = later(() -> get(user, "data/file/deeper"));
        FutureTask<String> throughNothing = later(() -> get(user, "data/none/deeper"));
        FutureTask<Door.Listing> ofFile = later(() -> user.list("data/file"));
        untilWaiting(3);
        put(maker, "data/file", "text");
        assertThatThrownBy(() -> get(throughFile)).isInstanceOf(NotDirectoryException.class);
        assertThatThrownBy(() -> get(ofFile)).isInstanceOf(NotDirectoryException.class);
        making.end(true);
        assertThatThrownBy(() -> get(throughNothing))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("data/none/deeper");
    }

    @Test
    void whetherSomethingIsThereIsToldWithoutAWait() throws Exception {
        open();
        assertThat(user.allows("data", 0)).isFalse();
        assertThat(user.allows("other", 0)).isFalse();
        assertThat(user.allows("data/deeper", 0)).isFalse();
        put(maker, "data", "text");
        assertThat(user.allows("data", 4)).isTrue();
        assertThat(user.allows("data", 1)).isFalse();
        assertThat(user.allows("", 5)).isTrue();
        assertThat(workflow.waiting()).isEmpty();
    }

    @Test
    void bytesOfAnyLengthGoThrough() throws Exception {
        open();
        byte[] all = new byte[3_000_001];
        new java.util.Random(7).nextBytes(all);
        ByteBuffer direct = ByteBuffer.allocateDirect(all.length).put(all).flip();
        for (ByteBuffer from : List.of(ByteBuffer.wrap(all), direct)) {
            try (Door.OpenFile writing = maker.open("plain", NEW, MODE)) {
                assertThat(writing.write(from, 0)).isEqualTo(all.length);
                assertThat(from.hasRemaining()).isFalse();
            }
            for (ByteBuffer into : List.of(ByteBuffer.allocate(all.length), ByteBuffer.allocateDirect(all.length))) {
                try (Door.OpenFile reading = user.open("plain", READ, 0)) {
                    while (into.hasRemaining() && reading.read(into, into.position()) > 0) {
                        assertThat(into.position()).isPositive();
                    }
                    assertThat(reading.read(ByteBuffer.allocate(1), all.length)).isEqualTo(-1);
                    assertThat(reading.read(ByteBuffer.allocate(0), 0)).isZero();
                }
                byte[] got = new byte[all.length];
                into.flip().get(got);
                assertThat(Arrays.equals(got, all)).isTrue();
            }
        }
    }

    @Test
    void anAppendingFileIsWrittenAtItsEnd() throws Exception {
        open();
        put(maker, "log", "one ");
        try (Door.OpenFile first = maker.open("log", WRITE | OpenFlag.APPEND.bits(), 0);
                Door.OpenFile second = maker.open("log", WRITE | OpenFlag.APPEND.bits(), 0)) {
            assertThat(first.write(bytes("two "), 0)).isEqualTo(8);
            assertThat(second.write(bytes("three"), 0)).isEqualTo(13);
        }
        assertThat(get(user, "log")).isEqualTo("one two three");
    }

    @Test
    void whatIsOpenForOneThingIsNotForTheOther() throws Exception {
        open();
        put(maker, "log", "text");
        try (Door.OpenFile reading = maker.open("log", READ, 0);
                Door.OpenFile writing = maker.open("log", WRITE, 0)) {
            assertThatThrownBy(() -> reading.write(bytes("x"), 0)).hasMessageContaining("EBADF");
            assertThatThrownBy(() -> reading.truncate(0)).hasMessageContaining("EBADF");
            assertThatThrownBy(() -> writing.read(ByteBuffer.allocate(1), 0)).hasMessageContaining("EBADF");
            assertThatThrownBy(() -> writing.write(bytes("x"), -1)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(get(maker, "log")).isEqualTo("text");
    }

    @Test
    void aFileIsCutAndBroughtToTheDisk() throws Exception {
        open();
        try (Door.OpenFile file = maker.open("data", NEW, MODE)) {
            file.write(bytes("1234567890"), 0);
            file.truncate(4);
            file.sync(true);
            file.sync(false);
            assertThat(file.size()).isEqualTo(4);
        }
        assertThat(get(user, "data")).isEqualTo("1234");
    }

    @Test
    void openingFollowsTheFlags() throws Exception {
        open();
        int exclusive = WRITE | OpenFlag.CREATE.bits() | OpenFlag.EXCLUSIVE.bits();
        assertThatThrownBy(() -> maker.open("none", WRITE, 0)).isInstanceOf(NoSuchFileException.class);
        maker.open("new", exclusive, 0600).close();
        assertThat(maker.status("new", true).mode() & 0777).isEqualTo(0600);
        assertThatThrownBy(() -> maker.open("new", exclusive, 0600)).isInstanceOf(FileAlreadyExistsException.class);
        put(maker, "new", "text");
        maker.open("new", WRITE | OpenFlag.CREATE.bits(), 0).close();
        assertThat(get(maker, "new")).isEqualTo("text");
        maker.open("new", NEW, 0).close();
        assertThat(maker.status("new", true).size()).isZero();
        maker.makeDirectory("folder", 0755);
        assertThatThrownBy(() -> maker.open("folder", READ, 0)).hasMessageContaining("EISDIR");
        assertThatThrownBy(() -> maker.open("new/deeper", READ, 0)).isInstanceOf(NotDirectoryException.class);
        assertThatThrownBy(() -> maker.open("no/deeper", NEW, 0)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aConsumerMayMakeWhatItsProducerHasNotMade() throws Exception {
        open();
        put(user, "data", "by the user");
        assertThat(get(maker, "data")).isEqualTo("by the user");
    }

    @Test
    void namesAreGivenMovedAndRemoved() throws Exception {
        open();
        maker.makeDirectory("a", 0755);
        maker.makeDirectory("a/b", 0700);
        put(maker, "a/b/file", "text");
        maker.rename("a/b/file", "a/moved", false);
        maker.link("a/twin", "a/moved");
        assertThat(maker.status("a/twin", true).links()).isEqualTo(2);
        assertThat(maker.status("a/twin", true).inode())
                .isEqualTo(maker.status("a/moved", true).inode());
        put(maker, "a/other", "other");
        assertThatThrownBy(() -> maker.rename("a/other", "a/moved", false))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("a/moved");
        maker.rename("a/other", "a/moved", true);
        assertThat(get(maker, "a/moved")).isEqualTo("other");
        assertThat(get(maker, "a/twin")).isEqualTo("text");
        assertThatThrownBy(() -> maker.remove("a")).isInstanceOf(DirectoryNotEmptyException.class);
        maker.remove("a/b");
        maker.remove("a/moved");
        maker.remove("a/twin");
        maker.remove("a");
        assertThatThrownBy(() -> maker.remove("a")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> maker.remove("")).hasMessageContaining("EBUSY");
        assertThatThrownBy(() -> maker.makeDirectory("", 0755)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void linksAreFollowedInside() throws Exception {
        open();
        maker.makeDirectory("real", 0755);
        put(maker, "real/file", "text");
        maker.makeSymbolicLink("to", "real");
        maker.makeSymbolicLink("real/up", "../real/./file");
        maker.makeSymbolicLink("absolute", directory.resolve("to/file").toString());
        maker.makeSymbolicLink(
                "round",
                directory
                        .resolve("../" + directory.getFileName() + "/real/file")
                        .toString());
        assertThat(get(user, "to/file")).isEqualTo("text");
        assertThat(get(user, "to/up")).isEqualTo("text");
        assertThat(get(user, "to/../real//file")).isEqualTo("text");
        assertThat(get(user, "absolute")).isEqualTo("text");
        assertThat(get(user, "round")).isEqualTo("text");
        assertThat(get(user, "../" + directory.getFileName() + "/real/file")).isEqualTo("text");
        assertThat(user.real("to/up")).isEqualTo("real/file");
        assertThat(user.real("")).isEmpty();
        assertThat(user.real("to/..")).isEmpty();
        assertThat(user.target("to")).isEqualTo("real");
        assertThat(user.status("to", false).isSymbolicLink()).isTrue();
        assertThat(user.status("to", true).isDirectory()).isTrue();
        assertThatThrownBy(() -> user.target("real/file")).isInstanceOf(NotLinkException.class);
        assertThatThrownBy(() -> user.open("to", OpenFlag.NO_FOLLOW.bits(), 0)).isInstanceOf(FileSystemException.class);
        maker.makeSymbolicLink("dangling", "real/later");
        put(maker, "dangling", "made");
        assertThat(get(user, "real/later")).isEqualTo("made");
        maker.remove("dangling");
        assertThat(user.allows("real/later", 4)).isTrue();
    }

    @Test
    void aCircleOfLinksIsAnError() throws Exception {
        open();
        maker.makeSymbolicLink("a", "b");
        maker.makeSymbolicLink("b", "a");
        assertThatThrownBy(() -> user.status("a", true)).isInstanceOf(FileSystemLoopException.class);
    }

    @Test
    void whatLeadsOutIsSaidToLeadThere() throws Exception {
        open();
        maker.makeSymbolicLink("etc", "/etc");
        maker.makeSymbolicLink("up", "../beside");
        assertThatThrownBy(() -> user.open("etc/passwd", READ, 0))
                .isInstanceOfSatisfying(
                        Door.LeadsOutside.class, e -> assertThat(e.outside()).isEqualTo(Path.of("/etc/passwd")));
        assertThatThrownBy(() -> user.status("up", true))
                .isInstanceOfSatisfying(
                        Door.LeadsOutside.class,
                        e -> assertThat(e.outside()).isEqualTo(directory.resolveSibling("beside")));
        assertThatThrownBy(() -> user.makeDirectory("../x/y", 0755))
                .isInstanceOfSatisfying(
                        Door.LeadsOutside.class,
                        e -> assertThat(e.outside()).isEqualTo(directory.resolveSibling("x/y")));
        assertThat(user.status("up", false).isSymbolicLink()).isTrue();
    }

    @Test
    void attributesChange() throws Exception {
        open();
        put(maker, "file", "text");
        Instant then = Instant.parse("2001-02-03T04:05:06.123456789Z");
        maker.change("file", true, new Door.Wish(0640, null, null, null, then));
        Door.Status status = maker.status("file", true);
        assertThat(status.mode() & 07777).isEqualTo(0640);
        assertThat(status.modified()).isEqualTo(then);
        try (Door.OpenFile file = maker.open("data", NEW, MODE)) {
            file.change(new Door.Wish(0600, null, null, then, null));
            assertThat(file.status().mode() & 07777).isEqualTo(0600);
            assertThat(file.status().accessed()).isEqualTo(then);
            assertThat(file.status().user()).isEqualTo((Integer) Files.getAttribute(directory, "unix:uid"));
        }
    }

    @Test
    void extendedAttributesAreKept() throws Exception {
        open();
        put(maker, "data", "text");
        assertThat(maker.extendedNames("data")).isEmpty();
        maker.setExtended("data", "user.one", new byte[] {1, 2});
        maker.setExtended("data", "user.two", new byte[] {});
        assertThat(user.extendedNames("data")).containsExactly("user.one", "user.two");
        assertThat(user.extended("data", "user.one")).containsExactly(1, 2);
        assertThat(user.extended("data", "user.two")).isEmpty();
        assertThat(user.extended("data", "user.three")).isNull();
        maker.setExtended("data", "user.one", null);
        assertThat(user.extendedNames("data")).containsExactly("user.two");
        assertThatThrownBy(() -> maker.setExtended("data", "user.one", null)).hasMessageContaining("ENODATA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ü", "日本", "a b\n\"\\", "\uDCFF\uDC80x", "😀"})
    void anyNameComesBackAsItWas(String name) throws Exception {
        open();
        put(maker, name, "text");
        assertThat(get(user, name)).isEqualTo("text");
        assertThat(names(maker.list(""))).containsExactly(name);
        assertThat(user.real(name)).isEqualTo(name);
        maker.makeSymbolicLink("link", name);
        assertThat(user.target("link")).isEqualTo(name);
        assertThat(get(user, "link")).isEqualTo("text");
    }

    private static List<String> names(Door.Listing listing) throws Exception {
        List<String> names = new ArrayList<>();
        try (listing) {
            for (String name = listing.next(); name != null; name = listing.next()) {
                names.add(name);
            }
        }
        return names;
    }

    @Test
    void aLongListingIsWhole() throws Exception {
        open();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            all.add("some-file-with-a-long-name-" + i);
            maker.open(all.getLast(), NEW, MODE).close();
        }
        assertThat(names(maker.list("."))).containsExactlyInAnyOrderElementsOf(all);
        assertThatThrownBy(() -> maker.list(all.getFirst())).isInstanceOf(NotDirectoryException.class);
        assertThatThrownBy(() -> maker.list("none")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aListingOfAGrowingDirectoryGoesOnAsEntriesCome() throws Exception {
        open(
                Flow.builder("test")
                        .step(
                                "make",
                                List.of(),
                                List.of("out", "out/*"),
                                Rule.directories("out")
                                        .commits(CommitRule.onNFiles(2))
                                        .fires(FireRule.NO_UPDATE))
                        .step("use", List.of("out", "out/*"), List.of()),
                null);
        FutureTask<Door.Listing> listing = later(() -> user.list("out"));
        untilWaiting(1);
        maker.makeDirectory("out", 0755);
        try (Door.Listing entries = get(listing)) {
            FutureTask<String> first = later(entries::next);
            untilWaiting(1);
            put(maker, "out/one", "1");
            assertThat(get(first)).isEqualTo("one");
            FutureTask<String> second = later(entries::next);
            untilWaiting(1);
            put(maker, "out/two", "2");
            assertThat(get(second)).isEqualTo("two");
            assertThat(entries.next()).isNull();
            assertThat(entries.next()).isNull();
        }
    }

    @Test
    void whatIsCompleteCanBeMapped() throws Exception {
        open();
        byte[] all = new byte[300_000];
        new java.util.Random(7).nextBytes(all);
        Door.OpenFile writing = maker.open("data", NEW, MODE);
        writing.write(ByteBuffer.wrap(all), 0);
        try (Door.OpenFile early = user.open("data", READ, 0)) {
            assertThat(early.backing()).isNull();
            assertThat(writing.backing()).isNull();
            writing.close();
            assertMapped(early, all);
        }
        try (Door.OpenFile late = user.open("data", READ, 0)) {
            assertMapped(late, all);
        }
    }

    private static void assertMapped(Door.OpenFile file, byte[] all) throws Exception {
        Path backing = file.backing();
        assertThat(backing).isNotNull();
        try (FileChannel channel = FileChannel.open(backing)) {
            byte[] got = new byte[all.length];
            channel.map(FileChannel.MapMode.READ_ONLY, 0, all.length).get(got);
            assertThat(Arrays.equals(got, all)).isTrue();
        }
    }

    @Test
    void whoCannotKeepUpLosesNothing() throws Exception {
        open();
        byte[] all = new byte[2 << 20];
        new java.util.Random(7).nextBytes(all);
        FutureTask<byte[]> got = later(() -> {
            ByteBuffer into = ByteBuffer.allocate(all.length);
            try (Door.OpenFile reading = user.open("data", READ, 0)) {
                ByteBuffer piece = ByteBuffer.allocate(777);
                while (reading.read(piece.clear(), into.position()) > 0) {
                    into.put(piece.flip());
                }
            }
            return into.array();
        });
        try (Door.OpenFile writing = maker.open("data", NEW, MODE)) {
            for (int at = 0; at < all.length; at += 1000) {
                writing.write(ByteBuffer.wrap(all, at, Math.min(1000, all.length - at)), at);
            }
        }
        assertThat(Arrays.equals(get(got), all)).isTrue();
    }

    @Test
    void aClosedDoorLetsNobodyIn() throws Exception {
        open();
        Door.OpenFile writing = maker.open("data", NEW, MODE);
        writing.write(bytes("all"), 0);
        maker.close();
        assertThatThrownBy(() -> maker.open("x", NEW, 0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> writing.write(bytes("x"), 3)).isInstanceOf(ClosedChannelException.class);
        assertThat(get(user, "data")).isEqualTo("all");
    }

    @Test
    void aDoorSaysWhoseItIs() throws Exception {
        open();
        assertThat(maker.step()).isEqualTo("make");
        assertThat(user.directory()).isEqualTo(directory);
    }
}
