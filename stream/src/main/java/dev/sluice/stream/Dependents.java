package dev.sluice.stream;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The streams whose commit hangs on other files, each by one of these that is not complete: so when one is, those only are
 * looked at that may be so now, however many others there are. Owned by the workflow's lock.
 */
final class Dependents {
    private final Predicate<String> isComplete;

    private record Hook(String name, int place) {}

    private final Map<String, Set<Stream>> byName = new HashMap<>();
    private final Map<Stream, Hook> hooks = new HashMap<>();

    /** Names, or patterns, that may be complete now without a commit of what they mean. */
    private final Set<String> doubtful = new LinkedHashSet<>();

    /** Those to be looked at: in turn, and not one in another, since each may be what the next one waits for. */
    private final Deque<Stream> due = new ArrayDeque<>();

    private boolean isLooking;

    /**
     * Knows none.
     *
     * @param isComplete whether what a rule names is complete
     */
    Dependents(Predicate<String> isComplete) {
        this.isComplete = isComplete;
    }

    boolean isEmpty() {
        return hooks.isEmpty();
    }

    /** One hangs on all of these files from now on. */
    void add(Stream stream, List<String> files) {
        if (areComplete(stream, files)) {
            hang(stream, files.getFirst(), 0);
            doubtful.add(files.getFirst());
        }
    }

    /** Are all of them complete? If not, it hangs on one that is not: the next one behind that on which it has hung. */
    boolean areComplete(Stream stream, List<String> files) {
        Hook before = hooks.get(stream);
        int start = before == null ? 0 : before.place;
        for (int i = 0; i < files.size(); i++) {
            int place = (start + i) % files.size();
            if (!isComplete.test(files.get(place))) {
                hang(stream, files.get(place), place);
                return false;
            }
        }
        return true;
    }

    private void hang(Stream stream, String name, int place) {
        remove(stream);
        hooks.put(stream, new Hook(name, place));
        byName.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(stream);
    }

    void remove(Stream stream) {
        Hook hook = hooks.remove(stream);
        Set<Stream> others = hook == null ? null : byName.get(hook.name);
        if (hook != null && others != null && others.remove(stream) && others.isEmpty()) {
            byName.remove(hook.name);
        }
    }

    /** What has some of these names is elsewhere or gone, or was complete when it was found. */
    void doubt(Collection<String> about) {
        for (String name : about) {
            if (byName.containsKey(name)) {
                doubtful.add(name);
            }
        }
    }

    /**
     * Something is complete.
     *
     * @param about its name, and the patterns that mean it
     * @param look looks at one whether it is complete as well
     */
    void completed(Collection<String> about, Consumer<Stream> look) {
        doubt(about);
        for (String name : doubtful) {
            if (isComplete.test(name)) {
                due.addAll(byName.getOrDefault(name, Set.of()));
            }
        }
        doubtful.clear();
        if (isLooking) {
            return;
        }
        isLooking = true;
        try {
            for (Stream next = due.poll(); next != null; next = due.poll()) {
                look.accept(next);
            }
        } finally {
            due.clear();
            isLooking = false;
        }
    }
}
