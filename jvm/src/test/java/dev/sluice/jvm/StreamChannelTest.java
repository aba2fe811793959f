package dev.sluice.jvm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.Deadline;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamChannelTest {
    @TempDir
    Path folder;

    private Managed managed;

    @BeforeEach
    void open() throws IOException {
        managed = Managed.in(folder);
    }

    @AfterEach
    void close() throws IOException {
        managed.close();
    }

    private StreamChannel make(String path, OpenOption... options) throws IOException {
        return StreamChannel.open(managed.maker, path, Set.of(options));
    }

    private StreamChannel use(String path, OpenOption... options) throws IOException {
        return StreamChannel.open(managed.user, path, Set.of(options));
    }

    private void put(String path, String text) throws IOException {
        try (StreamChannel channel = make(path, CREATE, TRUNCATE_EXISTING, WRITE)) {
            assertThat(channel.write(bytes(text))).isEqualTo(text.length());
        }
    }

    private String get(String path) throws IOException {
        try (StreamChannel channel = make(path, READ)) {
            return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String read(FileChannel channel, int most) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(most);
        int bytes = channel.read(into);
        return bytes < 0 ? "end" : new String(into.array(), 0, bytes, UTF_8);
    }

    /** Starts work in a virtual or a platform thread, and waits until a request of it waits. */
    private <T> Work<T> waiting(boolean isVirtual, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = isVirtual
                ? Thread.startVirtualThread(task)
                : Thread.ofPlatform().daemon().start(task);
        Deadline.until("a request waits", () -> managed.workflow.waiting().size() == 1);
        return new Work<>(thread, task);
    }

    private record Work<T>(Thread thread, FutureTask<T> task) {
        T get() throws Exception {
            return task.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void optionsMeanWhatTheyMeanForTheJdk() throws IOException {
        assertThatThrownBy(() -> make("new", WRITE)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> make("new")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> make("new", CREATE)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> make("new", CREATE_NEW, READ)).isInstanceOf(NoSuchFileException.class);
        make("new", CREATE_NEW, WRITE, SPARSE, SYNC, DSYNC).close();
        assertThatThrownBy(() -> make("new", CREATE_NEW, WRITE)).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> make("", CREATE_NEW, WRITE)).isInstanceOf(FileAlreadyExistsException.class);
        put("new", "some text");
        make("new", CREATE, WRITE).close();
        assertThat(get("new")).isEqualTo("some text");
        make("new", READ, TRUNCATE_EXISTING).close();
        assertThat(get("new")).isEqualTo("some text");
        make("new", WRITE, TRUNCATE_EXISTING).close();
        assertThat(get("new")).isEmpty();
        assertThatThrownBy(() -> make("new", READ, APPEND)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> make("new", APPEND, TRUNCATE_EXISTING)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> make("new", new OpenOption() {})).isInstanceOf(UnsupportedOperationException.class);
        managed.maker.makeSymbolicLink("link", "new");
        assertThatThrownBy(() -> make("link", READ, LinkOption.NOFOLLOW_LINKS)).isInstanceOf(FileSystemException.class);
        assertThatThrownBy(() -> make("link", READ, DELETE_ON_CLOSE)).isInstanceOf(FileSystemException.class);
    }

    @Test
    void appendingWritesAtTheEndWhereverThePositionIs() throws IOException {
        put("log", "one ");
        try (StreamChannel channel = make("log", APPEND, CREATE);
                StreamChannel other = make("log", APPEND)) {
            assertThat(channel.position()).isEqualTo(4);
            other.write(bytes("two "));
            channel.position(0).write(bytes("three "));
            channel.write(bytes("four"), 0);
            assertThat(channel.position()).isEqualTo(18);
            assertThatThrownBy(() -> read(channel, 1)).isInstanceOf(NonReadableChannelException.class);
        }
        assertThat(get("log")).isEqualTo("one two three four");
        make("made", APPEND, CREATE).close();
        assertThat(get("made")).isEmpty();
    }

    @Test
    void aFileWithDeleteOnCloseIsGoneWhenItIsClosed() throws IOException {
        try (StreamChannel channel = make("passing", CREATE, READ, WRITE, DELETE_ON_CLOSE)) {
            channel.write(bytes("text"));
            assertThat(read(channel.position(0), 9)).isEqualTo("text");
        }
        assertThat(managed.maker.allows("passing", 0)).isFalse();
    }

    @Test
    void aNewFileHasThePermissionsThatAreAskedFor() throws IOException {
        var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        StreamChannel.open(managed.maker, "private", Set.of(CREATE, WRITE), permissions)
                .close();
        assertThat(managed.maker.status("private", true).mode() & 0777).isEqualTo(0600);
        assertThatThrownBy(() -> StreamChannel.open(managed.maker, "x", Set.of(CREATE, WRITE), new OtherAttribute()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("user:color");
    }

    private record OtherAttribute() implements java.nio.file.attribute.FileAttribute<String> {
        @Override
        public String name() {
            return "user:color";
        }

        @Override
        public String value() {
            return "red";
        }
    }

    @Test
    void thePositionMovesWithReadsAndWritesAlone() throws IOException {
        try (StreamChannel channel = make("file", CREATE, READ, WRITE)) {
            assertThat(channel.write(bytes("0123456789"))).isEqualTo(10);
            assertThat(channel.position()).isEqualTo(10);
            assertThat(channel.write(bytes("ab"), 3)).isEqualTo(2);
            assertThat(channel.position()).isEqualTo(10);
            assertThat(read(channel, 1)).isEqualTo("end");
            assertThat(read(channel.position(2), 4)).isEqualTo("2ab5");
            assertThat(channel.read(ByteBuffer.allocate(3), 100)).isEqualTo(-1);
            assertThat(channel.read(ByteBuffer.allocate(0))).isZero();
            assertThat(channel.position()).isEqualTo(6);
            assertThat(channel.size()).isEqualTo(10);
            assertThat(channel.truncate(20).size()).isEqualTo(10);
            assertThat(channel.truncate(4).position()).isEqualTo(4);
            assertThat(channel.size()).isEqualTo(4);
            assertThat(channel.position(8).write(bytes("x"))).isEqualTo(1);
            channel.force(true);
            channel.force(false);
            assertThatThrownBy(() -> channel.position(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> channel.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1), -1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> channel.write(bytes("x"), -1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> channel.read(bytes("x").asReadOnlyBuffer()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(get("file")).isEqualTo("012a\0\0\0\0x");
    }

    @Test
    void readsScatterAndWritesGather() throws IOException {
        try (StreamChannel channel = make("file", CREATE, READ, WRITE)) {
            assertThat(channel.write(new ByteBuffer[] {bytes("no"), bytes("head"), bytes(""), bytes("body")}, 1, 3))
                    .isEqualTo(8);
            ByteBuffer head = ByteBuffer.allocate(4);
            ByteBuffer body = ByteBuffer.allocateDirect(9);
            assertThat(channel.position(0).read(new ByteBuffer[] {head, body})).isEqualTo(8);
            assertThat(head.flip()).isEqualTo(bytes("head"));
            assertThat(body.flip()).isEqualTo(bytes("body"));
            assertThat(channel.read(new ByteBuffer[] {head.clear(), body.clear()}))
                    .isEqualTo(-1);
            assertThatThrownBy(() -> channel.read(new ByteBuffer[] {head}, 0, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void whatIsOpenForOneThingIsNotForTheOther() throws IOException {
        put("file", "text");
        try (StreamChannel reads = make("file", READ);
                StreamChannel writes = make("file", WRITE)) {
            assertThatThrownBy(() -> reads.write(bytes("x"))).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> reads.write(bytes("x"), 0)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> reads.truncate(0)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> reads.lock()).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> reads.transferFrom(writes, 0, 1)).isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> reads.map(MapMode.READ_WRITE, 0, 1))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> writes.read(ByteBuffer.allocate(1)))
                    .isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> writes.transferTo(0, 1, reads)).isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> reads.transferTo(0, 1, reads)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> writes.map(MapMode.READ_ONLY, 0, 1))
                    .isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> writes.lock(0, 1, true)).isInstanceOf(NonReadableChannelException.class);
        }
        assertThat(get("file")).isEqualTo("text");
    }

    @Test
    void whatIsClosedDoesNothingMore() throws IOException {
        StreamChannel channel = make("file", CREATE, READ, WRITE);
        channel.close();
        channel.close();
        assertThat(channel.isOpen()).isFalse();
        assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.write(bytes("x"))).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::position).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.truncate(0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.force(true)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::lock).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::tryLock).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.map(MapMode.READ_ONLY, 0, 1)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void bytesGoFromChannelToChannel() throws IOException {
        String text = "0123456789".repeat(30_000);
        try (StreamChannel from = make("from", CREATE, READ, WRITE);
                StreamChannel to = make("to", CREATE, READ, WRITE)) {
            assertThat(from.transferFrom(
                            Channels.newChannel(new ByteArrayInputStream(text.getBytes(UTF_8))), 0, 999_999))
                    .isEqualTo(text.length());
            assertThat(from.position()).isZero();
            assertThat(from.transferTo(10, 200_000, to)).isEqualTo(200_000);
            assertThat(to.position()).isEqualTo(200_000);
            assertThat(from.transferTo(400_000, 5, to)).isZero();
            assertThat(to.transferFrom(from.position(299_995), 200_000, 100)).isEqualTo(5);
            assertThat(from.position()).isEqualTo(300_000);
        }
        assertThat(get("to")).isEqualTo(text.substring(10, 200_010) + "56789");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (StreamChannel whole = use("from", READ)) {
            assertThat(whole.transferTo(0, Long.MAX_VALUE, Channels.newChannel(out)))
                    .isPositive();
        }
        assertThat(text).startsWith(out.toString(UTF_8));
    }

    @Test
    void bytesGoToAFileOutsideWithoutPassingThroughThisProgram() throws IOException {
        String text = "0123456789".repeat(30_000);
        put("from", text);
        Path outside = folder.resolve("outside");
        try (StreamChannel from = make("from", READ);
                FileChannel to = FileChannel.open(outside, CREATE, WRITE)) {
            long moved = 0;
            while (moved < text.length()) {
                moved += from.transferTo(moved, text.length() - moved, to);
            }
        }
        assertThat(outside).hasContent(text);
    }

    @Test
    void aCompleteFileIsMappedAndAGrowingOneIsNot() throws IOException {
        String text = "0123456789".repeat(30_000);
        StreamChannel writing = make("data", CREATE, WRITE);
        writing.write(bytes(text));
        try (StreamChannel early = use("data", READ)) {
            assertThatThrownBy(() -> early.map(MapMode.READ_ONLY, 0, 10))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("not complete");
            writing.close();
            assertThat(early.map(MapMode.READ_ONLY, 7, 4).get(0)).isEqualTo((byte) '7');
        }
        try (StreamChannel late = use("data", READ);
                Arena arena = Arena.ofConfined()) {
            assertThat(late.map(MapMode.READ_ONLY, 5, 10, arena).get(ValueLayout.JAVA_BYTE, 9))
                    .isEqualTo((byte) '4');
            assertThatThrownBy(() -> late.map(MapMode.PRIVATE, 0, 1)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> late.map(MapMode.READ_ONLY, -1, 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> late.map(MapMode.READ_ONLY, 0, 1L << 32))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(get("data")).startsWith("0123");
    }

    @Test
    void smallFilesAndOnesThatAreWrittenAreMappedAsTheyAre() throws IOException {
        put("small", "0123456789");
        try (StreamChannel small = make("small", READ, WRITE);
                Arena arena = Arena.ofConfined()) {
            assertThat(small.map(MapMode.READ_ONLY, 3, 4).get(0)).isEqualTo((byte) '3');
            assertThat(small.map(MapMode.READ_ONLY, 9, 1, arena).get(ValueLayout.JAVA_BYTE, 0))
                    .isEqualTo((byte) '9');
            assertThat(small.map(MapMode.PRIVATE, 0, 10).put(0, (byte) 'x').get(0))
                    .isEqualTo((byte) 'x');
            assertThat(small.map(MapMode.READ_ONLY, 10, 0).capacity()).isZero();
            assertThatThrownBy(() -> small.map(MapMode.READ_ONLY, 5, 6)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> small.map(MapMode.READ_WRITE, 0, 1))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
        assertThat(get("small")).isEqualTo("0123456789");
    }

    @Test
    void locksAreTheJvms() throws IOException {
        put("file", "text");
        StreamChannel two = make("file", READ, WRITE);
        try (StreamChannel one = make("file", READ, WRITE);
                StreamChannel other = make("other", CREATE, WRITE)) {
            FileLock lock = one.lock(0, 10, false);
            assertThat(lock.isValid()).isTrue();
            assertThatThrownBy(() -> two.tryLock(5, 1, true)).isInstanceOf(OverlappingFileLockException.class);
            assertThatThrownBy(() -> one.lock(9, 0, false)).isInstanceOf(OverlappingFileLockException.class);
            assertThat(other.tryLock(0, 10, false).isValid()).isTrue();
            FileLock behind = two.tryLock(10, 0, true);
            assertThat(behind.isShared()).isTrue();
            lock.release();
            assertThat(lock.isValid()).isFalse();
            FileLock again = two.lock(0, 10, false);
            two.close();
            assertThat(again.isValid()).isFalse();
            assertThat(behind.isValid()).isFalse();
            assertThatThrownBy(behind::release).isInstanceOf(ClosedChannelException.class);
            assertThat(one.tryLock().isValid()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCloseEndsTheReadOfAnother(boolean isVirtual) throws Exception {
        StreamChannel writing = make("data", CREATE, WRITE);
        StreamChannel reading = use("data", READ);
        Work<Object> waits = waiting(isVirtual, () -> reading.read(ByteBuffer.allocate(1)));
        reading.close();
        assertThatThrownBy(waits::get).hasCauseInstanceOf(AsynchronousCloseException.class);
        writing.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInterruptClosesTheChannelThatIsRead(boolean isVirtual) throws Exception {
        StreamChannel writing = make("data", CREATE, WRITE);
        StreamChannel reading = use("data", READ);
        Work<Boolean> waits = waiting(isVirtual, () -> {
            assertThatThrownBy(() -> reading.read(ByteBuffer.allocate(1)))
                    .isInstanceOf(ClosedByInterruptException.class);
            return Thread.currentThread().isInterrupted();
        });
        waits.thread.interrupt();
        assertThat(waits.get()).isTrue();
        assertThat(reading.isOpen()).isFalse();
        writing.close();
    }

    @Test
    void whoIsInterruptedBeforeFindsTheChannelClosed() throws Exception {
        StreamChannel channel = make("file", CREATE, READ, WRITE);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> channel.write(bytes("x"))).isInstanceOf(ClosedByInterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aStreamsChannelStaysOpenWhenItsThreadIsInterrupted() throws Exception {
        try (StreamChannel channel = make("file", CREATE, READ, WRITE).uninterruptible()) {
            Thread.currentThread().interrupt();
            channel.write(bytes("x"));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(channel.size()).isEqualTo(1);
        }
    }

    @Test
    void aTransferEndsWithItsChannel() throws Exception {
        StreamChannel writing = make("data", CREATE, WRITE);
        writing.write(bytes("some"));
        StreamChannel reading = use("data", READ);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Work<Long> waits = waiting(true, () -> reading.transferTo(0, 1000, Channels.newChannel(out)));
        assertThat(out.toString(UTF_8)).isEqualTo("some");
        reading.close();
        assertThatThrownBy(waits::get).hasCauseInstanceOf(AsynchronousCloseException.class);
        writing.close();
    }

    @Test
    void aReaderOfAGrowingFileGetsItAllByStreamAndKnowsNoSizeBefore() throws Exception {
        StreamChannel writing = make("data", CREATE, WRITE);
        writing.write(bytes("first "));
        StreamChannel reading = use("data", READ);
        assertThat(reading.size()).isZero();
        Work<String> all =
                waiting(true, () -> new String(Channels.newInputStream(reading).readAllBytes(), UTF_8));
        writing.write(bytes("second"));
        writing.close();
        assertThat(all.get()).isEqualTo("first second");
        assertThat(reading.size()).isEqualTo(12);
        reading.close();
        assertThat(Files.exists(folder.resolve("nothing"))).isFalse();
    }

    @Test
    void whoReadsADirectoryIsToldWhichAndWhereItsNamesAre() throws Exception {
        managed.maker.makeDirectory("parts", 0755);
        for (String path : new String[] {"parts", ""}) {
            try (StreamChannel channel = make(path, READ)) {
                assertThatThrownBy(() -> channel.read(java.nio.ByteBuffer.allocate(1)))
                        .isInstanceOf(FileSystemException.class)
                        .hasMessage(managed.directory.resolve(path)
                                + ": EISDIR (Is a directory): it has no bytes; Files.list tells the names in it");
            }
        }
    }

    @Test
    void whatCannotBeMappedIsNamed() throws Exception {
        Path file = managed.directory.resolve("data");
        try (StreamChannel writes = make("data", CREATE, READ, WRITE);
                StreamChannel early = use("data", READ)) {
            writes.write(bytes("0123456789"));
            assertThatThrownBy(() -> early.map(MapMode.READ_ONLY, 0, 10))
                    .hasMessage(file + " is not complete, so it cannot be mapped: read it instead");
            assertThatThrownBy(() -> writes.map(MapMode.READ_WRITE, 0, 10))
                    .hasMessage(
                            file + " is of a managed directory, so it is mapped READ_ONLY or PRIVATE, not READ_WRITE:"
                                    + " write it instead");
            assertThatThrownBy(() -> writes.map(MapMode.PRIVATE, 0, 11))
                    .hasMessage(file + " has only 10 bytes to be mapped, not 11; it cannot be made longer by that");
        }
    }
}
