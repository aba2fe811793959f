package dev.sluice.files;

import dev.sluice.aio.AsyncFile;
import dev.sluice.linux.Attributes;
import dev.sluice.linux.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An open file that is read and written through a cache, at positions that each call names.
 *
 * <p>For use by one thread at a time, that of the cursor that opened it, which closes the file.
 */
final class CachedFileAccess {
    /** So many blocks are read at once, at most. */
    private static final int MOST_BLOCKS = 256;

    private final String name;
    private final AsyncFile file;
    private final int fd;
    private final FileCache cache;
    private final Content content;
    private final Tally tally;
    private final Attributes.Brief brief = new Attributes.Brief();

    private CachedFileAccess(AsyncFile file, FileCache cache) throws IOException {
        this.name = file.name();
        this.file = file;
        this.cache = cache;
        if (!file.isPositional() || file.descriptor().isEmpty()) {
            throw new FileSystemException(
                    name, null, "is no regular file, so there is nothing to cache: use an AsyncFileStream");
        }
        if (file.alignment() != 1) {
            throw new FileSystemException(
                    name, null, "was to be opened past the page cache, whose blocks are not these: use an AsyncFile");
        }
        this.fd = file.descriptor().getAsInt();
        int result = brief.ask(fd);
        if (result < 0) {
            throw Errno.exception(result, name, "asking which file it is");
        }
        checkSize();
        this.content = cache.contentOf(brief);
        this.tally = cache.tallies().begin();
    }

    /** A file of the kernel's own, as those in {@code /proc}, says that it is empty and has bytes. */
    private void checkSize() throws IOException {
        if (brief.size() == 0 && file.isReadable() && file.read(ByteBuffer.allocate(1), 0) > 0) {
            int result = brief.ask(fd);
            if (result < 0) {
                throw Errno.exception(result, name, "asking which file it is");
            }
            if (brief.size() == 0) {
                throw new FileSystemException(
                        name,
                        null,
                        "is made by the kernel when it is read, so there is nothing to cache: use an AsyncFileStream");
            }
        }
    }

    static CachedFileAccess open(Path path, CachedOptions options, OpenOption... how) throws IOException {
        AsyncFile file = AsyncFile.open(path, options.context(), how);
        try {
            return new CachedFileAccess(file, options.cache());
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    AsyncFile file() {
        return file;
    }

    /** What was read through it; to be closed when the file is. */
    Tally tally() {
        return tally;
    }

    /** The file as it is now. */
    Content.State confirmed() throws IOException {
        return content.confirmed(name, fd, brief);
    }

    /** The file as it is now, if it is as it was; waits for nobody. */
    Content.@Nullable State unchanged() throws IOException {
        return content.unchanged(name, fd, brief);
    }

    /**
     * Reads what the cache has, if it has all of it.
     *
     * @return how many bytes were read, all that were asked for or those up to the end; -1 at the end, -2 when the cache has
     *     not all of them, and then the buffer is as it was
     */
    int readCached(Content.State state, long position, ByteBuffer target) {
        int count = wanted(state, position, target);
        if (count < 0 || (count > 0 && !state.firm())) {
            return count < 0 ? -1 : -2;
        }
        if (cache.blocks().copy(content, state, position, target, count) < count) {
            return -2;
        }
        tally.wasHit(count);
        target.position(target.position() + count);
        return count;
    }

    private static int wanted(Content.State state, long position, ByteBuffer target) {
        if (!target.hasRemaining()) {
            return 0;
        }
        long left = state.stamp().size() - position;
        return left <= 0 ? -1 : (int) Math.min(left, target.remaining());
    }

    /** Reads, from the cache and, where it has nothing, from the file; -1 at the end. */
    int read(Content.State state, long position, ByteBuffer target) throws IOException {
        int cached = readCached(state, position, target);
        return cached == -2 ? readMissing(state, position, target) : cached;
    }

    private int readMissing(Content.State state, long position, ByteBuffer target) throws IOException {
        CacheEvents.Miss event = CacheEvents.miss();
        int count = wanted(state, position, target);
        int fromCache = 0;
        long fromFile = 0;
        int done = 0;
        if (state.firm()) {
            while (done < count) {
                int some = cache.blocks().copy(content, state, position + done, target, count - done);
                fromCache += some;
                done += some;
                target.position(target.position() + some);
                if (done < count) {
                    int loaded = load(state, position + done, target, count - done);
                    if (loaded <= 0) {
                        break; // it was cut since it was looked at
                    }
                    fromFile += loaded;
                    done += loaded;
                }
            }
        } else {
            int limit = target.limit();
            target.limit(target.position() + count);
            try {
                done = file.read(target, position);
                fromFile = Math.max(0, done);
            } finally {
                target.limit(limit);
            }
        }
        tally.wasMissed(fromCache, fromFile);
        if (event != null) {
            CacheEvents.missed(event, name, position, count);
        }
        return done > 0 ? done : -1;
    }

    /** Reads blocks from the one on that has a position, hands over what is wanted of them, and keeps them. */
    private int load(Content.State state, long position, ByteBuffer target, int count) throws IOException {
        int size = cache.blockSize();
        long first = position / size;
        int number = (int) Math.min((position + count - 1) / size - first + 1, MOST_BLOCKS);
        byte[][] blocks = new byte[number][];
        ByteBuffer[] buffers = new ByteBuffer[number];
        long expected = 0;
        for (int i = 0; i < number; i++) {
            blocks[i] =
                    new byte[cache.blocks().lengthOf(first + i, state.stamp().size())];
            buffers[i] = ByteBuffer.wrap(blocks[i]);
            expected += blocks[i].length;
        }
        long read = file.read(buffers, first * size);
        if (read == expected) {
            Block[] whole = Arrays.stream(blocks)
                    .map(bytes -> new Block(state.epoch(), bytes))
                    .toArray(Block[]::new);
            content.keep(state, first, whole, fd, brief);
        }
        int skipped = (int) (position - first * size);
        int given = (int) Math.min(count, read - skipped);
        for (int done = 0; done < given; ) {
            byte[] block = blocks[(skipped + done) / size];
            int from = (skipped + done) % size;
            int some = Math.min(given - done, block.length - from);
            target.put(block, from, some);
            done += some;
        }
        return given;
    }

    /** Writes all of a buffer at a position, or at the end of a file that is appended to. */
    Content.Written write(ByteBuffer source, long position) throws IOException {
        if (!source.hasRemaining()) {
            Content.State state = confirmed();
            return new Content.Written(file.isAppending() ? state.stamp().size() : position, state);
        }
        return content.write(name, fd, brief, source, () -> {
            if (file.isAppending()) {
                return file.append(source);
            }
            file.write(source, position);
            return position;
        });
    }

    Content.State truncate(long size) throws IOException {
        return content.change(name, fd, brief, () -> file.truncate(size));
    }
}
