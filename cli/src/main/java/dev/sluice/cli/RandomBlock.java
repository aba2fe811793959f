package dev.sluice.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** A block that is read again and again, each time from somewhere else. For one thread at a time. */
final class RandomBlock {
    static final int BYTES = 4096;

    private final Path path;
    private final Content content;
    private final long places;
    private final SplittableRandom random;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long position;
    private long count;

    RandomBlock(Path path, Content content, long size, int number) {
        this.path = path;
        this.content = content;
        this.places = size / BYTES;
        this.random = new SplittableRandom(number);
    }

    /** An empty buffer, or one that is full. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** Empties the buffer, and says from where to fill it. */
    long choose() {
        buffer.clear();
        position = random.nextLong(places) * BYTES;
        return position;
    }

    /** Sees to it that the right bytes came. */
    void check(long bytes) throws FileSystemException {
        if (bytes != BYTES || buffer.getLong(0) != content.word(position)) {
            throw new FileSystemException(path.toString(), null, "the block read at " + position + " is wrong");
        }
        count++;
    }

    /** How many times it has been read. */
    long count() {
        return count;
    }

    static long sum(List<RandomBlock> blocks) {
        return blocks.stream().mapToLong(RandomBlock::count).sum();
    }
}
