package dev.sluice.files;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.linux.Attributes;
import dev.sluice.linux.Errno;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps bytes of files in memory, up to a budget, for all streams that are opened with it.
 *
 * <p><b>What is kept.</b> Aligned blocks, so that reads which overlap share what they overlap. A file is known by its device
 * and inode: several paths to one file share its blocks, and a file that replaces another has none of them. Which blocks
 * go when the budget is used up is Caffeine's decision: blocks that are used again and again survive a large file that is
 * read once.
 *
 * <p><b>When it holds.</b> At each read the kernel is asked for size, times and identity of the open file; when any of them
 * has changed since the blocks were read, they count no more. What our own streams write is written into the blocks.
 * Stores into a mapping of the file by other programs are seen when the kernel sees them, which may be much later.
 *
 * <p>Safe for use by many threads.
 */
public final class FileCache {
    /** What has to be the same for a file to be the one that was read. */
    public enum Checks {
        /** Device, inode, size, and the times of the last change of bytes and of attributes, to the nanosecond. */
        EVERYTHING,
        /** Device, inode, and the time of the last change of bytes, which programs can set back. */
        MODIFICATION_TIME
    }

    /**
     * What a cache has done so far, and holds now.
     *
     * @param hits reads that it answered alone
     * @param misses reads for which the file was read
     * @param bytesFromCache bytes that were answered from memory
     * @param bytesFromFiles bytes that were read from files
     * @param evictions blocks that had to go for others
     * @param evictedBytes their bytes
     * @param stale how often a file turned out to be changed by others
     * @param blocks how many it holds
     * @param bytes how much of the budget they take
     */
    public record Statistics(
            long hits,
            long misses,
            long bytesFromCache,
            long bytesFromFiles,
            long evictions,
            long evictedBytes,
            long stale,
            long blocks,
            long bytes) {
        /** {@return the share of reads that were hits, from 0 to 1; 1 when there were none} */
        public double hitRate() {
            return hits + misses == 0 ? 1 : (double) hits / (hits + misses);
        }
    }

    /** A file, whatever its path. */
    private record Identity(long device, long inode) {}

    private final String name;
    private final long maxBytes;
    private final Checks checks;
    private final long checkNanos;
    private final Blocks blocks;
    private final Cache<Identity, Content> contents =
            Caffeine.newBuilder().weakValues().executor(Runnable::run).build();
    private final Tally.All tallies = new Tally.All();
    private final LongAdder stale = new LongAdder();

    private FileCache(Builder builder) {
        name = builder.name;
        maxBytes = builder.maxBytes;
        checks = builder.checks;
        checkNanos = builder.checkNanos;
        blocks = new Blocks(builder.blockSize, builder.maxBytes, builder.maxBlocks);
    }

    /** {@return the cache of streams that name no other; made when first asked for, with a sixteenth of the heap's limit} */
    public static FileCache shared() {
        return Shared.CACHE;
    }

    private static final class Shared {
        static final FileCache CACHE = builder().name("shared").build();
    }

    /** {@return a builder of caches} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return what it has done so far, and holds now} */
    public Statistics statistics() {
        Tally.Sums sums = tallies.sums();
        return new Statistics(
                sums.hits(),
                sums.misses(),
                sums.fromCache(),
                sums.fromFiles(),
                blocks.evictions(),
                blocks.evictedBytes(),
                stale.sum(),
                blocks.count(),
                blocks.bytes());
    }

    /** {@return the name, which the flight recorder's events bear} */
    public String name() {
        return name;
    }

    /** {@return the budget in bytes} */
    public long maxBytes() {
        return maxBytes;
    }

    /** {@return the size of a block: what is read when one of its bytes is missing} */
    public int blockSize() {
        return blocks.size();
    }

    /** Forgets all bytes. */
    public void clear() {
        blocks.clear();
    }

    /**
     * Forgets a file's bytes.
     *
     * @param path the file
     * @throws IOException when there is no such file
     */
    public void forget(Path path) throws IOException {
        Attributes.Brief brief = new Attributes.Brief();
        int result = brief.ask(path);
        if (result < 0) {
            throw Errno.exception(result, path.toString(), "asking which file it is");
        }
        Content content = contents.getIfPresent(new Identity(brief.device(), brief.inode()));
        if (content != null) {
            content.forget();
        }
    }

    @Override
    public String toString() {
        return "cache '" + name + "' (at most " + maxBytes + " bytes in blocks of " + blocks.size() + ")";
    }

    /** What is known of an open file, found by what was just asked about it. */
    Content contentOf(Attributes.Brief brief) {
        Stamp stamp = Stamp.of(brief);
        return contents.get(new Identity(stamp.device(), stamp.inode()), _ -> new Content(this, blocks, stamp));
    }

    Blocks blocks() {
        return blocks;
    }

    Checks checks() {
        return checks;
    }

    long checkNanos() {
        return checkNanos;
    }

    Tally.All tallies() {
        return tallies;
    }

    void wasStale(String file) {
        stale.increment();
        CacheEvents.stale(file);
    }

    /** Builds a {@link FileCache}. One thread at a time. */
    public static final class Builder {
        private static final int SMALLEST_BLOCK = 512;
        private static final int LARGEST_BLOCK = 16 << 20;

        private String name = "cache";
        private long maxBytes = Math.max(16 << 20, Runtime.getRuntime().maxMemory() / 16);
        private long maxBlocks = Long.MAX_VALUE;
        private int blockSize = 32 << 10;
        private Checks checks = Checks.EVERYTHING;
        private long checkNanos;

        private Builder() {}

        /**
         * Names the cache.
         *
         * @param name the name, for the flight recorder's events
         * @return this
         */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets the budget; a sixteenth of the heap's limit when not said. The bytes are on the heap.
         *
         * @param bytes the most bytes that blocks may take, their keeping included
         * @return this
         */
        public Builder maxBytes(long bytes) {
            maxBytes = positive(bytes, "maxBytes");
            return this;
        }

        /**
         * Sets how many blocks there may be; when not said, as many as the budget allows.
         *
         * @param count the most blocks, 1 or more
         * @return this
         */
        public Builder maxBlocks(long count) {
            maxBlocks = positive(count, "maxBlocks");
            return this;
        }

        /**
         * Sets the size of blocks; 32 KiB when not said. Larger ones suit long reads, smaller ones reads here and there.
         *
         * @param bytes from 512 to 16 MiB
         * @return this
         */
        public Builder blockSize(int bytes) {
            if (bytes < SMALLEST_BLOCK || bytes > LARGEST_BLOCK) {
                throw new IllegalArgumentException(
                        "blockSize must be from " + SMALLEST_BLOCK + " to " + LARGEST_BLOCK + ": " + bytes);
            }
            blockSize = bytes;
            return this;
        }

        /**
         * Sets what is looked at to find that others have changed a file; everything when not said.
         *
         * @param checks what is looked at
         * @return this
         */
        public Builder checks(Checks checks) {
            this.checks = Objects.requireNonNull(checks, "checks");
            return this;
        }

        /**
         * Sets how often a file is looked at; at each read when not said, which costs a system call. With an interval, reads
         * are faster, and what others write may be missed for as long; our own writes are not.
         *
         * @param interval for how long it is trusted that nobody has changed a file
         * @return this
         */
        public Builder checkEvery(Duration interval) {
            if (interval.isNegative()) {
                throw new IllegalArgumentException("checkEvery must not be negative: " + interval);
            }
            checkNanos = interval.toNanos();
            return this;
        }

        private static long positive(long value, String what) {
            if (value < 1) {
                throw new IllegalArgumentException(what + " must be 1 or more: " + value);
            }
            return value;
        }

        /** {@return the cache} */
        public FileCache build() {
            FileCache cache = new FileCache(this);
            CacheEvents.tellOf(cache);
            return cache;
        }
    }
}
