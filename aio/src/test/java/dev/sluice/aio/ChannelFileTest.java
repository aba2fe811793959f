package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files behind channels: handed in, and on file systems other than the default one. */
class ChannelFileTest extends OnChosenContext {
    @ParameterizedTest
    @EnumSource
    void anAdoptedChannelStaysOpenAndKeepsItsPosition(Context.Kind kind) throws IOException {
        on(kind);
        Path path = Files.writeString(folder.resolve("file"), "0123456789");
        try (FileChannel channel = FileChannel.open(path, READ, WRITE)) {
            channel.position(4);
            AsyncFile file = AsyncFile.of(channel, context);
            assertThat(file.isPositional()).isTrue();
            file.write(Sample.direct("abc"), 1);
            assertThat(file.readAsync(ByteBuffer.allocate(4), 8).join()).isEqualTo(2);
            assertThat(channel.position()).isEqualTo(4);
            file.close();
            assertThat(channel.isOpen()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheChannelCannotDoIsRefusedByItAndHarmsNobody(Context.Kind kind) throws IOException {
        on(kind);
        Path path = Files.writeString(folder.resolve("file"), "0123456789");
        try (FileChannel reads = FileChannel.open(path, READ);
                FileChannel writes = FileChannel.open(path, WRITE)) {
            AsyncFile reader = AsyncFile.of(reads, context);
            AsyncFile writer = AsyncFile.of(writes, context);
            assertThat(PipeBackend.failure(reader.writeAsync(Sample.direct("a"), 0)))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThat(PipeBackend.failure(writer.readAsync(ByteBuffer.allocate(1), 0)))
                    .isInstanceOf(NonReadableChannelException.class);
            assertThatThrownBy(() -> reader.write(Sample.direct("a"), 0))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThat(context.statistics().inFlight()).isZero();
            assertThat(reader.read(ByteBuffer.allocate(20), 0)).isEqualTo(10);
            reader.close();
            writer.close();
        }
    }

    @Test
    void aChannelClosedByItsOwnerSaysSo() throws IOException {
        on(Context.Kind.THREADS);
        FileChannel channel = FileChannel.open(folder.resolve("file"), CREATE, READ, WRITE);
        AsyncFile file = AsyncFile.of(channel, context);
        channel.close();
        assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), 0)).isInstanceOf(ClosedChannelException.class);
        file.close();
    }

    /** An interrupted thread in a channel closes it; so no caller's thread may be in one. */
    @ParameterizedTest
    @EnumSource
    void anInterruptDoesNotCloseTheChannel(Context.Kind kind) throws IOException {
        on(kind);
        Path path = Files.writeString(folder.resolve("file"), "0123456789");
        try (FileChannel channel = FileChannel.open(path, READ, WRITE)) {
            AsyncFile file = AsyncFile.of(channel, context);
            Thread.currentThread().interrupt();
            try {
                attempt(() -> file.size());
                attempt(() -> file.read(ByteBuffer.allocate(1), 0));
                attempt(() -> file.write(Sample.direct("a"), 0));
                attempt(() -> file.force(true));
                attempt(() -> file.truncate(5));
                attempt(() -> file.allocate(0, 8));
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(channel.isOpen()).isTrue();
            assertThat(file.readAsync(ByteBuffer.allocate(20), 0).join()).isEqualTo(8);
        }
    }

    private static void attempt(InterruptContract.Call call) throws IOException {
        try {
            call.run();
        } catch (java.io.InterruptedIOException e) {
            // the blocking form may stop
        }
    }

    @Test
    void appendingIsInterruptedAsLittle() throws IOException {
        on(Context.Kind.THREADS);
        Path path = Files.writeString(folder.resolve("file"), "0123456789");
        ChannelFile opened = Opening.of(APPEND).openChannel(path);
        SharedFile shared = new SharedFile(opened, context);
        Thread.currentThread().interrupt();
        try {
            assertThat(shared.append(Sample.memoryOf((byte) 'a'))).isEqualTo(10);
        } finally {
            Thread.interrupted();
        }
        assertThat(shared.append(Sample.memoryOf((byte) 'b'))).isEqualTo(11);
        assertThat(shared.appendAsync(Sample.memory(3 << 20)).join()).isEqualTo(12);
        opened.truncate(5);
        opened.truncate(9);
        assertThat(opened.size()).isEqualTo(9);
        shared.close().join();
        assertThat(path).hasBinaryContent(new byte[] {'0', '1', '2', '3', '4', 0, 0, 0, 0});
    }

    @ParameterizedTest
    @EnumSource
    void filesOfAnotherFileSystemAreReadAndWritten(Context.Kind kind) throws IOException {
        on(kind);
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"))) {
            Path path = zip.getPath("/inner");
            byte[] expected = Sample.random(3_000_000, 12);
            try (AsyncFile file = AsyncFile.open(path, context, CREATE, WRITE)) {
                assertThat(file.name()).isEqualTo("/inner");
                file.writeAsync(ByteBuffer.wrap(expected, 1_000_000, 2_000_000), 1_000_000)
                        .join();
                file.write(Sample.direct(java.util.Arrays.copyOf(expected, 1_000_000)), 0);
                file.force(false);
            }
            assertThat(Files.readAllBytes(path)).isEqualTo(expected);
            try (AsyncFile file = AsyncFile.open(path, context, READ)) {
                assertThat(file.size()).isEqualTo(expected.length);
                ByteBuffer target = ByteBuffer.allocateDirect(4_000_000);
                assertThat(file.readAsync(target, 0).join()).isEqualTo(expected.length);
                assertThat(Sample.filled(target)).isEqualTo(expected);
                assertThat(file.read(target.clear(), expected.length)).isEqualTo(-1);
            }
            assertThatThrownBy(() -> AsyncFile.open(zip.getPath("/missing"), context))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining("missing");
            assertThatThrownBy(() -> AsyncFile.open(path, context, WRITE, java.nio.file.StandardOpenOption.CREATE_NEW))
                    .isInstanceOf(FileAlreadyExistsException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aContextWaitsForItsChannelsOperations(Context.Kind kind) throws IOException {
        on(kind);
        for (int round = 0; round < 20; round++) {
            Context other = Context.builder().kind(kind).open();
            try (FileChannel channel = FileChannel.open(folder.resolve("file"), CREATE, READ, WRITE)) {
                AsyncFile file = AsyncFile.of(channel, other);
                List<CompletableFuture<Long>> writes = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    writes.add(file.writeAsync(ByteBuffer.allocate(300_000), i * 300_000L));
                }
                other.close();
                assertThat(other.statistics().inFlight()).isZero();
                writes.forEach(write -> PipeBackend.value(write.handle((bytes, e) -> 0)));
                file.close();
            }
        }
    }
}
