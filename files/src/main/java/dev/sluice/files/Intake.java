package dev.sluice.files;

import dev.sluice.aio.AsyncFileStream;
import dev.sluice.aio.AsyncTextStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/**
 * What a couple reads from, and what of it was read ahead: bytes or characters.
 *
 * <p>What was read stays here until somebody takes it, so that a call which is given up half-way loses nothing. Used by one
 * thread at a time, that of the call whose turn it is.
 */
abstract class Intake<T> implements AutoCloseable {
    private static final int ROOM = 8 << 10;

    /** From here to there is what was read and not taken. */
    int start;

    int end;

    /** What else is closed with it. */
    private Closeable below = () -> {};

    /** This, which closes something else too. */
    final Intake<T> closedBy(Closeable other) {
        below = other;
        return this;
    }

    /** The object that is read. */
    abstract Object source();

    /** Whether what it reads is known to be closed. */
    abstract boolean isOpen();

    abstract void closeSource() throws IOException;

    @Override
    public final void close() throws IOException {
        try {
            closeSource();
        } finally {
            below.close();
        }
    }

    /** Reads some more; answers false at the end. */
    abstract boolean fill() throws IOException;

    /** Takes so many units of those that are there. */
    abstract T take(int count);

    abstract int unit(int index);

    /** The only kind of buffer that these units fit into. */
    abstract void take(Buffer target, int count);

    final int available() {
        return end - start;
    }

    /** How far the next line goes, with its end; -1 when that is not there yet. */
    final int lineLength(int from) {
        for (int i = start + from; i < end; i++) {
            if (unit(i) == '\n') {
                return i - start + 1;
            }
        }
        return -1;
    }

    static IllegalArgumentException wrongBuffer(String expected, Buffer given) {
        return new IllegalArgumentException("this reader needs a " + expected + ", not a "
                + given.getClass().getSimpleName());
    }

    /** Bytes, from whatever has some. */
    abstract static class OfBytes extends Intake<byte[]> {
        byte[] units = new byte[ROOM];

        /** Makes room for at least some more. */
        final void makeRoom() {
            int length = end - start;
            if (start > 0) {
                System.arraycopy(units, start, units, 0, length);
            }
            if (length > units.length / 2) {
                units = Arrays.copyOf(units, 2 * units.length);
            }
            start = 0;
            end = length;
        }

        final boolean took(int count) {
            end += Math.max(0, count);
            return count >= 0;
        }

        @Override
        final int unit(int index) {
            return units[index];
        }

        @Override
        final byte[] take(int count) {
            byte[] taken = Arrays.copyOfRange(units, start, start + count);
            start += count;
            return taken;
        }

        @Override
        final void take(Buffer target, int count) {
            ((ByteBuffer) target).put(units, start, count);
            start += count;
        }
    }

    /** Characters, from whatever has some. */
    abstract static class OfText extends Intake<String> {
        char[] units = new char[ROOM];

        final void makeRoom(int atLeast) {
            int length = end - start;
            if (start > 0) {
                System.arraycopy(units, start, units, 0, length);
            }
            if (length > units.length / 2 || length + atLeast > units.length) {
                units = Arrays.copyOf(units, Math.max(2 * units.length, length + atLeast));
            }
            start = 0;
            end = length;
        }

        @Override
        final int unit(int index) {
            return units[index];
        }

        @Override
        final String take(int count) {
            String taken = new String(units, start, count);
            start += count;
            return taken;
        }

        @Override
        final void take(Buffer target, int count) {
            ((CharBuffer) target).put(units, start, count);
            start += count;
        }
    }

    /** Whether a buffer can take these units. */
    static void check(Intake<?> intake, Buffer target) {
        boolean isRight = intake instanceof OfBytes ? target instanceof ByteBuffer : target instanceof CharBuffer;
        if (!isRight) {
            throw wrongBuffer(intake instanceof OfBytes ? "ByteBuffer" : "CharBuffer", target);
        }
        if (target.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
    }

    static Intake<byte[]> of(InputStream stream) {
        return new OfBytes() {
            @Override
            Object source() {
                return stream;
            }

            @Override
            boolean isOpen() {
                return true;
            }

            @Override
            boolean fill() throws IOException {
                makeRoom();
                return took(stream.read(units, end, units.length - end));
            }

            @Override
            void closeSource() throws IOException {
                stream.close();
            }
        };
    }

    static Intake<byte[]> of(ReadableByteChannel channel) {
        return new OfBytes() {
            @Override
            Object source() {
                return channel;
            }

            @Override
            boolean isOpen() {
                return channel.isOpen();
            }

            @Override
            boolean fill() throws IOException {
                makeRoom();
                int count = channel.read(ByteBuffer.wrap(units, end, units.length - end));
                if (count == 0) {
                    throw new IOException(channel + " answered no bytes: a couple needs one that waits for them,"
                            + " so call configureBlocking(true)");
                }
                return took(count);
            }

            @Override
            void closeSource() throws IOException {
                channel.close();
            }
        };
    }

    static Intake<byte[]> of(AsyncFileStream stream) {
        return new OfBytes() {
            @Override
            Object source() {
                return stream;
            }

            @Override
            boolean isOpen() {
                return stream.isOpen() && stream.file().isReadable();
            }

            @Override
            boolean fill() throws IOException {
                makeRoom();
                return took(stream.read(ByteBuffer.wrap(units, end, units.length - end)));
            }

            @Override
            void closeSource() throws IOException {
                stream.close();
            }
        };
    }

    static Intake<String> of(Reader reader) {
        return new OfText() {
            @Override
            Object source() {
                return reader;
            }

            @Override
            boolean isOpen() {
                return true;
            }

            @Override
            boolean fill() throws IOException {
                makeRoom(1);
                int count = reader.read(units, end, units.length - end);
                end += Math.max(0, count);
                return count >= 0;
            }

            @Override
            void closeSource() throws IOException {
                reader.close();
            }
        };
    }

    static Intake<String> of(AsyncTextStream stream) {
        return new OfText() {
            @Override
            Object source() {
                return stream;
            }

            @Override
            boolean isOpen() {
                return stream.isOpen() && stream.file().isReadable();
            }

            @Override
            boolean fill() throws IOException {
                String text = stream.read(ROOM / 2);
                makeRoom(text.length());
                text.getChars(0, text.length(), units, end);
                end += text.length();
                return !text.isEmpty();
            }

            @Override
            void closeSource() throws IOException {
                stream.close();
            }
        };
    }
}
