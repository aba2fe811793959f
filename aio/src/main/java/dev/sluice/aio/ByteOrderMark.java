package dev.sluice.aio;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes at a file's beginning which say how the others are to be read.
 *
 * @param bytes the mark
 * @param charset what follows it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ByteOrderMark(byte[] bytes, Charset charset) {
    private static final List<ByteOrderMark> UTF_8 =
            List.of(new ByteOrderMark(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, StandardCharsets.UTF_8));
    private static final List<ByteOrderMark> UTF_16 = List.of(
            new ByteOrderMark(new byte[] {(byte) 0xFE, (byte) 0xFF}, StandardCharsets.UTF_16BE),
            new ByteOrderMark(new byte[] {(byte) 0xFF, (byte) 0xFE}, StandardCharsets.UTF_16LE));
    private static final List<ByteOrderMark> UTF_32 = List.of(
            new ByteOrderMark(new byte[] {0, 0, (byte) 0xFE, (byte) 0xFF}, StandardCharsets.UTF_32BE),
            new ByteOrderMark(new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 0}, StandardCharsets.UTF_32LE));

    /** The longest mark there is. */
    static final int LONGEST = 4;

    /** The marks that text of a charset may begin with. */
    static List<ByteOrderMark> of(Charset charset) {
        return switch (charset.name()) {
            case "UTF-8" -> UTF_8;
            case "UTF-16", "x-UTF-16LE-BOM" -> UTF_16;
            case "UTF-32", "X-UTF-32BE-BOM", "X-UTF-32LE-BOM" -> UTF_32;
            default -> List.of();
        };
    }

    /** What text of a charset is when it begins with no mark. */
    static Charset unmarked(Charset charset) {
        return switch (charset.name()) {
            case "UTF-16" -> StandardCharsets.UTF_16BE;
            case "x-UTF-16LE-BOM" -> StandardCharsets.UTF_16LE;
            case "UTF-32", "X-UTF-32BE-BOM" -> StandardCharsets.UTF_32BE;
            case "X-UTF-32LE-BOM" -> StandardCharsets.UTF_32LE;
            default -> charset;
        };
    }

    /** True when text of a charset is written with a mark, as the JDK's encoders do it. */
    static boolean isWritten(Charset charset) {
        return charset.name().equals("UTF-16") || charset.name().endsWith("-BOM");
    }

    /** True when bytes begin with this mark, as far as they go. */
    boolean fits(byte[] text, int from, int to) {
        int length = Math.min(bytes.length, to - from);
        return Arrays.equals(text, from, from + length, bytes, 0, length);
    }
}
