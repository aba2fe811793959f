package dev.sluice.cli;

import dev.sluice.stream.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Watches sessions from time to time, until it is closed; what it has seen becomes lanes. For one thread. */
final class Observation implements AutoCloseable {
    private static final long PAUSE_MILLIS = 20;

    private final Supplier<List<Session>> sessions;
    private final long start;
    private final Map<Session, List<Lane.Mark>> seen = new LinkedHashMap<>();
    private final Thread watcher = Thread.ofVirtual().name("observation").unstarted(this::watch);

    /**
     * Begins to watch.
     *
     * @param start when all began, as {@link System#nanoTime} said then
     */
    Observation(Supplier<List<Session>> sessions, long start) {
        this.sessions = sessions;
        this.start = start;
        watcher.start();
    }

    private void watch() {
        try {
            while (true) {
                look();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private synchronized void look() {
        for (Session session : sessions.get()) {
            long now = System.nanoTime();
            Session.Course course = session.course();
            double at = (now - start) / 1e9;
            List<Lane.Mark> marks = seen.computeIfAbsent(
                    session, _ -> new ArrayList<>(List.of(new Lane.Mark(at - seconds(course.taken()), 0))));
            double taken = marks.getFirst().at() + seconds(course.taken());
            if (taken > marks.getLast().at()) {
                marks.add(new Lane.Mark(taken, seconds(course.waited())));
            }
        }
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    /** A lane for each session, in the order of their starts. */
    synchronized List<Lane> lanes() {
        return seen.entrySet().stream()
                .map(entry -> new Lane(entry.getKey().step(), entry.getValue()))
                .toList();
    }

    @Override
    public void close() {
        watcher.interrupt();
        look(); // for the ends
    }
}
