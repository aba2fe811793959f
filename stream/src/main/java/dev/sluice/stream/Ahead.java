package dev.sluice.stream;

import dev.sluice.language.Flow;
import dev.sluice.language.Step;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The directories that a step passes on the way to what it consumes. They may not be there yet; then the step waits for them
 * as it waits for the file.
 */
final class Ahead {
    private Ahead() {}

    /** {@return by the step's name, the directories' paths} */
    static Map<String, Set<String>> of(Flow flow, Path directory) {
        Map<String, List<String>> aliases = new HashMap<>();
        flow.aliases().forEach(alias -> aliases.put(alias.name(), alias.paths()));
        Map<String, Set<String>> ahead = new HashMap<>();
        for (Step step : flow.steps()) {
            Set<String> found = ahead.computeIfAbsent(step.name(), _ -> new HashSet<>());
            for (String input : step.inputs()) {
                aliases.getOrDefault(input, List.of(input)).forEach(path -> add(path, directory, found));
            }
        }
        return ahead;
    }

    private static void add(String input, Path directory, Set<String> found) {
        String path = input;
        String start = directory + "/";
        if (path.startsWith(start)) {
            path = path.substring(start.length());
        } else if (path.startsWith("/")) {
            return;
        }
        while (path.startsWith("./")) {
            path = path.substring(2);
        }
        int plain = 0;
        while (plain < path.length() && "*?[".indexOf(path.charAt(plain)) < 0) {
            plain++;
        }
        for (int slash = path.indexOf('/'); slash >= 0 && slash < plain; slash = path.indexOf('/', slash + 1)) {
            if (slash > 0) {
                found.add(path.substring(0, slash));
            }
        }
    }
}
