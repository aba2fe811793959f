package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.aio.AsyncFileStream.Whence;
import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AsyncFileStreamTest extends OnEachContext {
    @Test
    void eachReadGoesOnWhereTheOneBeforeEnded() throws IOException {
        AsyncFileStream stream = stream("abcdef");
        assertThat(utf8(stream.read(2))).isEqualTo("ab");
        assertThat(stream.position()).isEqualTo(2);
        assertThat(utf8(get(stream.readAsync(3)))).isEqualTo("cde");
        assertThat(utf8(stream.read(10))).isEqualTo("f");
        assertThat(stream.read(10)).isEmpty();
        assertThat(stream.position()).isEqualTo(6);
    }

    @Test
    void readingNothingIsNotTheEnd() throws IOException {
        AsyncFileStream stream = stream("ab");
        assertThat(stream.read(0)).isEmpty();
        assertThat(stream.read(ByteBuffer.allocate(0))).isZero();
        assertThat(utf8(stream.read(2))).isEqualTo("ab");
    }

    @Test
    void aNegativeCountIsRefused() throws IOException {
        AsyncFileStream stream = stream("ab");
        assertThatThrownBy(() -> stream.read(-2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("file")
                .hasMessageContaining("-2");
    }

    @Test
    void aBufferIsFilledAndTheEndIsMinusOne() throws IOException {
        AsyncFileStream stream = stream("abcdef");
        ByteBuffer buffer = ByteBuffer.allocate(4);
        assertThat(stream.read(buffer)).isEqualTo(4);
        assertThat(buffer.hasRemaining()).isFalse();
        ByteBuffer direct = ByteBuffer.allocateDirect(4);
        assertThat(get(stream.readAsync(direct))).isEqualTo(2);
        assertThat(Sample.text(direct)).isEqualTo("ef");
        assertThat(stream.read(direct)).isEqualTo(-1);
        assertThat(direct.position()).isEqualTo(2);
        assertThatThrownBy(() -> stream.read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("read-only");
    }

    @Test
    void everySizeIsReadWhole() throws IOException {
        for (int size : new int[] {0, 1, 65_535, 65_536, 65_537, 1 << 20, (1 << 20) + 1, 3_000_001}) {
            byte[] bytes = Sample.random(size, size);
            Path path = Files.write(folder.resolve("size" + size), bytes);
            try (AsyncFileStream stream = AsyncFileStream.open(path, context)) {
                assertThat(stream.readAll()).isEqualTo(bytes);
                assertThat(stream.position()).isEqualTo(size);
                assertThat(stream.readAll()).isEmpty();
                stream.seek(0, Whence.START);
                assertThat(get(stream.readAllAsync())).isEqualTo(bytes);
                stream.seek(-size, Whence.END);
                assertThat(stream.read(Integer.MAX_VALUE)).isEqualTo(bytes);
                stream.seek(0, Whence.START);
                assertThat(stream.read(size)).isEqualTo(bytes);
            }
        }
    }

    @Test
    void filesOfProcAreReadWholeAlthoughTheySayTheyAreEmpty() throws IOException {
        Path path = Path.of("/proc/cpuinfo");
        assumeTrue(Files.isReadable(path), "/proc is needed");
        AsyncFileStream stream = open(path);
        assertThat(stream.size()).isZero();
        assertThat(utf8(stream.readAll())).contains("processor");
        stream.seek(0, Whence.START);
        assertThat(utf8(get(stream.readAllAsync()))).contains("processor");
        stream.seek(0, Whence.START);
        assertThat(stream.readLine())
                .hasValueSatisfying(line -> assertThat(utf8(line)).startsWith("processor"));
        AsyncFileStream status = open(Path.of("/proc/self/status"));
        assertThat(utf8(status.readAll())).contains("VmRSS");
    }

    @Test
    void aPipeAnswersWhatThereIs() throws IOException {
        AsyncFileStream pipe = open(Pipes.make(folder), StandardOpenOption.READ, StandardOpenOption.WRITE);
        CompletableFuture<byte[]> waiting = pipe.readAsync(100);
        pipe.file().write(ByteBuffer.wrap(utf8("one\ntwo\nthree")), 0);
        assertThat(utf8(get(waiting))).isEqualTo("one\ntwo\nthree");
        pipe.file().write(ByteBuffer.wrap(utf8("one\ntwo\nthree")), 0);
        assertThat(utf8(pipe.readLine().orElseThrow())).isEqualTo("one");
        assertThat(utf8(pipe.read(2))).as("what was read ahead is not lost").isEqualTo("tw");
        ByteBuffer buffer = ByteBuffer.allocate(3);
        assertThat(pipe.read(buffer)).isEqualTo(3);
        assertThat(Sample.text(buffer)).isEqualTo("o\nt");
        assertThat(utf8(pipe.read(100))).isEqualTo("hree");
    }

    @Test
    void aPipeIsReadToItsEnd() throws IOException {
        Path path = Pipes.make(folder);
        AsyncFileStream both = open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        AsyncFileStream reader = open(path);
        byte[] bytes = Sample.random(300_000, 1);
        CompletableFuture<byte[]> all = reader.readAllAsync();
        get(both.writeAsync(bytes));
        both.close();
        assertThat(get(all)).isEqualTo(bytes);
        assertThat(reader.read(1)).isEmpty();
    }

    @Test
    void aPipeHasNoPositionsToSeek() throws IOException {
        AsyncFileStream pipe = open(Pipes.make(folder), StandardOpenOption.READ, StandardOpenOption.WRITE);
        assertThatThrownBy(() -> pipe.seek(0, Whence.START))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("pipe");
    }

    @Test
    void writesGoOnWhereTheOneBeforeEnded() throws IOException {
        AsyncFileStream stream = stream("");
        assertThat(stream.write(utf8("Hello "))).isZero();
        assertThat(get(stream.writeAsync(ByteBuffer.wrap(utf8("world"))))).isEqualTo(6);
        stream.seek(0, Whence.START);
        assertThat(utf8(stream.readAll())).isEqualTo("Hello world");
        ByteBuffer source = ByteBuffer.wrap(utf8("!?"));
        assertThat(stream.write(source)).isEqualTo(11);
        assertThat(source.hasRemaining()).isFalse();
        assertThat(stream.write(new byte[0])).isEqualTo(13);
        assertThat(stream.position()).isEqualTo(13);
        assertThat(Files.readString(folder.resolve("file"))).isEqualTo("Hello world!?");
    }

    @Test
    void seekCountsFromTheStartTheCursorAndTheEnd() throws IOException {
        AsyncFileStream stream = stream("0123456789");
        assertThat(stream.seek(4, Whence.START)).isEqualTo(4);
        assertThat(stream.seek(-1, Whence.CURRENT)).isEqualTo(3);
        assertThat(get(stream.seekAsync(-2, Whence.END))).isEqualTo(8);
        assertThat(utf8(stream.readAll())).isEqualTo("89");
        assertThat(stream.seek(0, Whence.CURRENT)).isEqualTo(10);
        assertThat(stream.seek(5, Whence.END)).isEqualTo(15);
        assertThat(stream.read(1)).isEmpty();
    }

    @Test
    void seekBeforeTheBeginningIsRefusedAndMovesNothing() throws IOException {
        AsyncFileStream stream = stream("0123456789");
        stream.seek(4, Whence.START);
        assertThatThrownBy(() -> stream.seek(-5, Whence.CURRENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("file")
                .hasMessageContaining("-5");
        assertThatThrownBy(() -> stream.seek(Long.MAX_VALUE, Whence.END)).isInstanceOf(IllegalArgumentException.class);
        assertThat(failure(stream.seekAsync(-1, Whence.START))).isInstanceOf(IllegalArgumentException.class);
        assertThat(stream.position()).isEqualTo(4);
        assertThat(utf8(stream.read(1))).isEqualTo("4");
    }

    @Test
    void truncateMovesACursorBehindTheNewEndThere() throws IOException {
        AsyncFileStream stream = stream("0123456789");
        stream.seek(8, Whence.START);
        stream.truncate(3);
        assertThat(stream.position()).isEqualTo(3);
        stream.seek(1, Whence.START);
        get(stream.truncateAsync(2));
        assertThat(stream.position()).isEqualTo(1);
        stream.truncate(4);
        assertThat(stream.readAll()).containsExactly('1', 0, 0);
        assertThat(get(stream.sizeAsync())).isEqualTo(4);
        stream.force(true);
        get(stream.forceAsync(false));
        assertThatThrownBy(() -> stream.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void appendingBeginsAtTheEndAndKnowsWhereItsBytesLanded() throws IOException {
        AsyncFileStream stream = open(file("12"), StandardOpenOption.READ, StandardOpenOption.APPEND);
        assertThat(stream.position()).isEqualTo(2);
        assertThat(stream.write(utf8("34"))).isEqualTo(2);
        Files.writeString(folder.resolve("file"), "EXT", StandardOpenOption.APPEND);
        assertThat(get(stream.writeAsync(utf8("56")))).isEqualTo(7);
        assertThat(stream.position()).isEqualTo(9);
        stream.seek(0, Whence.START);
        assertThat(stream.write(utf8("7"))).isEqualTo(9);
        stream.seek(0, Whence.START);
        assertThat(utf8(stream.readAll())).isEqualTo("1234EXT567");
    }

    @Test
    void appendingMakesTheFileAndASecondStreamGoesOnAtItsEnd() throws IOException {
        Path path = folder.resolve("new");
        try (AsyncFileStream first =
                AsyncFileStream.open(path, context, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            first.write(utf8("one"));
        }
        try (AsyncFileStream second =
                AsyncFileStream.open(path, context, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            assertThat(second.position()).isEqualTo(3);
            second.write(utf8("two"));
        }
        assertThat(path).hasContent("onetwo");
    }

    @Test
    void aFailedWriteLeavesTheCursorAndTheNextCallGoesOn() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "/dev/full is needed");
        AsyncFileStream stream = open(full, StandardOpenOption.WRITE);
        assertThatThrownBy(() -> stream.write(utf8("ab"))).isInstanceOf(IOException.class);
        assertThat(failure(stream.writeAsync(utf8("ab")))).isInstanceOf(IOException.class);
        assertThat(stream.position()).isZero();
        AsyncFileStream reading = open(file("abc"));
        reading.read(1);
        assertThatThrownBy(() -> reading.write(utf8("x"))).isInstanceOf(NonWritableChannelException.class);
        assertThat(failure(reading.writeAsync(utf8("x")))).isInstanceOf(NonWritableChannelException.class);
        assertThat(utf8(reading.read(1))).isEqualTo("b");
        AsyncFileStream writing = open(folder.resolve("file"), StandardOpenOption.WRITE);
        assertThatThrownBy(() -> writing.read(1)).isInstanceOf(NonReadableChannelException.class);
        assertThatThrownBy(writing::readLine).isInstanceOf(NonReadableChannelException.class);
        assertThat(writing.write(utf8("x"))).isZero();
    }

    @Test
    void itSaysWhatItIs() throws IOException {
        AsyncFileStream stream = stream("abc");
        stream.read(2);
        assertThat(stream).hasToString(folder.resolve("file") + " from 2 (open)");
        stream.close();
        assertThat(stream.toString()).endsWith("(closed)");
    }
}
