package dev.sluice.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.aio.AsyncFileStream;
import dev.sluice.files.Couple.Sink;
import dev.sluice.files.Couple.Source;
import dev.sluice.testing.Deadline;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CoupleTest extends OnFiles {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final StringWriter text = new StringWriter();

    private Couple<byte[], byte[]> bytes(String content) {
        return Couple.of(new ByteArrayInputStream(utf8(content)), written);
    }

    private Couple<String, String> text(String content) {
        return Couple.of(new StringReader(content), text);
    }

    @Test
    void bytesAreReadAndWritten() throws IOException {
        try (Couple<byte[], byte[]> couple = bytes("hello world")) {
            assertThat(utf8(get(couple.read(5)))).isEqualTo("hello");
            assertThat(utf8(get(couple.readAll()))).isEqualTo(" world");
            assertThat(get(couple.read(5))).isEmpty();
            assertThat(get(couple.readAll())).isEmpty();
            assertThat(get(couple.write(utf8("abc")))).isEqualTo(3);
            get(couple.flush());
        }
        assertThat(written.toString(UTF_8)).isEqualTo("abc");
    }

    @Test
    void callsRunInTheOrderInWhichTheyWereIssued() {
        Couple<String, String> couple = text("one two three");
        CompletableFuture<String> first = couple.read(4);
        CompletableFuture<String> second = couple.read(4);
        CompletableFuture<Integer> third = couple.write("a");
        CompletableFuture<Integer> fourth = couple.write("b");
        assertThat(get(second)).isEqualTo("two ");
        assertThat(get(first)).isEqualTo("one ");
        get(fourth);
        get(third);
        assertThat(text.toString()).isEqualTo("ab");
    }

    @Test
    void linesAreReadWithTheirEnds() {
        Couple<String, String> couple = text("one\ntwo\r\n\nthe last");
        assertThat(get(couple.readLine())).isEqualTo("one\n");
        assertThat(get(couple.readLine(2))).isEqualTo("tw");
        assertThat(get(couple.readLine(3))).isEqualTo("o\r\n");
        assertThat(get(couple.readLine(0))).isEmpty();
        assertThat(get(couple.readLine())).isEqualTo("\n");
        assertThat(get(couple.readLine())).isEqualTo("the last");
        assertThat(get(couple.readLine())).isEmpty();
    }

    @Test
    void linesAreReadUntilThereAreEnough() {
        assertThat(get(text("aa\nbb\ncc\ndd").readLines(4))).containsExactly("aa\n", "bb\n");
        assertThat(get(text("aa\nbb\ncc\ndd").readLines(3))).containsExactly("aa\n");
        assertThat(get(text("aa\nbb\ncc\ndd").readLines(0))).containsExactly("aa\n", "bb\n", "cc\n", "dd");
        Couple<byte[], byte[]> couple = bytes("aa\nbb");
        assertThat(get(couple.readLines(-1)).stream().map(OnFiles::utf8)).containsExactly("aa\n", "bb");
        assertThat(get(couple.readLines(-1))).isEmpty();
    }

    @Test
    void longLinesAreReadWhole() {
        String line = "x".repeat(100_000) + "\n";
        Couple<String, String> couple = text(line + "y");
        assertThat(get(couple.readLine())).isEqualTo(line);
        assertThat(get(couple.readLine())).isEqualTo("y");
    }

    @Test
    void buffersOfTheRightKindAreFilled() {
        ByteBuffer target = ByteBuffer.allocate(4);
        Couple<byte[], byte[]> couple = bytes("hello");
        assertThat(get(couple.read(target))).isEqualTo(4);
        assertThat(utf8(target.array())).isEqualTo("hell");
        assertThat(get(couple.read(target))).as("no room").isZero();
        assertThat(get(couple.read(target.clear()))).isEqualTo(1);
        assertThat(get(couple.read(target.clear()))).isEqualTo(-1);
        assertThatThrownBy(() -> couple.read(target.asReadOnlyBuffer())).isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> couple.read(CharBuffer.allocate(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ByteBuffer");
        CharBuffer characters = CharBuffer.allocate(9);
        assertThat(get(text("text").read(characters))).isEqualTo(4);
        assertThat(characters.flip().toString()).isEqualTo("text");
    }

    @Test
    void someIsWhatOneQuestionBrings() throws IOException {
        PipedOutputStream far = new PipedOutputStream();
        Couple<byte[], byte[]> couple = Couple.of(new PipedInputStream(far), written);
        CompletableFuture<byte[]> some = couple.readSome(100);
        CompletableFuture<byte[]> all = couple.read(4);
        far.write(utf8("abc"));
        far.flush();
        assertThat(utf8(get(some))).isEqualTo("abc");
        assertThat(all).isNotDone();
        far.write(utf8("defgh"));
        far.close();
        assertThat(utf8(get(all))).isEqualTo("defg");
        ByteBuffer target = ByteBuffer.allocate(9);
        assertThat(get(couple.readSome(target))).isEqualTo(1);
        assertThat(get(couple.readSome(target))).isEqualTo(-1);
        assertThat(get(couple.readSome(9))).isEmpty();
    }

    @Test
    void whatACancelledReadHadGotIsTheNextOnes() throws IOException {
        PipedOutputStream far = new PipedOutputStream();
        Couple<byte[], byte[]> couple = Couple.of(new PipedInputStream(far), written);
        far.write(utf8("abc"));
        far.flush();
        CompletableFuture<byte[]> six = couple.read(6);
        CompletableFuture<byte[]> late = couple.read(6).orTimeout(20, TimeUnit.MILLISECONDS);
        assertThat(failure(late)).isInstanceOf(TimeoutException.class);
        assertThat(six.cancel(true)).isTrue();
        assertThat(failure(six)).isInstanceOf(CancellationException.class);
        CompletableFuture<byte[]> next = couple.read(5);
        far.write(utf8("de"));
        far.flush();
        assertThat(utf8(get(next))).isEqualTo("abcde");
    }

    @Test
    void aReaderThatHearsNoInterruptDoesNotHoldUpACancelledRead() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<Void> bytes = new CompletableFuture<>();
        var deaf = new FilterInputStream(new ByteArrayInputStream(utf8("xyz"))) {
            @Override
            public int read(byte[] target, int from, int count) throws IOException {
                asked.incrementAndGet();
                bytes.join(); // which hears none
                return super.read(target, from, count);
            }
        };
        Couple<byte[], byte[]> couple = Couple.of(deaf, written);
        CompletableFuture<byte[]> read = couple.read(1);
        Deadline.until("it reads", () -> asked.get() == 1);
        assertThat(read.cancel(true)).isTrue();
        CompletableFuture<byte[]> next = couple.read(2);
        bytes.complete(null);
        assertThat(utf8(get(next))).isEqualTo("xy");
    }

    @Test
    void whatACoupleCannotDoSaysWhoCan() {
        Couple<byte[], byte[]> couple = bytes("x");
        assertThatThrownBy(couple::position)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContainingAll("ESPIPE", "reader", "writer", "ByteArrayInputStream");
        assertThatThrownBy(() -> couple.seek(7)).hasMessageContainingAll("7", "ESPIPE");
        assertThatThrownBy(couple::descriptor).hasMessageContaining("EBADF");
        assertThatThrownBy(couple::isTerminal).hasMessageContaining("ENOTSUP");
        assertThat(failure(couple.truncate(0)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("size");
        assertThatThrownBy(() -> couple.read(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theEndsAreFoundByTheirTypes() throws IOException {
        FileChannel channel = closedAfterwards(FileChannel.open(file("content"), READ, WRITE));
        Couple<byte[], byte[]> couple = Couple.of(Source.of(channel), Sink.of(written));
        assertThat(couple.end(SeekableByteChannel.class)).isSameAs(channel);
        assertThat(couple.end(ByteArrayOutputStream.class)).isSameAs(written);
        assertThat(couple.reader()).isSameAs(channel);
        assertThat(couple.writer()).isSameAs(written);
        assertThat(couple.end(Object.class)).isSameAs(channel);
        assertThat(couple.end(Object.class, true)).isSameAs(written);
        assertThatThrownBy(() -> couple.end(String.class))
                .isInstanceOf(ClassCastException.class)
                .hasMessageContaining("String");
    }

    @Test
    void filesAndChannelsAreCoupledToo() throws IOException {
        Path to = folder.resolve("to");
        AsyncFileStream from = AsyncFileStream.open(file("0123456789"));
        AsyncFileStream target = AsyncFileStream.open(to, WRITE, CREATE);
        try (Couple<byte[], byte[]> couple = Couple.of(Source.of(from), Sink.of(target))) {
            get(couple.writeLines(List.of(get(couple.read(4)), utf8("-"), get(couple.readAll()))));
            assertThat(get(couple.truncate(7))).isEqualTo(7);
            assertThat(get(couple.truncate())).isEqualTo(7);
        }
        assertThat(from.isOpen()).isFalse();
        assertThat(to).hasContent("0123-45");
        try (Couple<byte[], String> mixed = Couple.of(Source.of(FileChannel.open(to)), Sink.of(text))) {
            assertThat(get(mixed.write(utf8(get(mixed.readAll()))))).isEqualTo(7);
        }
        assertThat(text.toString()).isEqualTo("0123-45");
        try (Couple<byte[], byte[]> channels =
                Couple.of(Source.of(FileChannel.open(to)), Sink.of(FileChannel.open(to, WRITE)))) {
            assertThat(get(channels.truncate(3))).isEqualTo(3);
            assertThat(utf8(get(channels.readAll()))).isEqualTo("012");
        }
    }

    @Test
    void whatIsOpenForTheOtherDirectionIsRefused() throws IOException {
        AsyncFileStream writeOnly = closedAfterwards(AsyncFileStream.open(file("x"), WRITE));
        AsyncFileStream readOnly = closedAfterwards(AsyncFileStream.open(file("x")));
        assertThatThrownBy(() -> Couple.of(Source.of(writeOnly), Sink.of(written)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> Couple.of(Source.of(readOnly), Sink.of(readOnly)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be written");
    }

    @Test
    void bothAreClosedOnceEvenIfOneFails() {
        AtomicInteger closes = new AtomicInteger();
        var reader = new FilterInputStream(new ByteArrayInputStream(new byte[0])) {
            @Override
            public void close() throws IOException {
                closes.incrementAndGet();
                throw new IOException("the reader fails");
            }
        };
        var writer = new FilterOutputStream(written) {
            @Override
            public void close() throws IOException {
                closes.incrementAndGet();
                throw new IOException("the writer fails");
            }
        };
        Couple<byte[], byte[]> couple = Couple.of(reader, writer);
        assertThat(couple.isClosed()).isFalse();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(couple::close)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("fails")
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        }
        assertThat(closes).hasValue(2);
        assertThat(couple.isClosed()).isTrue();
        assertThat(failure(couple.read(1)))
                .isInstanceOf(ClosedChannelException.class)
                .hasMessageContaining("reader");
        assertThat(failure(couple.write(new byte[1]))).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void anExecutorOfOnesOwnStaysOpen() throws IOException {
        try (ExecutorService executor = Executors.newFixedThreadPool(2, task -> new Thread(task, "mine"))) {
            AtomicInteger mine = new AtomicInteger();
            var reader = new FilterInputStream(new ByteArrayInputStream(utf8("abc"))) {
                @Override
                public int read(byte[] target, int from, int count) throws IOException {
                    mine.addAndGet(Thread.currentThread().getName().equals("mine") ? 1 : 0);
                    return super.read(target, from, count);
                }
            };
            try (Couple<byte[], byte[]> couple = Couple.of(Source.of(reader), Sink.of(written), executor)) {
                assertThat(couple.executor()).isSameAs(executor);
                assertThat(utf8(get(couple.read(1)))).isEqualTo("a");
            }
            assertThat(mine).hasPositiveValue();
            assertThat(executor.isShutdown()).isFalse();
        }
    }

    @Test
    void aContinuationMayWaitForTheNextCall() {
        Couple<String, String> couple = text("one\ntwo\n");
        CompletableFuture<String> both =
                couple.readLine().thenApply(first -> first + couple.readLine().join());
        assertThat(get(both)).isEqualTo("one\ntwo\n");
    }
}
