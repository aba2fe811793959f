package dev.sluice.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How much memory the control group of a process lets it have. Batch systems and systemd limit groups deep in the tree of groups;
 * in a container its own group is the root of what can be seen. Stateless.
 */
final class ControlGroup {
    private static final String NEWER = "memory.max";
    private static final String OLDER = "memory.limit_in_bytes";
    private static final int COLUMNS = 3;

    private ControlGroup() {}

    /** {@return the limit for this process, in bytes; a huge number when there is none} */
    static long memory() {
        return memory(Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup"));
    }

    /**
     * Finds the least limit of a group and of all that it is in.
     *
     * @param groups the file that names the groups of a process
     * @param tree where the groups are mounted
     */
    static long memory(Path groups, Path tree) {
        long least = limit(tree.resolve(NEWER));
        for (String line : lines(groups)) {
            String[] columns = line.split(":", COLUMNS);
            if (columns.length == COLUMNS && columns[1].isEmpty()) {
                least = Math.min(least, upwards(tree, columns[2], NEWER));
            } else if (columns.length == COLUMNS
                    && List.of(columns[1].split(",", -1)).contains("memory")) {
                least = Math.min(least, upwards(tree.resolve("memory"), columns[2], OLDER));
            }
        }
        return least;
    }

    private static long upwards(Path root, String group, String file) {
        long least = limit(root.resolve(file));
        Path at = root.resolve(group.replaceFirst("^/+", "")).normalize();
        while (at != null && at.startsWith(root) && !at.equals(root)) {
            least = Math.min(least, limit(at.resolve(file)));
            at = at.getParent();
        }
        return least;
    }

    private static long limit(Path file) {
        try {
            return Long.parseLong(String.join("", lines(file)).strip());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE; // "max", or nothing
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // there are no groups of this kind
        }
    }
}
