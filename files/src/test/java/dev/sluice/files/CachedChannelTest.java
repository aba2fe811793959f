package dev.sluice.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.aio.AsyncFileStream.Whence;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CachedChannelTest extends OnCache {
    @Test
    void itReadsFromTheCacheAndMovesTheStreamsCursor() throws IOException {
        CachedStream stream = open(file("0123456789"));
        SeekableByteChannel channel = stream.channel();
        ByteBuffer four = ByteBuffer.allocate(4);
        assertThat(channel.read(four)).isEqualTo(4);
        assertThat(stream.position()).isEqualTo(4);
        long before = misses();
        assertThat(channel.position(2).read(four.clear())).isEqualTo(4);
        assertThat(utf8(four.array())).isEqualTo("2345");
        assertThat(misses()).isEqualTo(before);
        assertThat(channel.position()).isEqualTo(6);
        assertThat(channel.size()).isEqualTo(10);
        assertThat(channel.read(four)).as("no room").isZero();
        stream.seek(0, Whence.END);
        assertThat(channel.read(four)).as("no room at the end").isZero();
        assertThat(channel.read(four.clear())).as("the end").isEqualTo(-1);
        assertThat(channel.toString()).contains("file");
    }

    @Test
    void itWritesAndCutsAsAChannelDoes() throws IOException {
        Path path = file("0123456789");
        CachedStream stream = open(path, READ, WRITE);
        SeekableByteChannel channel = stream.channel();
        assertThat(channel.position(3).write(ByteBuffer.wrap(utf8("abc")))).isEqualTo(3);
        assertThat(channel.truncate(20).size()).as("never longer").isEqualTo(10);
        assertThat(channel.position(30).truncate(20).position())
                .as("a cursor behind it")
                .isEqualTo(20);
        assertThat(channel.truncate(5).size()).isEqualTo(5);
        assertThat(channel.position()).isEqualTo(5);
        assertThat(Files.readString(path)).isEqualTo("012ab");
        assertThatThrownBy(() -> channel.position(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> channel.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theJdksStreamsAndReadersWorkOverIt() throws IOException {
        Path path = file("one\ntwo\nthree");
        List<Integer> told = new ArrayList<>();
        CachedStream stream = open(path);
        stream.hook(Hook.Event.ON_READ, (_, _, count) -> told.add(count));
        try (BufferedReader lines = new BufferedReader(Channels.newReader(stream.channel(), UTF_8))) {
            assertThat(lines.lines()).containsExactly("one", "two", "three");
        }
        assertThat(told).as("hooks hear of it").contains(13);
        assertThat(stream.isOpen()).isFalse();
        try (InputStream input = Channels.newInputStream(open(path).channel())) {
            input.skipNBytes(4);
            assertThat(utf8(input.readNBytes(3))).isEqualTo("two");
            assertThat(utf8(input.readAllBytes())).isEqualTo("\nthree");
        }
    }

    @Test
    void aClosedOneSaysSo() throws IOException {
        CachedStream stream = open(file("0123456789"));
        SeekableByteChannel channel = stream.channel();
        channel.close();
        assertThat(channel.isOpen()).isFalse();
        assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::position).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
        channel.close();
    }
}
