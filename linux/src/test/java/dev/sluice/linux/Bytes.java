package dev.sluice.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Native memory of a test. */
final class Bytes implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    final MemorySegment memory;

    Bytes(long size) {
        memory = arena.allocate(size, 4096);
    }

    static Bytes of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Bytes made = new Bytes(bytes.length);
        made.memory.copyFrom(MemorySegment.ofArray(bytes));
        return made;
    }

    long address() {
        return memory.address();
    }

    String text(int count) {
        return new String(memory.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /** Cuts the memory into {@code iovec}s of the given lengths, one after the other, and answers their address. */
    long iovecs(int... lengths) {
        MemorySegment iovecs = arena.allocate((long) lengths.length * Linux.IOVEC_BYTES, 8);
        long at = 0;
        for (int i = 0; i < lengths.length; i++) {
            iovecs.set(ValueLayout.JAVA_LONG, (long) i * Linux.IOVEC_BYTES, memory.address() + at);
            iovecs.set(ValueLayout.JAVA_LONG, (long) i * Linux.IOVEC_BYTES + 8, lengths[i]);
            at += lengths[i];
        }
        return iovecs.address();
    }

    @Override
    public void close() {
        arena.close();
    }
}
