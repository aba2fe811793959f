package dev.sluice.language;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Paths and patterns of a flow as they are seen from the managed directory. Immutable.
 *
 * <p>Below the directory a path is relative and has neither {@code .} nor {@code ..} nor empty parts; the directory itself
 * is an empty text. What is elsewhere stays absolute, and so does all that is absolute while the directory is not known.
 */
final class ManagedPath {
    /** The directory with a slash behind, or an empty text when it is not known. */
    private final String directory;

    ManagedPath(String directory) {
        this.directory = directory.isEmpty() || directory.endsWith("/") ? directory : directory + "/";
    }

    /** How many bytes relative patterns leave out. */
    int ahead() {
        return directory.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }

    /** A path or pattern as it is compared with others. */
    String of(String text) {
        String plain = normal(text);
        if (!directory.isEmpty() && (plain + "/").equals(directory)) {
            return "";
        }
        return !directory.isEmpty() && plain.startsWith(directory) ? plain.substring(directory.length()) : plain;
    }

    /** Can nothing inside the managed directory be meant by this text, which {@link #of} gave? */
    boolean isOutside(String normal) {
        if (normal.equals("..") || normal.startsWith("../")) {
            return true;
        }
        if (!normal.startsWith("/") || directory.isEmpty()) {
            return false;
        }
        String start = Glob.literalStart(normal);
        return start.equals(normal) || !directory.startsWith(start);
    }

    /** The absolute form of a relative path, to be compared with absolute patterns. */
    String absolute(String normal) {
        return normal.startsWith("/") ? normal : directory + normal;
    }

    /** Without empty parts, {@code .} and, where it can be seen, {@code ..}; without a slash at the end. */
    private static String normal(String text) {
        if (!text.contains("//") && !text.contains("./") && !text.endsWith("/") && !text.endsWith(".")) {
            return text;
        }
        if (Glob.isPattern(text) && text.indexOf('[') >= 0) {
            // A slash may stand inside of the brackets.
            String short1 = text.startsWith("./") ? text.substring(2) : text;
            return short1.endsWith("/") ? short1.substring(0, short1.length() - 1) : short1;
        }
        Deque<String> parts = new ArrayDeque<>();
        for (String part : List.of(text.split("/"))) {
            boolean up = part.equals("..");
            if (up && !parts.isEmpty() && !parts.getLast().equals("..") && !Glob.isPattern(parts.getLast())) {
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".") && !(up && parts.isEmpty() && text.startsWith("/"))) {
                parts.addLast(part);
            }
        }
        return (text.startsWith("/") ? "/" : "") + String.join("/", parts);
    }

    /** The directory that a normal path is in; of the managed directory itself, none. */
    static String parent(String normal) {
        int slash = normal.lastIndexOf('/');
        return slash < 0 ? "" : normal.substring(0, slash);
    }
}
