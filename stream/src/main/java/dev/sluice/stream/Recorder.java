package dev.sluice.stream;

import dev.sluice.language.Contract;
import dev.sluice.language.Rule;
import dev.sluice.stream.Waiting.Reason;
import dev.sluice.stream.Workflow.Recording;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what has happened in a workflow, for those who look at it: bytes, moments, waits. What it keeps is bounded: beyond so
 * many files, those of which the flow says the same are told of together, and beyond so many runs of steps their sums are kept.
 * Owned by the workflow's lock, but for the bytes, which are counted by who moves them.
 */
final class Recorder {
    /** So many files of which the flow speaks are told of by themselves. */
    static final int MOST_FILES = 1000;

    /** And so many others. */
    static final int MOST_PLAIN = 200;

    private static final int MOST_GROUPS = 100;
    static final int MOST_RUNS = 300;

    /** To measure what recording costs, it can be left out: {@code -Ddev.sluice.record=no}. */
    private static final boolean IS_ON = !"no".equals(System.getProperty("dev.sluice.record"));

    private final long start = System.nanoTime();
    private final Instant begin = Instant.now();
    private final Map<String, Trail> byPath = new HashMap<>();
    private final Map<List<Object>, Trail> groups = new HashMap<>();
    private final Set<Trail> trails = new LinkedHashSet<>();
    private final Set<Session> sessions = new LinkedHashSet<>();
    private final Map<String, Recording.Crowd> crowds = new LinkedHashMap<>();
    private final Map<Reason, Long> waits = new EnumMap<>(Reason.class);
    private final Map<Reason, Long> waited = new EnumMap<>(Reason.class);
    private int plain;
    private long opens;
    private long kernelOpens;
    private long made;
    private long completed;
    private long failed;

    /** The time since all began. */
    long now() {
        return System.nanoTime() - start;
    }

    void began(Session session) {
        if (sessions.size() < MOST_RUNS) {
            sessions.add(session);
        }
    }

    void ended(Session session) {
        if (!sessions.contains(session)) {
            Session.Course course = session.courseNow();
            crowds.merge(
                    session.step(),
                    new Recording.Crowd(
                            session.step(),
                            1,
                            session.hasFailed() ? 1 : 0,
                            course.taken().toNanos(),
                            course.waited().toNanos()),
                    Recording.Crowd::with);
        }
    }

    /** {@return the trail of a stream, under the name that its file has now} */
    Trail trail(Stream stream) {
        Trail own = stream.trail;
        if (own == null) {
            own = begin(stream.path(), stream.contract);
            stream.trail = own;
        }
        RegularFile file = stream.file;
        if (file != null && file.stream == stream && file.trail != own) {
            Trail before = file.trail;
            file.trail = own;
            if (!own.isGroup) {
                own.file = file;
            }
            if (before != null && !before.isGroup && !own.isGroup) {
                goOn(before, own);
            }
        }
        return own.last();
    }

    /** A file has got another name. */
    private void goOn(Trail before, Trail now) {
        trails.remove(before);
        byPath.remove(before.path, before);
        plain -= before.contract == null ? 1 : 0;
        now.takeOver(before);
    }

    private Trail begin(String path, @Nullable Contract contract) {
        Trail known = byPath.get(path);
        if (known != null) {
            return known;
        }
        boolean hasRoom = contract == null ? plain < MOST_PLAIN : byPath.size() - plain < MOST_FILES;
        if (hasRoom) {
            Trail trail = new Trail(path, contract, false);
            plain += contract == null ? 1 : 0;
            byPath.put(path, trail);
            trails.add(trail);
            return trail;
        }
        List<Object> key = contract == null
                ? List.of()
                : List.of(
                        contract.kind(),
                        contract.producers(),
                        contract.consumers(),
                        contract.commit(),
                        contract.fire());
        Trail group = groups.get(key);
        if (group == null && groups.size() >= MOST_GROUPS) {
            key = List.of("more");
            group = groups.get(key);
        }
        if (group == null) {
            group = new Trail(path, contract, true);
            groups.put(key, group);
            trails.add(group);
        }
        group.files++;
        return group;
    }

    /** Somebody begins to write a file, or makes it. */
    void grows(Stream stream) {
        RegularFile file = stream.file;
        if (IS_ON && file != null && stream.contract.kind() == Rule.Kind.FILE) {
            made++;
            trail(stream).grows(now());
        }
    }

    /** It is complete, or never will be. */
    void settled(Stream stream, boolean well) {
        RegularFile file = stream.file;
        if (IS_ON && file != null) {
            completed += well ? 1 : 0;
            failed += well ? 0 : 1;
            trail(stream).settled(now(), well, file.sizeNow());
            if (FlightRecorder
                    .isInitialized()) { // else the event alone would start it, which costs a tenth of a second
                StreamEvent.tell(stream, well, file.sizeNow());
            }
        }
    }

    /** A session has opened a file. */
    void opened(Handle handle) {
        Session session = handle.session;
        RegularFile file = handle.file;
        if (session == null || !IS_ON) {
            return;
        }
        Stream stream = file.stream;
        Trail trail = stream != null ? trail(stream) : file.trail != null ? file.trail.last() : plain(file);
        if (trail != null) {
            handle.traffic = trail.of(session.step());
            handle.opened = now();
            handle.sizeThen = file.size;
            opens++;
            kernelOpens += handle.isDirect() ? 0 : 1;
        }
    }

    private @Nullable Trail plain(RegularFile file) {
        if (file.links.isEmpty()) {
            return null; // of no name, and nobody else's
        }
        RegularFile.Link link = file.links.getFirst();
        Trail trail = begin(Directory.path(link.parent(), link.name()), null);
        file.trail = trail;
        if (!trail.isGroup) {
            trail.file = file;
        }
        return trail;
    }

    /** The last descriptor of an open file is closed. */
    void closed(Handle handle) {
        Traffic traffic = handle.traffic;
        RegularFile file = handle.file;
        if (traffic == null) {
            return;
        }
        long size = file.sizeNow();
        if (handle.writes() && file.trail != null) {
            file.trail.last().closed(now(), size);
        }
        if (!handle.isDirect() && handle.writes()) {
            traffic.assumeWritten(size - handle.sizeThen - handle.seen, handle.opened);
        } else if (!handle.isDirect()) {
            traffic.assumeRead(size - handle.seen, handle.opened);
        }
    }

    /** Bytes have been read. Called without the lock. */
    void read(Handle handle, long offset, int count) {
        Traffic traffic = handle.traffic;
        if (traffic != null && count > 0) {
            traffic.read(offset, count, traffic.isFirst(false) ? now() : 0);
            handle.seen += count;
        }
    }

    /** Bytes have been written. Called without the lock. */
    void written(Handle handle, long offset, int count) {
        Traffic traffic = handle.traffic;
        if (traffic != null && count > 0) {
            traffic.written(handle.appends() ? Trail.NEVER : offset, count, traffic.isFirst(true) ? now() : 0);
            handle.seen += count;
        }
    }

    void parked(Wait wait) {
        Session session = wait.request.session();
        if (IS_ON && session != null) {
            wait.span = session.spans.begin(trail(wait.stream), wait.reason(), now());
        }
    }

    void goesOn(Wait wait) {
        Session session = wait.request.session();
        Spans.Span span = wait.span;
        if (session != null && span != null) {
            session.spans.end(span, now());
            waits.merge(span.reason, 1L, Long::sum);
            waited.merge(span.reason, System.nanoTime() - wait.since, Long::sum);
            if (FlightRecorder.isInitialized()) {
                WaitEvent.tell(wait, session, span.reason);
            }
        }
    }

    Recording picture(Store store) {
        long now = now();
        return new Recording(
                begin,
                now,
                sessions.stream().map(session -> run(session, now)).toList(),
                List.copyOf(crowds.values()),
                trails.stream().map(Trail::picture).toList(),
                new Recording.Counts(
                        made, completed, failed, opens, kernelOpens, waits, waited, store.taken(), store.spilled()));
    }

    private Recording.Run run(Session session, long now) {
        Session.Course course = session.courseNow();
        long from = session.begin() - start;
        return new Recording.Run(
                session,
                Math.max(0, from),
                course.hasEnded() ? from + course.taken().toNanos() : Trail.NEVER,
                session.hasFailed(),
                course.waited().toNanos(),
                session.spans.all().stream()
                        .map(span -> new Recording.Pause(
                                span.from(), span.to(now), span.waited(now), span.reason, span.trail.last().path))
                        .toList());
    }
}
