package dev.sluice.jvm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * File names as texts. A name is bytes, which mostly are UTF-8; a byte that is none becomes one of the chars that no text has
 * alone, U+DC80 to U+DCFF, so that no name is lost on its way. Trees have one char for each byte instead. Stateless.
 */
final class Names {
    private static final int LONE = 0xDC00;
    private static final int HIGH = 0x80;

    private Names() {}

    /** {@return a name as trees have it} */
    static String toTree(String name) {
        return isAscii(name) ? name : new String(bytes(name), StandardCharsets.ISO_8859_1);
    }

    /** {@return a name as a text} */
    static String ofTree(String name) {
        return isAscii(name) ? name : text(name.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static boolean isAscii(String name) {
        return name.chars().allMatch(c -> c < HIGH);
    }

    /** {@return the bytes of a text} */
    static byte[] bytes(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() + 8);
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isLone =
                    c >= LONE + HIGH && c <= LONE + 0xFF && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
            if (isLone) {
                bytes.writeBytes(text.substring(from, i).getBytes(StandardCharsets.UTF_8));
                bytes.write(c - LONE);
                from = i + 1;
            }
        }
        bytes.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    /** {@return the text of bytes} */
    static String text(byte[] bytes) {
        String plain = new String(bytes, StandardCharsets.UTF_8);
        if (plain.indexOf('\uFFFD') < 0) {
            return plain;
        }
        StringBuilder text = new StringBuilder(bytes.length);
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(lengthOf(bytes[at]), bytes.length - at);
            String one = new String(bytes, at, length, StandardCharsets.UTF_8);
            boolean isOne = one.codePointCount(0, one.length()) == 1
                    && java.util.Arrays.equals(
                            one.getBytes(StandardCharsets.UTF_8), java.util.Arrays.copyOfRange(bytes, at, at + length));
            if (isOne) {
                text.append(one);
                at += length;
            } else {
                text.append((char) (LONE + (bytes[at] & 0xFF)));
                at++;
            }
        }
        return text.toString();
    }

    /** How many bytes a character has that begins so. */
    private static int lengthOf(byte first) {
        int ones = Integer.numberOfLeadingZeros(~(first << 24));
        return ones < 2 || ones > 4 ? 1 : ones;
    }
}
