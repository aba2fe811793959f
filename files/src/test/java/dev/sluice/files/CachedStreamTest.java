package dev.sluice.files;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.aio.AsyncFileStream.Whence;
import dev.sluice.aio.BlockingCallException;
import dev.sluice.aio.Context;
import dev.sluice.testing.Deadline;
import dev.sluice.testing.Descriptors;
import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CachedStreamTest extends OnCache {
    @Test
    void theNextReadGoesOnBehindOneThatTheCacheAnswered() throws IOException {
        Path path = file("ABCDEFGHIJ");
        open(path).read(4);
        CachedStream stream = open(path);
        assertThat(utf8(stream.read(4))).isEqualTo("ABCD");
        cache.clear();
        assertThat(utf8(stream.read(3))).isEqualTo("EFG");
        assertThat(utf8(stream.read(3))).isEqualTo("HIJ");
        assertThat(stream.read(3)).isEmpty();
        assertThat(stream.position()).isEqualTo(10);
    }

    @Test
    void aWriteLandsBehindAReadThatTheCacheAnswered() throws IOException {
        Path path = file("ABCDEFGH");
        open(path).readAll();
        CachedStream stream = open(path, READ, WRITE);
        stream.read(4);
        assertThat(stream.write(utf8("zz"))).isEqualTo(4);
        assertThat(path).hasContent("ABCDzzGH");
        assertThat(utf8(stream.readAll())).isEqualTo("GH");
    }

    @Test
    void noReadAnswersMoreThanAChunkWhereverItsBytesAre() throws IOException {
        options = options.withChunkSize(4);
        Path path = file("ABCDEFGHIJ");
        for (int i = 0; i < 2; i++) {
            CachedStream stream = open(path);
            assertThat(utf8(stream.read(8))).isEqualTo("ABCD");
            assertThat(utf8(stream.readChunk())).isEqualTo("EFGH");
            assertThat(utf8(stream.readChunk())).isEqualTo("IJ");
            stream.seek(1, Whence.START);
            assertThat(utf8(stream.readAll())).isEqualTo("BCDEFGHIJ");
            ByteBuffer target = ByteBuffer.allocate(9);
            stream.seek(-5, Whence.END);
            assertThat(stream.read(target)).isEqualTo(4);
            assertThat(target.remaining()).isEqualTo(5);
            stream.seek(0, Whence.END);
            assertThat(stream.read(target)).isEqualTo(-1);
        }
    }

    @Test
    void aWriteThatMakesTheFileLongerIsReadWithWhatWasCachedBefore() throws IOException {
        Path path = file("WX");
        CachedStream stream = open(path, READ, WRITE);
        assertThat(utf8(stream.readAll())).isEqualTo("WX");
        stream.write(utf8("YZ"));
        assertCached(path, 0, "WXYZ");
        stream.seek(10, Whence.START);
        stream.write(utf8("!"));
        assertCached(path, 0, "WXYZ\0\0\0\0\0\0!");
        stream.seek(2_000, Whence.START);
        stream.write(utf8("?"));
        assertReads(path, 8, "\0\0!" + "\0".repeat(1_989) + "?");
    }

    @Test
    void whatIsAppendedIsReadWhereItLanded() throws IOException {
        Path path = file("AB");
        CachedStream stream = open(path, READ, APPEND);
        assertThat(stream.position()).isEqualTo(2);
        Files.writeString(path, "cd", APPEND);
        assertThat(stream.write(utf8("xy"))).isEqualTo(4);
        assertThat(stream.position()).isEqualTo(6);
        stream.seek(0, Whence.START);
        assertThat(utf8(stream.read(2))).isEqualTo("AB");
        assertThat(stream.write(utf8("z"))).isEqualTo(6);
        assertReads(path, 0, "ABcdxyz");
    }

    @Test
    void whatOthersWriteIsSeenAtTheNextRead() throws IOException {
        Path path = file("0123456789");
        CachedStream stream = open(path);
        stream.readAll();
        for (int i = 0; i < 200; i++) { // within ticks of the clock
            try (FileChannel other = FileChannel.open(path, WRITE)) {
                other.write(ByteBuffer.wrap(utf8(Integer.toString(i % 10))), 3);
            }
            stream.seek(0, Whence.START);
            assertThat(utf8(stream.read(5))).isEqualTo("012" + i % 10 + "4");
        }
        assertThat(cache.statistics().stale()).isEqualTo(200);
    }

    @Test
    void whatOthersCutOffIsGone() throws IOException {
        Path path = file("0123456789");
        CachedStream stream = open(path);
        stream.readAll();
        try (FileChannel other = FileChannel.open(path, WRITE)) {
            other.truncate(4);
        }
        stream.seek(0, Whence.START);
        assertThat(utf8(stream.readAll())).isEqualTo("0123");
        assertThat(stream.read(1)).isEmpty();
    }

    @Test
    void allPathsToAFileShareItsBytes() throws IOException {
        Path path = file("shared");
        Path link = Files.createLink(folder.resolve("hard"), path);
        Path symbolic = Files.createSymbolicLink(folder.resolve("symbolic"), path);
        open(path).readAll();
        assertCached(link, 0, "shared");
        assertCached(symbolic, 0, "shared");
        assertCached(folder.resolve("x").resolve("..").resolve("file").normalize(), 0, "shared");
    }

    @Test
    void aFileThatReplacesAnotherHasNoneOfItsBytes() throws IOException {
        Path path = file("the old one");
        CachedStream before = open(path);
        before.readAll();
        Files.move(file("fresh", "the new one"), path, StandardCopyOption.ATOMIC_MOVE);
        assertThat(before.isModified()).isTrue();
        assertReads(path, 0, "the new one");
        before.seek(0, Whence.START);
        assertThat(utf8(before.readAll())).as("who has it open").isEqualTo("the old one");
        Files.delete(path);
        assertThat(before.isModified()).isTrue();
    }

    @Test
    void aMissingFileIsMissingWhateverTheCacheHas() throws IOException {
        Path path = file("cached");
        open(path).readAll();
        Files.delete(path);
        assertThatThrownBy(() -> open(path)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void theArrayThatWasWrittenOrReadIsTheCallersOwn() throws IOException {
        Path path = file("");
        CachedStream stream = open(path, READ, WRITE);
        byte[] bytes = utf8("abc");
        stream.write(bytes);
        bytes[0] = '!';
        stream.seek(0, Whence.START);
        byte[] read = stream.readAll();
        read[1] = '!';
        assertCached(path, 0, "abc");
    }

    @Test
    void cuttingMovesACursorThatWasBehindTheEnd() throws IOException {
        CachedStream stream = open(file("0123456789"), READ, WRITE);
        stream.readAll();
        stream.truncate(4);
        assertThat(stream.position()).isEqualTo(4);
        assertThat(stream.size()).isEqualTo(4);
        stream.force(true);
        stream.truncate(6);
        stream.seek(2, Whence.START);
        assertThat(utf8(stream.readAll())).isEqualTo("23\0\0");
        assertThatThrownBy(() -> stream.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> stream.seek(-7, Whence.CURRENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("-7", "CURRENT", "6");
        assertThatThrownBy(() -> stream.read(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aStreamThatIsClosedSaysSo() throws IOException {
        CachedStream stream = open(file("x"));
        stream.close();
        stream.close();
        assertThat(stream.isOpen()).isFalse();
        assertThatThrownBy(() -> stream.read(1))
                .isInstanceOf(ClosedChannelException.class)
                .hasMessageContaining("is closed");
        assertThatThrownBy(stream::open).isInstanceOf(ClosedChannelException.class);
        AsyncCachedStream async = async(file("x"));
        get(async.closeAsync());
        assertThat(failure(async.readAsync(1))).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void aStreamForReadingOnlyRefusesToWriteAndStaysAsItWas() throws IOException {
        CachedStream stream = open(file("abc"));
        stream.read(1);
        assertThatThrownBy(() -> stream.write(utf8("x"))).isInstanceOf(NonWritableChannelException.class);
        assertThat(utf8(stream.readAll())).isEqualTo("bc");
    }

    @Test
    void whatIsNoRegularFileIsRefused() throws IOException {
        Path pipe = Pipes.make(folder);
        assertThatThrownBy(() -> CachedStream.open(pipe, options, READ, WRITE))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("no regular file");
    }

    @Test
    void anAsynchronousStreamGoesOnWhereTheSynchronousOneWas() throws IOException {
        Path path = file("0123456789");
        CachedStream stream = open(path, READ, WRITE);
        stream.read(3);
        AsyncCachedStream async = closedAfterwards(stream.toAsync());
        assertThat(Descriptors.of(path.toString())).as("not opened again").hasSize(1);
        assertThat(async.position()).isEqualTo(3);
        assertThat(async.bytesRead()).isEqualTo(3);
        assertThat(async.isModified()).isFalse();
        stream.close();
        assertThat(stream.isOpen()).isFalse();
        assertThatThrownBy(() -> stream.read(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("handed over");
        assertThat(utf8(get(async.readAllAsync()))).isEqualTo("3456789");
        Files.writeString(path, "else");
        assertThat(async.isModified()).isTrue();
    }

    @Test
    void waitingIsRefusedWhereItIsForbiddenEvenIfTheCacheKnows() throws Exception {
        CachedStream stream = open(file("cached"));
        stream.readAll();
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        Context.shared().execute(() -> {
            try {
                stream.seek(0, Whence.START);
            } catch (Throwable e) {
                refusal.set(e);
            }
            done.countDown();
        });
        done.await();
        assertThat(refusal.get())
                .isInstanceOf(BlockingCallException.class)
                .hasMessageContainingAll("seek", "file", "thenCompose");
    }

    @ParameterizedTest
    @EnumSource
    void aForgottenStreamIsClosedAndLoggedIfThatIsWanted(CachedOptions.WhenForgotten policy) throws IOException {
        Path path = file("forgotten");
        List<String> logged = new java.util.concurrent.CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger(CachedStream.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                logged.add(java.text.MessageFormat.format(entry.getMessage(), entry.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        try {
            CachedStream.open(path, options.withWhenForgotten(policy)).read(1);
            Deadline.until("the collector has found the stream", () -> {
                System.gc();
                return Descriptors.of(path.toString()).isEmpty();
            });
            if (policy == CachedOptions.WhenForgotten.CLOSE) {
                assertThat(logged).isEmpty();
            } else {
                assertThat(logged).singleElement().asString().contains(path.toString(), "not closed");
            }
        } finally {
            logger.removeHandler(handler);
        }
    }

    @Test
    void asynchronousCallsRunInOrderWithoutBeingWaitedFor() throws IOException {
        Path path = file("");
        AsyncCachedStream stream = async(path, READ, WRITE, CREATE);
        for (int i = 0; i < 100; i++) {
            CompletableFuture<Long> landed = stream.writeAsync(utf8(i % 10 + ""));
            assertThat(landed).isNotNull();
        }
        CompletableFuture<Long> back = stream.seekAsync(0, Whence.START);
        CompletableFuture<byte[]> all = stream.readAllAsync();
        assertThat(utf8(get(all))).isEqualTo("0123456789".repeat(10));
        assertThat(get(back)).isZero();
        assertThat(get(stream.sizeAsync())).isEqualTo(100);
        get(stream.truncateAsync(5));
        get(stream.forceAsync(false));
        assertThat(path).hasContent("01234");
    }

    @Test
    void whatTheCacheHasIsAnsweredAtOnce() throws IOException {
        Path path = file("cached");
        AsyncCachedStream stream = async(path);
        get(stream.readAllAsync());
        get(stream.seekAsync(0, Whence.START));
        Deadline.until("the turn is free", () -> {
            get(stream.seekAsync(0, Whence.START));
            return stream.readAsync(3).isDone();
        });
    }

    @Test
    void aCallThatIsCancelledBeforeItsTurnNeverRuns() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        Sequence sequence = new Sequence(Sequence::onVirtualThread, false);
        CompletableFuture<Integer> first = sequence.submit(point -> {
            hold.await();
            return 1;
        });
        CompletableFuture<Integer> second = sequence.submit(point -> {
            throw new AssertionError("it was cancelled");
        });
        CompletableFuture<Integer> third = sequence.submit(point -> 3);
        assertThat(second.cancel(true)).isTrue();
        assertThat(failure(second)).isInstanceOf(CancellationException.class);
        hold.countDown();
        assertThat(get(first)).isEqualTo(1);
        assertThat(get(third)).isEqualTo(3);
    }

    @Test
    void aCallAtWorkThatIsCancelledEndsWhenItHasStopped() {
        Sequence sequence = new Sequence(Sequence::onVirtualThread, false);
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<String> stopped = new AtomicReference<>("");
        CompletableFuture<Integer> call = sequence.submit(point -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
                return 1;
            } finally {
                stopped.set("stopped");
            }
        });
        Deadline.until("it has begun", () -> begun.getCount() == 0);
        call.cancel(true);
        assertThat(failure(call)).isInstanceOf(CancellationException.class);
        assertThat(stopped.get()).isEqualTo("stopped");
        boolean isInterrupted =
                get(sequence.submit(point -> Thread.currentThread().isInterrupted()));
        assertThat(isInterrupted).isFalse();
    }

    @Test
    void closingWhileOthersReadEndsThemOneWayOrTheOther() throws Exception {
        Path path = file("x".repeat(100_000));
        for (int round = 0; round < 50; round++) {
            CachedStream stream = CachedStream.open(path, options);
            CountDownLatch reading = new CountDownLatch(3);
            List<Thread> threads = java.util.stream.IntStream.range(0, 4)
                    .mapToObj(i -> Thread.ofPlatform().start(() -> {
                        try {
                            while (true) {
                                if (stream.read(100).length == 0) {
                                    stream.seek(0, Whence.START);
                                }
                                reading.countDown();
                            }
                        } catch (ClosedChannelException e) {
                            reading.countDown(); // as it should
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    }))
                    .toList();
            reading.await();
            stream.close();
            threads.forEach(Deadline::join);
        }
        assertThat(Descriptors.of(path.toString())).isEmpty();
    }

    @Test
    void filesThatTheKernelMakesWhenTheyAreReadAreRefusedOrEndWhereTheirBytesDo() throws IOException {
        assertThatThrownBy(() -> open(Path.of("/proc/self/status")))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("made by the kernel")
                .hasMessageContaining("AsyncFileStream");
        Path size = Path.of("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size"); // it says that it has a page
        Assumptions.assumeTrue(Files.exists(size));
        CachedStream stream = open(size);
        byte[] bytes = stream.readAll();
        assertThat(bytes).isEqualTo(Files.readAllBytes(size));
        assertThat(stream.position()).isEqualTo(bytes.length);
        assertThat(stream.read(10)).isEmpty();
    }
}
