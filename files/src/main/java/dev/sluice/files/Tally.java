package dev.sluice.files;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one open file had from the cache, and from the file itself.
 *
 * <p>Counted by whoever has the turn of the file's cursor, without the cost of counters that many threads share; added up when
 * somebody asks, and once for all when the file is closed.
 */
final class Tally implements AutoCloseable {
    /**
     * The sums of all open files, and of those that were closed.
     *
     * @param hits reads that the cache answered alone
     * @param misses reads for which the file was read
     * @param fromCache bytes that were answered from memory
     * @param fromFiles bytes that were read from files
     */
    record Sums(long hits, long misses, long fromCache, long fromFiles) {
        Sums plus(Tally tally) {
            return new Sums(
                    hits + tally.hits.getOpaque(),
                    misses + tally.misses.getOpaque(),
                    fromCache + tally.fromCache.getOpaque(),
                    fromFiles + tally.fromFiles.getOpaque());
        }
    }

    /** All tallies of a cache. Safe for use by many threads. */
    static final class All {
        @GuardedBy("this")
        private final Set<Tally> open = new LinkedHashSet<>();

        @GuardedBy("this")
        private Sums closed = new Sums(0, 0, 0, 0);

        synchronized Tally begin() {
            Tally tally = new Tally(this);
            open.add(tally);
            return tally;
        }

        private synchronized void end(Tally tally) {
            if (open.remove(tally)) {
                closed = closed.plus(tally);
            }
        }

        synchronized Sums sums() {
            Sums sums = closed;
            for (Tally tally : open) {
                sums = sums.plus(tally);
            }
            return sums;
        }
    }

    private final All all;
    private final AtomicLong hits = new AtomicLong();
    private final AtomicLong misses = new AtomicLong();
    private final AtomicLong fromCache = new AtomicLong();
    private final AtomicLong fromFiles = new AtomicLong();

    private Tally(All all) {
        this.all = all;
    }

    void wasHit(int bytes) {
        add(hits, 1);
        add(fromCache, bytes);
    }

    void wasMissed(int bytesFromCache, long bytesFromFile) {
        add(misses, 1);
        add(fromCache, bytesFromCache);
        add(fromFiles, bytesFromFile);
    }

    /** One thread at a time. */
    private static void add(AtomicLong count, long some) {
        count.setOpaque(count.getPlain() + some);
    }

    /** What was counted stays in the sums. */
    @Override
    public void close() {
        all.end(this);
    }
}
