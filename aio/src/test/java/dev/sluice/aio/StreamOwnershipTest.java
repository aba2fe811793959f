package dev.sluice.aio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.aio.AsyncFileStream.Whence;
import dev.sluice.testing.Descriptors;
import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who opens and closes the file behind a stream. */
class StreamOwnershipTest extends OnEachContext {
    @Test
    void streamsOverAFileHaveTheirOwnCursorsAndLeaveItOpen() throws IOException {
        AsyncFile file = openFile(file("0123456789"));
        try (AsyncFileStream first = file.stream();
                AsyncFileStream second = file.stream(5)) {
            assertThat(utf8(first.read(2))).isEqualTo("01");
            assertThat(utf8(second.read(2))).isEqualTo("56");
            assertThat(utf8(first.read(2))).isEqualTo("23");
        }
        assertThat(file.isOpen()).isTrue();
        assertThatThrownBy(() -> file.stream(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDuplicateBeginsWhereTheStreamIs() throws IOException {
        AsyncFileStream stream = stream("0123456789");
        stream.read(3);
        AsyncFileStream duplicate = closedAfterwards(stream.duplicate());
        assertThat(utf8(duplicate.read(2))).isEqualTo("34");
        assertThat(utf8(stream.read(2))).isEqualTo("34");
        assertThat(utf8(closedAfterwards(stream.duplicateAt(8)).readAll())).isEqualTo("89");
        assertThatThrownBy(() -> stream.duplicateAt(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closingADuplicateTwiceLeavesTheOriginalOpen() throws IOException {
        AsyncFileStream stream = stream("0123456789");
        AsyncFileStream duplicate = stream.duplicate();
        duplicate.close();
        duplicate.close();
        get(duplicate.closeAsync());
        assertThat(duplicate.isOpen()).isFalse();
        assertThat(utf8(stream.read(2))).isEqualTo("01");
        assertThatThrownBy(duplicate::duplicate).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void theFileStaysOpenUntilItsLastStreamIsClosed() throws IOException {
        AsyncFileStream stream = stream("0123456789");
        AsyncFileStream duplicate = stream.duplicate();
        AsyncFileStream third = duplicate.duplicate();
        stream.close();
        stream.close();
        assertThat(utf8(duplicate.read(2))).isEqualTo("01");
        duplicate.close();
        assertThat(utf8(third.read(2))).isEqualTo("01");
        third.close();
        assertThat(stream.file().isOpen()).isFalse();
        assertThat(Descriptors.of(folder.toString())).isEmpty();
    }

    @Test
    void aClosedStreamRefusesCalls() throws IOException {
        AsyncFileStream stream = stream("abc");
        stream.close();
        assertThat(stream.isOpen()).isFalse();
        assertThatThrownBy(() -> stream.read(1))
                .isInstanceOf(ClosedChannelException.class)
                .hasMessageContaining("file")
                .hasMessageContaining("closed");
        assertThat(failure(stream.readAsync(1))).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void openingOfAMissingFileFailsAndCanBeTriedAgain() throws IOException {
        Path path = folder.resolve("missing");
        assertThatThrownBy(() -> AsyncFileStream.open(path, context)).isInstanceOf(NoSuchFileException.class);
        assertThat(failure(AsyncFileStream.openAsync(path, context))).isInstanceOf(NoSuchFileException.class);
        Files.writeString(path, "there");
        try (AsyncFileStream stream = get(AsyncFileStream.openAsync(path, context))) {
            assertThat(utf8(stream.readAll())).isEqualTo("there");
        }
        try (AsyncFileStream stream = AsyncFileStream.open(path)) {
            assertThat(stream.file().context()).isSameAs(Context.shared());
        }
    }

    @Test
    void viewsAreTheJdksStreams() throws IOException {
        AsyncFileStream stream = stream("");
        OutputStream out = stream.outputStream();
        out.write('a');
        out.write(utf8("bcd"), 1, 2);
        stream.seek(0, Whence.START);
        InputStream in = stream.inputStream();
        assertThat(in.read()).isEqualTo('a');
        assertThat(in.readNBytes(1)).isEqualTo(utf8("c"));
        assertThat(in.read(new byte[5], 1, 0)).isZero();
        assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("d");
        assertThat(in.read()).isEqualTo(-1);
        assertThat(in.read(new byte[1])).isEqualTo(-1);
        in.close();
        assertThat(stream.isOpen()).isFalse();
        out.close();
    }

    @Test
    void streamsWorkOverChannelsToo() throws IOException {
        Path path = file("one\ntwo\n");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
                AsyncFile file = AsyncFile.of(channel, context);
                AsyncFileStream stream = file.stream()) {
            assertThat(stream.readLine()).hasValue(utf8("one"));
            assertThat(stream.write(utf8("TWO"))).isEqualTo(4);
            assertThat(stream.readAll()).isEqualTo(utf8("\n"));
            assertThat(get(stream.seekAsync(-4, AsyncFileStream.Whence.END))).isEqualTo(4);
            assertThat(get(stream.readAllAsync())).isEqualTo(utf8("TWO\n"));
        }
    }

    @Test
    void memoryOfOneThreadWorksWhereItWaits() throws IOException {
        AsyncFileStream regular = stream("ab");
        AsyncFileStream pipe = open(Pipes.make(folder), StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (Arena arena = Arena.ofConfined()) {
            for (AsyncFileStream stream : List.of(regular, pipe)) {
                ByteBuffer buffer = arena.allocate(2).asByteBuffer();
                stream.write(buffer.put(utf8("xy")).flip());
                assertThat(buffer.hasRemaining()).isFalse();
                if (stream == regular) {
                    stream.seek(0, AsyncFileStream.Whence.START);
                }
                assertThat(stream.read(buffer.clear())).isEqualTo(2);
                assertThat(buffer.flip()).isEqualTo(ByteBuffer.wrap(utf8("xy")));
                assertThat(failure(stream.readAsync(buffer.clear()))).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }
}
