package dev.sluice.files;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of all files, held by Caffeine: what is used again and again stays, whatever is read once in between.
 *
 * <p>Safe for use by many threads; blocks of one file are put, patched and dropped under the lock of its {@link Content}.
 */
final class Blocks {
    /** What a block takes beside its bytes. */
    private static final int OVERHEAD = 128;

    /** Blocks behind it are not kept, since each content has a bit for each of its blocks up to the last one. */
    private static final long LAST_INDEX = 1 << 26;

    /** A block's place: which one, of which file. */
    private record Key(Content content, long index) {
        @Override
        public int hashCode() {
            return content.hash() * 31 + Long.hashCode(index * 0x9E3779B97F4A7C15L);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.index == index && key.content == content;
        }
    }

    private final int size;
    private final int leastWeight;
    private final Cache<Key, Block> held;
    private final LongAdder evictions = new LongAdder();
    private final LongAdder evictedBytes = new LongAdder();

    Blocks(int size, long maxBytes, long maxBlocks) {
        this.size = size;
        // So heavy that no more fit than there may be.
        this.leastWeight = Math.clamp(maxBytes / maxBlocks, 1, Integer.MAX_VALUE);
        this.held = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Key key, Block block) -> Math.max(leastWeight, block.length() + OVERHEAD))
                .executor(Runnable::run) // no bytes above the bound that wait for another thread
                .evictionListener(this::evicted)
                .build();
    }

    private void evicted(@Nullable Key key, @Nullable Block block, RemovalCause cause) {
        evictions.increment();
        if (block != null) {
            evictedBytes.add(block.length());
        }
    }

    /** Copies what is there from a position on, up to the first missing block; answers how many bytes that were. */
    int copy(Content content, Content.State state, long position, ByteBuffer target, int count) {
        int done = 0;
        while (done < count) {
            long at = position + done;
            Block block = held.getIfPresent(new Key(content, at / size));
            int from = (int) (at % size);
            if (block == null || block.epoch != state.epoch() || block.length() <= from) {
                break;
            }
            int some = Math.min(count - done, block.length() - from);
            block.copy(from, target, target.position() + done, some);
            done += some;
        }
        return done;
    }

    /** How many bytes a block has of a file of some size. */
    int lengthOf(long index, long fileSize) {
        return (int) Math.min(size, fileSize - index * size);
    }

    int size() {
        return size;
    }

    @SuppressWarnings("GuardedBy") // whoever puts a block holds its content's lock
    void put(Content content, long index, Block block) {
        if (index > LAST_INDEX) {
            return;
        }
        held.put(new Key(content, index), block);
        content.holds(index);
    }

    /** Follows a write that has been made, of the remaining bytes of a buffer. */
    void patch(Content content, Content.State before, long fileSize, ByteBuffer source, long position) {
        long end = position + source.remaining();
        long oldSize = before.stamp().size();
        if (position > oldSize && oldSize % size != 0) {
            growTail(content, before, oldSize / size, fileSize);
        }
        for (long index = position / size; index * size < end; index++) {
            patch(content, before, index, fileSize, source, position);
        }
    }

    /** The block at the old end gets zeros behind it: those of the hole before the write. */
    private void growTail(Content content, Content.State before, long index, long fileSize) {
        Key key = new Key(content, index);
        Block block = held.asMap().get(key);
        if (block != null && block.epoch == before.epoch() && block.length() < lengthOf(index, fileSize)) {
            held.put(key, block.grown(lengthOf(index, fileSize)));
        }
    }

    private void patch(
            Content content, Content.State before, long index, long fileSize, ByteBuffer source, long position) {
        long start = index * size;
        int length = lengthOf(index, fileSize);
        int at = (int) Math.max(0, position - start);
        int from = source.position() + (int) Math.max(0, start - position);
        int count = Math.min(source.limit() - from, length - at);
        Key key = new Key(content, index);
        Block block = held.asMap().get(key);
        if (block != null && block.epoch == before.epoch()) {
            Block whole = block.length() < length ? block.grown(length) : block;
            whole.patch(at, source, from, count);
            if (whole != block) {
                held.put(key, whole);
            }
        } else if (at == 0 && count == length) {
            byte[] all = new byte[length];
            source.get(from, all);
            put(content, index, new Block(before.epoch(), all));
        }
    }

    void drop(Content content, long index) {
        held.invalidate(new Key(content, index));
    }

    void clear() {
        held.invalidateAll();
    }

    long evictions() {
        return evictions.sum();
    }

    long evictedBytes() {
        return evictedBytes.sum();
    }

    long count() {
        held.cleanUp();
        return held.estimatedSize();
    }

    long bytes() {
        held.cleanUp();
        return held.policy().eviction().orElseThrow().weightedSize().orElse(0);
    }
}
