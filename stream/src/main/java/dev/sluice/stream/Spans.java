package dev.sluice.stream;

import dev.sluice.stream.Waiting.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When somebody waited, and for what. It is bounded: waits for the same file that follow each other closely are one span, and
 * the more there are, the wider what is close. Times are nanoseconds since all began. Owned by the workflow's lock.
 */
final class Spans {
    private static final int MOST = 128;

    /** Among so many of the last ones another wait for the same file is looked for. */
    private static final int RECENT = 4;

    private static final int WIDE = 16;
    private static final long FIRST_GAP = 2_000_000;

    private final List<Span> all = new ArrayList<>(0);
    private long gap = FIRST_GAP;

    /** A time with waits for a file in it. */
    static final class Span {
        final Trail trail;
        final Reason reason;
        private final long from;
        private long to;
        private long waited;
        private int open;
        private long since;

        /** What it has become a part of. */
        private @Nullable Span into;

        private Span(Trail trail, Reason reason, long from) {
            this.trail = trail;
            this.reason = reason;
            this.from = from;
            to = from;
        }

        long from() {
            return from;
        }

        /** Up to where it goes, at a moment. */
        long to(long now) {
            return open > 0 ? now : to;
        }

        long waited(long now) {
            return Math.min(to(now) - from, waited + (open > 0 ? now - since : 0));
        }

        private Span last() {
            Span at = this;
            while (at.into != null) {
                at = at.into;
            }
            return at;
        }

        private void open(long now) {
            if (open++ == 0) {
                since = now;
            }
        }

        private void close(long now) {
            to = now;
            if (--open == 0) {
                waited += now - since;
            }
        }
    }

    Span begin(Trail trail, Reason reason, long now) {
        for (int i = all.size() - 1; i >= Math.max(0, all.size() - RECENT); i--) {
            Span span = all.get(i);
            if (span.trail == trail && span.reason == reason && (span.open > 0 || now - span.to <= gap)) {
                span.open(now);
                return span;
            }
        }
        if (all.size() >= MOST) {
            thin(now);
        }
        Span span = new Span(trail, reason, now);
        span.open(now);
        all.add(span);
        return span;
    }

    void end(Span span, long now) {
        span.last().close(now);
    }

    private void thin(long now) {
        while (all.size() > MOST / 2) {
            gap *= 2;
            List<Span> kept = new ArrayList<>(MOST);
            for (Span span : all) {
                Span before = kept.isEmpty() ? null : kept.getLast();
                if (before != null && isClose(before, span, now)) {
                    kept.set(kept.size() - 1, merged(before, span, now));
                } else {
                    kept.add(span);
                }
            }
            all.clear();
            all.addAll(kept);
        }
    }

    private boolean isClose(Span one, Span next, long now) {
        boolean isWide = gap > (now - all.getFirst().from) / WIDE;
        return next.from - one.to(now) <= gap && (isWide || one.reason == next.reason);
    }

    /** What was waited for longer counts. */
    private static Span merged(Span one, Span next, long now) {
        Span longer = one.waited(now) >= next.waited(now) ? one : next;
        Span both = new Span(longer.trail, longer.reason, Math.min(one.from, next.from));
        both.to = Math.max(one.to(now), next.to(now));
        both.waited = one.waited(now) + next.waited(now);
        both.open = one.open + next.open;
        both.since = now;
        one.into = both;
        next.into = both;
        return both;
    }

    List<Span> all() {
        return List.copyOf(all);
    }
}
