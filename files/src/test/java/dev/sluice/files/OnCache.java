package dev.sluice.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aio.AsyncFileStream.Whence;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** Tests with a cache of their own, of small blocks. */
abstract class OnCache extends OnFiles {
    final FileCache cache = FileCache.builder().maxBytes(1 << 20).blockSize(512).build();

    CachedOptions options = CachedOptions.standard().withCache(cache);

    final CachedStream open(Path path, OpenOption... how) throws IOException {
        return closedAfterwards(CachedStream.open(path, options, how));
    }

    final AsyncCachedStream async(Path path, OpenOption... how) {
        return closedAfterwards(AsyncCachedStream.of(path, options, how));
    }

    final long hits() {
        return cache.statistics().hits();
    }

    final long misses() {
        return cache.statistics().misses();
    }

    /** Reading so many bytes at a place gives these, and the cache has them. */
    final void assertCached(Path path, long position, String expected) throws IOException {
        long before = misses();
        assertReads(path, position, expected);
        assertThat(misses()).as("misses").isEqualTo(before);
    }

    final void assertReads(Path path, long position, String expected) throws IOException {
        try (CachedStream stream = CachedStream.open(path, options)) {
            stream.seek(position, Whence.START);
            assertThat(utf8(stream.read(expected.length()))).isEqualTo(expected);
            assertThat(stream.position()).isEqualTo(position + expected.length());
        }
    }
}
