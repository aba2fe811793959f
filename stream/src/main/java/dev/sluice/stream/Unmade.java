package dev.sluice.stream;

import dev.sluice.language.Contracts;
import dev.sluice.language.Flow;
import dev.sluice.language.Step;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The outputs that a flow names without wildcards, and that nobody has made yet. Owned by the workflow's lock. */
final class Unmade {
    private final Path directory;
    private final Contracts contracts;
    private final Set<String> paths = new LinkedHashSet<>();

    Unmade(Flow flow, Path directory, Contracts contracts) {
        this.directory = directory;
        this.contracts = contracts;
        Map<String, List<String>> aliases = new HashMap<>();
        flow.aliases().forEach(alias -> aliases.put(alias.name(), alias.paths()));
        for (Step step : flow.steps()) {
            for (String output : step.outputs()) {
                aliases.getOrDefault(output, List.of(output)).forEach(path -> add(path, directory + "/"));
            }
        }
    }

    private void add(String output, String start) {
        String path = output.startsWith(start) ? output.substring(start.length()) : output;
        while (path.startsWith("./")) {
            path = path.substring(2);
        }
        boolean isExact = path.chars().noneMatch(c -> "*?[\\".indexOf(c) >= 0);
        if (isExact && !path.isEmpty() && !path.startsWith("/") && !path.endsWith("/")) {
            paths.add(path);
        }
    }

    /** Somebody makes a file. */
    void made(String path) {
        if (!paths.isEmpty()) {
            paths.remove(path);
        }
    }

    /**
     * {@return those whose producers have all run, and well, as sentences}
     *
     * @param steps how the steps have ended
     * @param naming knows which of them are there all the same, from before
     */
    Map<String, String> sentences(Steps steps, Naming naming) {
        Map<String, String> sentences = new java.util.LinkedHashMap<>();
        for (String path : paths) {
            List<String> producers = contracts.file(path).producers();
            boolean isDue = !producers.isEmpty()
                    && !contracts.file(path).isExcluded()
                    && producers.stream().allMatch(steps::hasEndedWell)
                    && !isThere(naming, path);
            if (isDue) {
                sentences.put(
                        path,
                        path + " is an output of step " + String.join(", ", producers)
                                + ", as the flow says, and no process has made it in " + directory);
            }
        }
        return sentences;
    }

    /** Is there something of a path? */
    private static boolean isThere(Naming naming, String path) {
        Directory at = naming.root;
        String[] names = path.split("/", -1);
        try {
            for (int i = 0; i < names.length; i++) {
                Entry entry = naming.entry(at, Underlying.name(names[i].getBytes(StandardCharsets.UTF_8)));
                if (entry == null || i == names.length - 1) {
                    return entry != null;
                }
                if (!(naming.node(at, entry) instanceof Directory next)) {
                    return true; // behind a link, perhaps
                }
                at = next;
            }
        } catch (Refusal e) {
            return true; // nobody can say that it is not
        }
        return true;
    }
}
