package dev.sluice.files;

import dev.sluice.aio.AsyncFile;
import dev.sluice.aio.AsyncFileStream;
import dev.sluice.aio.Context;
import dev.sluice.aio.TextOptions;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A pipe with two ends, each of which reads what is written at the other.
 *
 * {@snippet class="dev.sluice.files.CoupleGuideTest" region="pipes"}
 *
 * <p>It is made of two ways of the operating system. What is written can be read at once; when a way is full, a write waits
 * until there is room. When an end is closed, the other reads to the end of what was written and then finds the end; writing
 * to it fails, since nobody is left to read.
 *
 * <p>Safe for use by many threads.
 *
 * @param <T> what goes through: {@code byte[]} or {@code String}
 */
public final class Pipes<T> implements AutoCloseable {
    /**
     * One way, from the one that writes to the one that reads: two descriptors of this process, which belong to the pipe from
     * now on.
     *
     * @param reader the descriptor that is read
     * @param writer the descriptor that is written
     */
    public record Way(int reader, int writer) {}

    /** Makes ways. */
    @FunctionalInterface
    public interface Factory {
        /** By {@code pipe(2)}: 64 KiB fit in. */
        Factory PIPES = () -> of(Linux.pipe(), "making a pipe");

        /** By {@code socketpair(2)}. */
        Factory SOCKETS = () -> of(Linux.socketPair(), "making a pair of sockets");

        /**
         * Makes one.
         *
         * @return the way
         * @throws IOException when it cannot be made
         */
        Way make() throws IOException;

        private static Way of(long made, String action) throws IOException {
            if (made < 0 && made > -4096) {
                throw Errno.exception(made, "a way of a pipe", action);
            }
            return new Way((int) made, (int) (made >>> Integer.SIZE));
        }
    }

    private final Couple<T, T> left;
    private final Couple<T, T> right;

    private Pipes(Couple<T, T> left, Couple<T, T> right) {
        this.left = left;
        this.right = right;
    }

    /**
     * Makes a pipe for bytes.
     *
     * @return the pipe
     * @throws IOException when it cannot be made
     */
    public static Pipes<byte[]> binary() throws IOException {
        return binary(Factory.PIPES);
    }

    /**
     * Makes a pipe for bytes.
     *
     * @param factory makes its two ways
     * @return the pipe
     * @throws IOException when it cannot be made
     */
    public static Pipes<byte[]> binary(Factory factory) throws IOException {
        return made(
                factory,
                (reader, writer) -> couple(Intake.of(reader.stream()), Outlet.of(writer.stream()), reader, writer));
    }

    /**
     * Makes a pipe for text.
     *
     * @param charset how the text is bytes in between
     * @return the pipe
     * @throws IOException when it cannot be made
     */
    public static Pipes<String> text(Charset charset) throws IOException {
        return text(charset, Factory.PIPES);
    }

    /**
     * Makes a pipe for text.
     *
     * @param charset how the text is bytes in between
     * @param factory makes its two ways
     * @return the pipe
     * @throws IOException when it cannot be made
     */
    public static Pipes<String> text(Charset charset, Factory factory) throws IOException {
        TextOptions options = TextOptions.DEFAULT.withCharset(charset);
        return made(
                factory,
                (reader, writer) -> couple(
                        Intake.of(reader.stream().text(options)),
                        Outlet.of(writer.stream().text(options)),
                        reader,
                        writer));
    }

    private static <T> Couple<T, T> couple(Intake<T> intake, Outlet<T> outlet, End reader, End writer) {
        return new Couple<>(intake.closedBy(reader), outlet.closedBy(writer), Sequence::onVirtualThread, true);
    }

    /** A descriptor that is ours, as a stream. */
    private record End(int descriptor, AsyncFile file, AsyncFileStream stream) implements Closeable {
        static End of(int descriptor) throws IOException {
            AsyncFile file = AsyncFile.ofDescriptor(descriptor, Context.shared());
            return new End(descriptor, file, file.stream());
        }

        @Override
        public void close() throws IOException {
            try {
                stream.close();
                file.close();
            } finally {
                Linux.close(descriptor);
            }
        }
    }

    private interface Coupling<T> {
        Couple<T, T> of(End reader, End writer);
    }

    private static <T> Pipes<T> made(Factory factory, Coupling<T> coupling) throws IOException {
        List<Integer> descriptors = new ArrayList<>();
        List<End> ends = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                Way way = factory.make();
                descriptors.add(way.reader());
                descriptors.add(way.writer());
            }
            for (int descriptor : descriptors) {
                ends.add(End.of(descriptor));
            }
            return new Pipes<>(coupling.of(ends.get(0), ends.get(3)), coupling.of(ends.get(2), ends.get(1)));
        } catch (IOException | RuntimeException | Error e) {
            for (End end : ends) {
                end.file().close();
            }
            descriptors.forEach(Linux::close);
            throw e;
        }
    }

    /** {@return the one end} */
    public Couple<T, T> left() {
        return left;
    }

    /** {@return the other end} */
    public Couple<T, T> right() {
        return right;
    }

    /**
     * Closes both ends.
     *
     * @throws IOException when one of them could not be closed
     */
    @Override
    public void close() throws IOException {
        CompletableFuture<@Nullable Void> one = left.closeAsync();
        CompletableFuture<@Nullable Void> other = right.closeAsync();
        try {
            CompletableFuture.allOf(one, other).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e;
        }
    }

    @Override
    public String toString() {
        return "pipe of " + left + " and " + right;
    }
}
