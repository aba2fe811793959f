package dev.sluice.language;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

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
        return directory.getBytes(StandardCharsets.UTF_8).length;
    }

    /** A path or pattern as it is compared with others. */
    String of(String text) {
        String plain = normal(text);
        if (!directory.isEmpty() && (plain + "/").equals(directory)) {
            return "";
        }
        return !directory.isEmpty() && plain.startsWith(directory) ? plain.substring(directory.length()) : plain;
    }

    /** What is left of a path, as {@link #of} gave it, behind the managed directory's own name; empty when it does not begin so. */
    String behindOwnName(String normal) {
        String name = directory.substring(directory.lastIndexOf('/', directory.length() - 2) + 1);
        return name.length() > 1 && normal.startsWith(name) ? normal.substring(name.length()) : "";
    }

    /** Can nothing inside the managed directory be meant by this text, which {@link #of} gave? */
    boolean isOutside(String normal) {
        if (normal.equals("..") || normal.startsWith("../")) {
            return true;
        }
        if (!normal.startsWith("/") || directory.isEmpty()) {
            return false;
        }
        return !Glob.isPattern(normal) || !directory.startsWith(Glob.literalStart(normal));
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
        int bracket = text.indexOf('[');
        if (bracket >= 0 && Glob.isPattern(text)) {
            // Slashes behind it may be inside of brackets.
            int end = text.lastIndexOf('/', bracket) + 1;
            String start = end == 0 ? "" : normal(text.substring(0, end));
            String rest = text.substring(end, text.length() - (text.endsWith("/") ? 1 : 0));
            return start.isEmpty() || start.equals("/") ? start + rest : start + "/" + rest;
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

    /** Adds the directories that a normal path, or the plain beginning of a pattern, is in; not the managed one. */
    static void addDirectories(String normal, Set<String> directories) {
        String parent = parent(Glob.literalStart(normal));
        while (!parent.isEmpty() && directories.add(parent)) {
            parent = parent(parent);
        }
    }

    /** The directory that a normal path is in; of the managed directory itself, none. */
    static String parent(String normal) {
        int slash = normal.lastIndexOf('/');
        return slash < 0 ? "" : normal.substring(0, slash);
    }
}
