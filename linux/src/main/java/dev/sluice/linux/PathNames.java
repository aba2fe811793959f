package dev.sluice.linux;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The bytes of a path's name as the kernel takes them. */
final class PathNames {
    private PathNames() {}

    static MemorySegment allocate(Path path, Arena arena) {
        byte[] name = bytes(path);
        MemorySegment memory = arena.allocate(name.length + 1L);
        MemorySegment.copy(name, 0, memory, ValueLayout.JAVA_BYTE, 0, name.length);
        return memory;
    }

    /**
     * A Java string cannot hold every file name, but a path's URI has its very bytes, each one that is not plain ASCII
     * as {@code %XX}.
     */
    static byte[] bytes(Path path) {
        String text = path.toString();
        if (text.isEmpty()) {
            text = ".";
        }
        if (text.chars().allMatch(c -> c < 0x80 && c != '?' && c != 0)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        String raw = path.toAbsolutePath().toUri().getRawPath();
        if (raw.endsWith("/") && raw.length() > 1) {
            raw = raw.substring(
                    0, raw.length() - 1); // a folder's URI ends so; its name must not, or links are followed
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }

    /** {@return the path that has these very bytes, which are an absolute one's} */
    static Path path(byte[] name) {
        StringBuilder raw = new StringBuilder("file://");
        for (byte each : name) {
            raw.append(each == '/' ? "/" : "%%%02X".formatted(each & 0xFF));
        }
        return Path.of(URI.create(raw.toString()));
    }
}
