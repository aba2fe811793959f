package dev.sluice.files;

import dev.sluice.aio.AsyncFileStream;
import dev.sluice.aio.AsyncTextStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/** What a couple writes to. Used by one thread at a time, that of the call whose turn it is. */
abstract class Outlet<T> implements AutoCloseable {
    /** What else is closed with it. */
    private Closeable below = () -> {};

    /** This, which closes something else too. */
    final Outlet<T> closedBy(Closeable other) {
        below = other;
        return this;
    }

    /** The object that is written. */
    abstract Object target();

    /** Whether what it writes is known to be closed. */
    boolean isOpen() {
        return true;
    }

    /** Writes all of it; answers how many units that were. */
    abstract int write(T units) throws IOException;

    void flush() throws IOException {}

    /** Sets the size, to where it is when none is given; answers the size. */
    long truncate(@Nullable Long size) throws IOException {
        throw new UnsupportedOperationException(target() + " has no size that could be set");
    }

    abstract void closeTarget() throws IOException;

    @Override
    public final void close() throws IOException {
        try {
            closeTarget();
        } finally {
            below.close();
        }
    }

    static Outlet<byte[]> of(OutputStream stream) {
        return new Outlet<>() {
            @Override
            Object target() {
                return stream;
            }

            @Override
            int write(byte[] bytes) throws IOException {
                stream.write(bytes);
                return bytes.length;
            }

            @Override
            void flush() throws IOException {
                stream.flush();
            }

            @Override
            void closeTarget() throws IOException {
                stream.close();
            }
        };
    }

    static Outlet<String> of(Writer writer) {
        return new Outlet<>() {
            @Override
            Object target() {
                return writer;
            }

            @Override
            int write(String text) throws IOException {
                writer.write(text);
                return text.length();
            }

            @Override
            void flush() throws IOException {
                writer.flush();
            }

            @Override
            void closeTarget() throws IOException {
                writer.close();
            }
        };
    }

    static Outlet<byte[]> of(WritableByteChannel channel) {
        return new Outlet<>() {
            @Override
            Object target() {
                return channel;
            }

            @Override
            boolean isOpen() {
                return channel.isOpen();
            }

            @Override
            int write(byte[] bytes) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    if (channel.write(buffer) == 0) {
                        throw new IOException(channel + " took no bytes: a couple needs one that waits until it can,"
                                + " so call configureBlocking(true)");
                    }
                }
                return bytes.length;
            }

            @Override
            long truncate(@Nullable Long size) throws IOException {
                if (!(channel instanceof SeekableByteChannel seekable)) {
                    return super.truncate(size);
                }
                return seekable.truncate(size == null ? seekable.position() : size)
                        .size();
            }

            @Override
            void closeTarget() throws IOException {
                channel.close();
            }
        };
    }

    static Outlet<byte[]> of(AsyncFileStream stream) {
        return new Outlet<>() {
            @Override
            Object target() {
                return stream;
            }

            @Override
            boolean isOpen() {
                return stream.isOpen() && stream.file().isWritable();
            }

            @Override
            int write(byte[] bytes) throws IOException {
                long _ = stream.write(bytes);
                return bytes.length;
            }

            @Override
            long truncate(@Nullable Long size) throws IOException {
                stream.truncate(size == null ? stream.position() : size);
                return stream.size();
            }

            @Override
            void closeTarget() throws IOException {
                stream.close();
            }
        };
    }

    static Outlet<String> of(AsyncTextStream stream) {
        return new Outlet<>() {
            @Override
            Object target() {
                return stream;
            }

            @Override
            boolean isOpen() {
                return stream.isOpen() && stream.file().isWritable();
            }

            @Override
            int write(String text) throws IOException {
                long _ = stream.write(text);
                return text.length();
            }

            @Override
            long truncate(@Nullable Long size) throws IOException {
                stream.truncate(size == null ? stream.position() : size);
                return stream.size();
            }

            @Override
            void closeTarget() throws IOException {
                stream.close();
            }
        };
    }
}
