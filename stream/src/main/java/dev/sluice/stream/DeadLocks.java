package dev.sluice.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Finds steps that wait for each other, and ends the wait that closed the circle.
 *
 * <p>A step is stuck when it waits only for steps that are stuck, and no task of its processes can do anything else. The first
 * is known here; the second is asked of whoever knows processes, and asked again a moment later, before anything is ended.
 * Owned by the workflow's lock.
 */
final class DeadLocks {
    private static final Duration SOON = Duration.ofMillis(50);

    private final Waiters waiters;
    private final Rescuers rescuers;
    private final Steps steps;
    private final Chronicle chronicle;
    private volatile BiPredicate<Session, Set<Integer>> isStuck = (_, _) -> false;
    private boolean isSuspected;

    DeadLocks(Waiters waiters, Rescuers rescuers, Steps steps, Chronicle chronicle) {
        this.waiters = waiters;
        this.rescuers = rescuers;
        this.steps = steps;
        this.chronicle = chronicle;
    }

    /** Who knows whether a session's processes can do anything but wait in the tasks of these numbers. */
    void ask(BiPredicate<Session, Set<Integer>> knows) {
        isStuck = knows;
    }

    /** Somebody has begun to wait, or a step has ended: there may be a circle. Called with the lock held. */
    void suspect() {
        if (!isSuspected) {
            isSuspected = true;
            waiters.later(() -> look(Map.of()), SOON);
        }
    }

    private void look(Map<Session, List<Wait>> before) {
        Map<Session, List<Wait>> stuck;
        waiters.enter();
        try {
            isSuspected = false;
            stuck = structure();
        } finally {
            waiters.leave();
        }
        if (stuck.isEmpty()) {
            return;
        }
        boolean moves = stuck.entrySet().stream().anyMatch(one -> !isStuck.test(one.getKey(), tasks(one.getValue())));
        waiters.enter();
        try {
            if (!moves && stuck.equals(before) && stuck.equals(structure())) {
                end(stuck);
            } else if (!isSuspected) {
                // A process that could still move may be the next to wait.
                isSuspected = true;
                Map<Session, List<Wait>> seen = moves ? Map.of() : stuck;
                waiters.later(() -> look(seen), SOON);
            }
        } finally {
            waiters.leave();
        }
    }

    private static Set<Integer> tasks(List<Wait> waits) {
        Set<Integer> tasks = new HashSet<>();
        waits.forEach(wait -> tasks.add(wait.request.task()));
        return tasks;
    }

    /** {@return the sessions whose waits hang on one another only, and these waits} */
    private Map<Session, List<Wait>> structure() {
        Map<Session, List<Wait>> waiting = new LinkedHashMap<>();
        for (Wait wait : waiters.all()) {
            Session session = wait.request.session();
            if (session != null) {
                waiting.computeIfAbsent(session, _ -> new ArrayList<>()).add(wait);
            }
        }
        boolean shrinks = !waiting.isEmpty();
        while (shrinks) {
            Map<String, Integer> runs = new HashMap<>();
            waiting.keySet().forEach(session -> runs.merge(session.step(), 1, Integer::sum));
            shrinks = waiting.values().removeIf(waits -> waits.stream().anyMatch(wait -> canEnd(wait, runs)));
        }
        return waiting;
    }

    /** Is there a step that can end a wait, and does not hang itself? */
    private boolean canEnd(Wait wait, Map<String, Integer> stuckRuns) {
        if (wait.ask == null) {
            return true; // it lasts no longer than somebody reads
        }
        Set<String> able = rescuers.of(wait.stream, wait.request.session());
        able.removeIf(steps::isOver);
        return able.isEmpty() || able.stream().anyMatch(step -> steps.isToCome(step, stuckRuns.getOrDefault(step, 0)));
    }

    /** Ends the newest wait of those that cannot end otherwise. */
    private void end(Map<Session, List<Wait>> stuck) {
        Wait newest = stuck.values().stream()
                .flatMap(List::stream)
                .reduce((one, other) -> one.since > other.since ? one : other)
                .orElseThrow();
        StringBuilder sentence = new StringBuilder("steps wait for each other: ");
        Set<String> said = new HashSet<>();
        stuck.forEach((session, waits) -> {
            Wait wait = waits.getFirst();
            if (said.add(session.step())) {
                sentence.append(session.step())
                        .append(" for ")
                        .append(wait.stream.path())
                        .append(" (of ")
                        .append(String.join(", ", wait.stream.producers(wait.request.session())))
                        .append("), ");
            }
        });
        Session victim = newest.request.session();
        sentence.setLength(sentence.length() - 2);
        sentence.append("; so ")
                .append(victim == null ? "a process" : victim.step())
                .append(" got an error (EDEADLK) instead of ")
                .append(newest.stream.path());
        chronicle.deadlocked(sentence.toString(), victim);
        waiters.refuse(newest, request -> request.isDeadlocked = true);
    }
}
