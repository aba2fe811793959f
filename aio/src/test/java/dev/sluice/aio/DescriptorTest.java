package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.linux.Linux;
import dev.sluice.linux.OpenFlag;
import dev.sluice.testing.Child;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that were not opened by name, and files that are no ordinary ones; on both kinds of context. */
class DescriptorTest extends OnChosenContext {
    @BeforeEach
    void onLinux() {
        assumeTrue(Linux.availability().available(), Linux.availability().reason());
    }

    @ParameterizedTest
    @EnumSource
    void anAdoptedDescriptorStaysOpen(Context.Kind kind) throws IOException {
        on(kind);
        Path path = Files.writeString(folder.resolve("file"), "0123456789");
        int fd = Linux.open(path, OpenFlag.READ_WRITE.bits(), 0);
        try {
            AsyncFile file = AsyncFile.ofDescriptor(fd, context);
            assertThat(file.name()).isEqualTo("descriptor " + fd);
            file.write(Sample.direct("abc"), 3);
            ByteBuffer target = ByteBuffer.allocate(20);
            assertThat(file.readAsync(target, 0).join()).isEqualTo(10);
            assertThat(Sample.text(target)).isEqualTo("012abc6789");
            file.close();
            assertThat(Linux.fcntlFlags(fd)).isNotNegative();
        } finally {
            Linux.close(fd);
        }
    }

    @Test
    void anAdoptedDescriptorsModeIsKnown() throws IOException {
        on(Context.Kind.THREADS);
        int fd = Linux.open(Files.createFile(folder.resolve("file")), OpenFlag.READ_ONLY.bits(), 0);
        try (AsyncFile file = AsyncFile.ofDescriptor(fd, context)) {
            assertThatThrownBy(() -> file.write(Sample.direct("a"), 0))
                    .isInstanceOf(java.nio.channels.NonWritableChannelException.class)
                    .hasMessageContaining("descriptor " + fd);
        } finally {
            Linux.close(fd);
        }
    }

    @Test
    void descriptorsThatAreNoneOrFoldersAreRefused() throws IOException {
        on(Context.Kind.THREADS);
        for (int bad : new int[] {1_000_000, -1}) {
            assertThatThrownBy(() -> AsyncFile.ofDescriptor(bad, context))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContainingAll("descriptor " + bad, "EBADF");
        }
        int fd = Linux.open(folder, OpenFlag.READ_ONLY.bits(), 0);
        try {
            assertThatThrownBy(() -> AsyncFile.ofDescriptor(fd, context)).hasMessageContaining("EISDIR");
            assertThat(Linux.close(fd)).as("still open").isZero();
        } finally {
            Linux.close(fd);
        }
    }

    @ParameterizedTest
    @EnumSource
    void devicesAreReadAndWritten(Context.Kind kind) throws IOException {
        on(kind);
        try (AsyncFile zero = AsyncFile.open(Path.of("/dev/zero"), context, READ);
                AsyncFile nothing = AsyncFile.open(Path.of("/dev/null"), context, READ, WRITE)) {
            ByteBuffer target = ByteBuffer.allocateDirect(100_000);
            // The kernel reads a device page by page, and stops between two of them when others want the processor.
            long count = PipeBackend.value(zero.readAsync(target, 0));
            assertThat(count).isBetween(1L, 100_000L);
            assertThat(PipeBackend.value(nothing.writeAsync(target.flip(), 5))).isEqualTo(count);
            assertThat(PipeBackend.value(nothing.readAsync(ByteBuffer.allocate(10), 0)))
                    .isEqualTo(-1);
            assertThat(nothing.read(ByteBuffer.allocate(10), 0)).isEqualTo(-1);
            nothing.write(ByteBuffer.allocate(10), 0);
        }
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "/dev/full is needed");
        try (AsyncFile file = AsyncFile.open(full, context, WRITE)) {
            assertThatThrownBy(() -> file.write(Sample.direct("a"), 0))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContainingAll("/dev/full", "ENOSPC (No space left on device)");
        }
    }

    /** Their size is 0, yet they hold something. */
    @ParameterizedTest
    @EnumSource
    void filesOfProcAreReadToTheirEnd(Context.Kind kind) throws Exception {
        on(kind);
        String expected = Files.readString(Path.of("/proc/self/environ"), StandardCharsets.ISO_8859_1);
        try (AsyncFile file = AsyncFile.open(Path.of("/proc/self/environ"), context, READ)) {
            assertThat(file.size()).isZero();
            ByteBuffer target = ByteBuffer.allocateDirect(1 << 20);
            assertThat(file.readAsync(target, 0).join()).isEqualTo(expected.length());
            assertThat(new String(Sample.filled(target), StandardCharsets.ISO_8859_1))
                    .isEqualTo(expected);
            ByteBuffer again = ByteBuffer.allocate(1 << 20);
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    file.read(again, 0);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            dev.sluice.testing.Deadline.join(reader);
            assertThat(again.position()).isEqualTo(expected.length());
        }
    }

    @ParameterizedTest
    @EnumSource
    void standardInputIsReadUntilItEnds(Context.Kind kind) throws IOException {
        on(kind);
        try (Child child = Child.of(Child.java(Echo.class.getName(), Echo.class, List.of(), kind.name()))) {
            child.start();
            try (OutputStream input = child.input()) {
                input.write("hello ".getBytes(StandardCharsets.UTF_8));
                input.flush();
                child.untilItSays("hello ");
                input.write("again".getBytes(StandardCharsets.UTF_8));
            }
            assertThat(child.finish().output()).contains("hello again", "positional: false", "the end");
        }
    }

    @ParameterizedTest
    @EnumSource
    void standardInputMayBeAFileOrATerminal(Context.Kind kind) throws IOException {
        on(kind);
        Path path = Files.writeString(folder.resolve("file"), "from a file");
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" < \"$0\"", path.toString()));
        command.addAll(Child.java(Echo.class.getName(), Echo.class, List.of(), kind.name()));
        assertThat(Child.run(command).output()).contains("from a file", "positional: true");

        assumeTrue(Child.run(List.of("sh", "-c", "command -v script")).exit() == 0, "script is needed");
        Path program = folder.resolve("run.sh");
        List<String> java = Child.java(Echo.class.getName(), Echo.class, List.of(), kind.name());
        Files.writeString(program, "exec '" + String.join("' '", java) + "'\n");
        try (Child child = Child.of(List.of("script", "-qec", "sh " + program, "/dev/null"))
                        .start();
                OutputStream input = child.input()) {
            child.untilItSays("ready");
            input.write("typed\n\4".getBytes(StandardCharsets.UTF_8));
            input.flush();
            assertThat(child.finish().output()).contains("positional: false", "[typed", "the end");
        }
    }

    /** Prints its standard input as it comes. */
    static final class Echo {
        public static void main(String... arguments) throws Exception {
            Context.Kind kind = Context.Kind.valueOf(arguments[0]);
            try (Context context = Context.builder().kind(kind).open();
                    AsyncFile in = AsyncFile.ofDescriptor(0, context);
                    AsyncFile out = AsyncFile.ofDescriptor(1, context)) {
                System.out.println("ready, positional: " + in.isPositional());
                ByteBuffer buffer = ByteBuffer.allocateDirect(1000);
                long position = 0;
                long count;
                while ((count = in.readAsync(buffer, position).join()) >= 0) {
                    position += count;
                    byte[] some = Sample.filled(buffer);
                    System.out.print(
                            position == count
                                    ? "[" + new String(some, StandardCharsets.UTF_8)
                                    : new String(some, StandardCharsets.UTF_8));
                    System.out.flush();
                    buffer.clear();
                }
                out.write(Sample.direct("the end"), 0);
            }
        }
    }

    @Test
    void memoryFilesAreServedOnTheCallersThread() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(memory), "/dev/shm is needed");
        on(Context.Kind.THREADS);
        Path path = Files.createTempFile(memory, "sluice", "");
        try (AsyncFile file = AsyncFile.open(path, context, CREATE, READ, WRITE)) {
            file.write(Sample.direct("abc"), 0);
            assertThat(file.readAsync(ByteBuffer.allocateDirect(10), 0)).isCompletedWithValue(3L);
            assertThat(file.forceAsync(true)).isCompleted();
        } finally {
            Files.delete(path);
        }
    }
}
