package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Sizes, holes, reservations, and bringing it all to the disk. */
interface SizeContract extends Backend {
    private AsyncFile holding(String content) throws IOException {
        return open(Files.writeString(folder().resolve("file"), content), READ, WRITE);
    }

    @Test
    default void theSizeIsTold() throws IOException {
        AsyncFile file = holding("0123456789");
        assertThat(file.size()).isEqualTo(10);
        file.write(Sample.direct("x"), 20);
        assertThat(file.sizeAsync().join()).isEqualTo(21);
        Files.writeString(folder().resolve("file"), "another's change");
        assertThat(file.size()).isEqualTo(16);
    }

    @Test
    default void truncatingCutsOrGrows() throws IOException {
        AsyncFile file = holding("0123456789");
        file.truncate(4);
        assertThat(folder().resolve("file")).hasContent("0123");
        file.truncateAsync(6).join();
        assertThat(folder().resolve("file")).hasBinaryContent(new byte[] {'0', '1', '2', '3', 0, 0});
        file.truncate(6);
        file.truncate(0);
        assertThat(file.size()).isZero();
        assertThat(file.read(ByteBuffer.allocate(1), 0)).isEqualTo(-1);
        file.truncate(3L << 30);
        assertThat(file.size()).isEqualTo(3L << 30);
    }

    @Test
    default void allocatingGrowsButNeverCuts() throws IOException {
        AsyncFile file = holding("0123456789");
        file.allocate(0, 1);
        file.allocate(5, 5);
        assertThat(folder().resolve("file")).hasContent("0123456789");
        file.allocateAsync(100, 28).join();
        assertThat(file.size()).isEqualTo(128);
        ByteBuffer target = ByteBuffer.allocate(11);
        file.read(target, 0);
        assertThat(Sample.text(target)).isEqualTo("0123456789\0");
    }

    @Test
    default void bytesAreBroughtToTheDisk() throws IOException {
        AsyncFile file = holding("0123456789");
        file.write(Sample.direct("abc"), 0);
        file.force(true);
        file.force(false);
        assertThat(file.forceAsync(true).join()).isNull();
        assertThat(file.forceAsync(false).join()).isNull();
    }

    @Test
    default void appendedBytesSayWhereTheyLanded() throws IOException {
        Path path = Files.writeString(folder().resolve("file"), "0123456789");
        AsyncFile file = open(path, APPEND);
        if (!file.isAppending()) {
            return; // a channel does not tell how it was opened
        }
        ByteBuffer source = Sample.direct("abc");
        assertThat(file.append(source)).isEqualTo(10);
        assertThat(source.hasRemaining()).isFalse();
        Files.writeString(path, "another's", APPEND);
        assertThat(file.appendAsync(ByteBuffer.wrap(new byte[] {'d'})).join()).isEqualTo(22);
        assertThat(path).hasContent("0123456789abcanother'sd");
    }

    @Test
    default void concurrentAppendsLandWhereTheySay() throws IOException {
        Path path = folder().resolve("file");
        AsyncFile file = open(path, CREATE, APPEND);
        if (!file.isAppending()) {
            return;
        }
        java.util.List<java.util.concurrent.CompletableFuture<Long>> appends = new java.util.ArrayList<>();
        for (int i = 0; i < 300; i++) {
            // Every seventh is so long that it goes to another thread.
            appends.add(file.appendAsync(ByteBuffer.wrap(Sample.random(lengthOf(i), i))));
        }
        byte[] all = new byte
                [java.util.stream.IntStream.range(0, 300)
                        .map(SizeContract::lengthOf)
                        .sum()];
        for (int i = 0; i < 300; i++) {
            System.arraycopy(
                    Sample.random(lengthOf(i), i),
                    0,
                    all,
                    Math.toIntExact(appends.get(i).join()),
                    lengthOf(i));
        }
        assertThat(path).hasBinaryContent(all);
    }

    private static int lengthOf(int index) {
        return index % 7 == 0 ? 100_000 : 10 + index;
    }

    @Test
    default void onlyAFileOpenedSoIsAppendedTo() throws IOException {
        AsyncFile file = holding("0123456789");
        assertThatIllegalStateException()
                .isThrownBy(() -> file.append(Sample.direct("a")))
                .withMessageContainingAll(nameOf(folder().resolve("file")), "APPEND");
        assertThatIllegalStateException().isThrownBy(() -> file.appendAsync(Sample.direct("a")));
    }
}
