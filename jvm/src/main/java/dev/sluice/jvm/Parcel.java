package dev.sluice.jvm;

import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message between a door and its server: a number that says what it is, and values in an agreed order, all behind the
 * message's length. Used again and again; one thread at a time.
 */
final class Parcel {
    /** The most bytes of a file that one brings. */
    static final int MOST_BYTES = 1 << 20;

    /** The most that one has, with its head. */
    static final int MOST = MOST_BYTES + (128 << 10);

    private static final int FIRST = 4096;
    private static final int LENGTH = Integer.BYTES;
    private static final int NOTHING = -1;

    private ByteBuffer memory = ByteBuffer.allocateDirect(FIRST);

    private void room(int more) {
        if (memory.remaining() < more) {
            long needed = (long) memory.position() + more;
            if (needed > MOST) {
                throw new IllegalArgumentException("a message has at most " + MOST + " bytes, not " + needed);
            }
            ByteBuffer larger =
                    ByteBuffer.allocateDirect((int) Math.min(MOST, Math.max(needed, 2L * memory.capacity())));
            memory = larger.put(memory.flip());
        }
    }

    /** Begins to write one. */
    Parcel begin(int kind) {
        memory.clear().putInt(0);
        return put((byte) kind);
    }

    Parcel put(byte value) {
        room(1);
        memory.put(value);
        return this;
    }

    Parcel put(boolean value) {
        return put((byte) (value ? 1 : 0));
    }

    Parcel put(int value) {
        room(Integer.BYTES);
        memory.putInt(value);
        return this;
    }

    Parcel put(long value) {
        room(Long.BYTES);
        memory.putLong(value);
        return this;
    }

    Parcel put(byte @Nullable [] bytes) {
        if (bytes == null) {
            return put(NOTHING);
        }
        put(bytes.length).room(bytes.length);
        memory.put(bytes);
        return this;
    }

    Parcel put(@Nullable String text) {
        return put(text == null ? null : Names.bytes(text));
    }

    Parcel put(@Nullable Integer value) {
        put(value != null);
        return value == null ? this : put(value.intValue());
    }

    Parcel put(@Nullable Instant time) {
        put(time != null);
        return time == null ? this : put(time.getEpochSecond()).put(time.getNano());
    }

    /** Copies some bytes of a buffer, which goes on behind them. */
    Parcel put(ByteBuffer from, int count) {
        put(count).room(count);
        memory.put(memory.position(), from, from.position(), count);
        memory.position(memory.position() + count);
        from.position(from.position() + count);
        return this;
    }

    /** {@return room for so many bytes, with their number before them, which {@link #shrink} corrects} */
    ByteBuffer bytes(int count) {
        put(count).room(count);
        ByteBuffer place = memory.slice(memory.position(), count);
        memory.position(memory.position() + count);
        return place;
    }

    /** There are fewer bytes in the room asked for last. */
    void shrink(int asked, int count) {
        int start = memory.position() - asked;
        memory.putInt(start - Integer.BYTES, count).position(start + count);
    }

    /** Sends what was written. */
    void send(SocketChannel channel) throws IOException {
        memory.putInt(0, memory.position() - LENGTH).flip();
        while (memory.hasRemaining()) {
            int _ = channel.write(memory);
        }
    }

    /** Receives the next one. {@return what it is, or -1 when the other side has ended} */
    int receive(SocketChannel channel) throws IOException {
        memory.clear().limit(LENGTH);
        if (!fill(channel)) {
            return NOTHING;
        }
        int length = memory.getInt(0);
        if (length < 1 || length > MOST - LENGTH) {
            throw new IOException("no message has " + Integer.toUnsignedString(length) + " bytes");
        }
        memory.clear();
        room(length);
        memory.limit(length);
        if (!fill(channel)) {
            throw new EOFException("a message ends within");
        }
        memory.flip();
        return memory.get() & 0xFF;
    }

    private boolean fill(SocketChannel channel) throws IOException {
        while (memory.hasRemaining()) {
            if (channel.read(memory) < 0) {
                if (memory.position() > 0) {
                    throw new EOFException("a message ends within");
                }
                return false;
            }
        }
        return true;
    }

    boolean hasMore() {
        return memory.hasRemaining();
    }

    byte getByte() throws IOException {
        return got(() -> memory.get());
    }

    boolean getTruth() throws IOException {
        return getByte() != 0;
    }

    int getInt() throws IOException {
        return got(() -> memory.getInt());
    }

    long getLong() throws IOException {
        return got(() -> memory.getLong());
    }

    byte @Nullable [] getBytes() throws IOException {
        int length = getInt();
        if (length == NOTHING) {
            return null;
        }
        requireThere(length);
        byte[] bytes = new byte[length];
        memory.get(bytes);
        return bytes;
    }

    @Nullable
    String getTextOrNull() throws IOException {
        byte[] bytes = getBytes();
        return bytes == null ? null : Names.text(bytes);
    }

    String getText() throws IOException {
        String text = getTextOrNull();
        return text == null ? "" : text;
    }

    @Nullable
    Integer getIntOrNull() throws IOException {
        return getTruth() ? getInt() : null;
    }

    @Nullable
    Instant getTimeOrNull() throws IOException {
        return getTruth() ? getTime() : null;
    }

    Instant getTime() throws IOException {
        long seconds = getLong();
        int nanos = getInt();
        try {
            return Instant.ofEpochSecond(seconds, nanos);
        } catch (java.time.DateTimeException | ArithmeticException e) {
            throw new IOException("a message has no time where one is expected", e);
        }
    }

    /** {@return bytes, as long as this is not used for anything else} */
    ByteBuffer getPlace() throws IOException {
        int length = getInt();
        requireThere(length);
        ByteBuffer place = memory.slice(memory.position(), length);
        memory.position(memory.position() + length);
        return place;
    }

    private void requireThere(int length) throws IOException {
        if (length < 0 || length > memory.remaining()) {
            throw new IOException("a message ends before what it has announced");
        }
    }

    @FunctionalInterface
    private interface Get<T> {
        T get();
    }

    private static <T> T got(Get<T> get) throws IOException {
        try {
            return get.get();
        } catch (BufferUnderflowException e) {
            throw new IOException("a message ends before what it has announced", e);
        }
    }
}
