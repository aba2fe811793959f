package dev.sluice.view;

import dev.sluice.stream.Session;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * For how long processors have worked for runs of steps. A run whose processes have all ended cannot be asked about any more;
 * what it did since the last look is known when it is the only one of which that is so since then, and else is shared. One thread at
 * a time.
 */
final class Work {
    private final Map<Session, Duration> known = new HashMap<>();
    private final Map<String, Duration> more = new HashMap<>();
    private final Set<Session> ended = new HashSet<>();
    private Duration ofEnded;
    private Duration unshared = Duration.ZERO;

    /**
     * None yet.
     *
     * @param ofEnded for how long processors had worked for this process's children that had ended, when all began
     */
    Work(Duration ofEnded) {
        this.ofEnded = ofEnded;
    }

    /**
     * Takes down what is known now.
     *
     * @param alive what has been done for runs that have processes
     * @param now for how long processors have worked for this process's children that have ended
     * @param told the runs that are told of by themselves, and whether each has ended
     */
    void look(Map<Session, Duration> alive, Duration now, Map<Session, Boolean> told) {
        alive.forEach((session, effort) -> known.merge(session, effort, Work::longer));
        unshared = unshared.plus(now.minus(ofEnded));
        ofEnded = now;
        share(told.keySet().stream()
                .filter(session -> !alive.containsKey(session))
                .filter(session -> known.containsKey(session) || Boolean.TRUE.equals(told.get(session)))
                .filter(ended::add)
                .toList());
        Iterator<Map.Entry<Session, Duration>> all = known.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Session, Duration> each = all.next();
            if (!alive.containsKey(each.getKey()) && !told.containsKey(each.getKey())) {
                more.merge(each.getKey().step(), each.getValue(), Duration::plus);
                all.remove();
            }
        }
    }

    private void share(List<Session> fresh) {
        if (fresh.isEmpty()) {
            return;
        }
        Duration rest = unshared.minus(fresh.stream().map(this::of).reduce(Duration.ZERO, Duration::plus));
        unshared = Duration.ZERO;
        if (rest.isPositive()) {
            Duration part = rest.dividedBy(fresh.size());
            fresh.forEach(session -> known.merge(session, part, Duration::plus));
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    Duration of(Session session) {
        return known.getOrDefault(session, Duration.ZERO);
    }

    /** What has been done for a step, by all of its runs. */
    Duration of(String step) {
        return known.entrySet().stream()
                .filter(each -> each.getKey().step().equals(step))
                .map(Map.Entry::getValue)
                .reduce(more.getOrDefault(step, Duration.ZERO), Duration::plus);
    }
}
