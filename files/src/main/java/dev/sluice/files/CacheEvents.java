package dev.sluice.files;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * What a cache tells the JDK's flight recorder. Where nothing is recorded no event is touched: it alone would start the
 * recorder, which costs a program a tenth of a second.
 */
final class CacheEvents {
    private static final List<WeakReference<FileCache>> CACHES = new CopyOnWriteArrayList<>();

    private CacheEvents() {}

    /** Bytes that were not in the cache. */
    @Name("dev.sluice.CacheMiss")
    @Label("Cache Miss")
    @Category({"Sluice", "Files"})
    @Description("A read that the cache could not answer, from the question to the answer")
    @StackTrace(false)
    static final class Miss extends Event {
        @Label("File")
        String file = "";

        @Label("Position")
        long position;

        @Label("Bytes")
        @DataAmount
        long bytes;
    }

    /** A file that somebody else has changed. */
    @Name("dev.sluice.CacheStale")
    @Label("Cached File Changed")
    @Category({"Sluice", "Files"})
    @Description("A file whose cached bytes were dropped, since somebody else has changed it")
    @StackTrace(false)
    static final class Stale extends Event {
        @Label("File")
        String file = "";
    }

    /** The sums of a cache, again and again. */
    @Name("dev.sluice.CacheStatistics")
    @Label("Cache Statistics")
    @Category({"Sluice", "Files"})
    @Period("1 s")
    @StackTrace(false)
    static final class Sums extends Event {
        @Label("Cache")
        String cache = "";

        @Label("Hits")
        long hits;

        @Label("Misses")
        long misses;

        @Label("Bytes From Cache")
        @DataAmount
        long bytesFromCache;

        @Label("Bytes From Files")
        @DataAmount
        long bytesFromFiles;

        @Label("Evictions")
        long evictions;

        @Label("Stale Files")
        long stale;

        @Label("Bytes Held")
        @DataAmount
        long bytes;
    }

    private static final class Registered {
        static {
            FlightRecorder.addListener(new FlightRecorderListener() {
                @Override
                public void recorderInitialized(FlightRecorder recorder) {
                    FlightRecorder.addPeriodicEvent(Sums.class, CacheEvents::tellAll);
                }
            });
        }

        static void once() {}
    }

    /** From now on the cache's sums are told, as long as there is the cache. */
    static void tellOf(FileCache cache) {
        CACHES.add(new WeakReference<>(cache));
        if (FlightRecorder.isAvailable()) {
            Registered.once();
        }
    }

    private static void tellAll() {
        CACHES.removeIf(each -> each.get() == null);
        for (WeakReference<FileCache> each : CACHES) {
            FileCache cache = each.get();
            if (cache != null) {
                tell(cache);
            }
        }
    }

    private static void tell(FileCache cache) {
        FileCache.Statistics sums = cache.statistics();
        Sums event = new Sums();
        event.cache = cache.name();
        event.hits = sums.hits();
        event.misses = sums.misses();
        event.bytesFromCache = sums.bytesFromCache();
        event.bytesFromFiles = sums.bytesFromFiles();
        event.evictions = sums.evictions();
        event.stale = sums.stale();
        event.bytes = sums.bytes();
        event.commit();
    }

    /** {@return what is told when it is answered, where anything is recorded} */
    static @Nullable Miss miss() {
        if (!FlightRecorder.isInitialized()) {
            return null;
        }
        Miss event = new Miss();
        event.begin();
        return event;
    }

    static void missed(Miss event, String file, long position, long bytes) {
        event.end();
        if (event.shouldCommit()) {
            event.file = file;
            event.position = position;
            event.bytes = bytes;
            event.commit();
        }
    }

    static void stale(String file) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        Stale event = new Stale();
        if (event.shouldCommit()) {
            event.file = file;
            event.commit();
        }
    }
}
