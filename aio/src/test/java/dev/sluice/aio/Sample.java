package dev.sluice.aio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.OpenOption;
import java.util.Random;

/** Bytes for tests. */
final class Sample {
    private Sample() {}

    static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static ByteBuffer direct(byte... bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    static ByteBuffer direct(String text) {
        return direct(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Direct memory, freed by the garbage collector. */
    static MemorySegment memory(long bytes) {
        return Arena.ofAuto().allocate(bytes, 4096);
    }

    static MemorySegment memoryOf(byte... bytes) {
        return memory((long) bytes.length).copyFrom(MemorySegment.ofArray(bytes));
    }

    /** The bytes before a buffer's position. */
    static byte[] filled(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.position()];
        buffer.duplicate().flip().get(bytes);
        return bytes;
    }

    static String text(ByteBuffer buffer) {
        return new String(filled(buffer), StandardCharsets.UTF_8);
    }

    /** {@code ExtendedOpenOption.DIRECT}, by name: the module that has it is not one of those we read. */
    static OpenOption directOption() {
        try {
            for (Object constant :
                    Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
                if (constant.toString().equals("DIRECT")) {
                    return (OpenOption) constant;
                }
            }
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("there is no DIRECT");
    }
}
