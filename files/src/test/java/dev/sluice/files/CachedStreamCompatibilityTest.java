package dev.sluice.files;

import static dev.sluice.files.Hook.Event.ON_READ;
import static dev.sluice.files.Hook.Event.ON_WRITE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.aio.AsyncFileStream.Whence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The tests of duck's streams, by their names: what its users rely on. */
class CachedStreamCompatibilityTest extends OnCache {
    /** As Python's mode {@code wb}. */
    private static final OpenOption[] ANEW = {WRITE, CREATE, TRUNCATE_EXISTING};

    private final List<Object> log = new ArrayList<>();

    private String readAll(Path path) throws IOException {
        try (CachedStream stream = CachedStream.open(path, options)) {
            return utf8(stream.readAll());
        }
    }

    private void write(Path path, long position, String text, OpenOption... how) throws IOException {
        try (CachedStream stream = CachedStream.open(path, options, how)) {
            stream.seek(position, Whence.START);
            stream.write(utf8(text));
        }
    }

    @Test
    void syncOpenAndRead() throws IOException {
        assertThat(readAll(file("hello world"))).isEqualTo("hello world");
    }

    @Test
    void syncReadPopulatesCache() throws IOException {
        Path path = file("cache me");
        readAll(path);
        assertCached(path, 0, "cache me");
    }

    @Test
    void syncReadServesCacheHit() throws IOException {
        FileCache byTime =
                FileCache.builder().checks(FileCache.Checks.MODIFICATION_TIME).build();
        options = options.withCache(byTime);
        Path path = file("from cache");
        readAll(path);
        FileTime time = Files.getLastModifiedTime(path);
        Files.writeString(path, "CORRUPTED");
        Files.setLastModifiedTime(path, time);
        assertThat(readAll(path)).isEqualTo("from cache");
    }

    @Test
    void syncReadIsNotFooledByATimeThatWasSetBack() throws IOException {
        Path path = file("from cache");
        readAll(path);
        FileTime time = Files.getLastModifiedTime(path);
        Files.writeString(path, "CORRUPTED!");
        Files.setLastModifiedTime(path, time);
        assertThat(readAll(path)).isEqualTo("CORRUPTED!");
    }

    @Test
    void syncCacheMissOnMtimeChange() throws IOException {
        Path path = file("version one");
        readAll(path);
        Files.writeString(path, "version two");
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().plusSeconds(2)));
        assertThat(readAll(path)).isEqualTo("version two");
        assertThat(cache.statistics().stale()).isEqualTo(1);
    }

    @Test
    void syncWriteUpdatesCache() throws IOException {
        Path path = file("AAAABBBB");
        readAll(path);
        write(path, 4, "CCCC", READ, WRITE);
        assertCached(path, 4, "CCCC");
        assertCached(path, 0, "AAAACCCC");
        assertThat(path).hasContent("AAAACCCC");
    }

    @Test
    void syncWriteCacheEntryHasFreshMtime() throws IOException {
        Path path = file("x");
        write(path, 0, "fresh", ANEW);
        assertCached(path, 0, "fresh");
        assertThat(cache.statistics().stale()).isZero();
    }

    @Test
    void syncReadAfterWriteServedFromCache() throws IOException {
        Path path = file("original");
        write(path, 0, "written data", ANEW);
        assertCached(path, 0, "written data");
        assertThat(cache.statistics().bytesFromFiles()).isZero();
    }

    @Test
    void syncCacheMtimeUpdatedOnWrite() throws IOException {
        CachedStream stream = open(file("x"), ANEW);
        stream.write(utf8("written"));
        stream.close();
        assertThat(stream.isModified()).isFalse();
    }

    @Test
    void isModifiedFalseBeforeRead() throws IOException {
        assertThat(CachedStream.of(file("data"), options).isModified()).isFalse();
    }

    @Test
    void isModifiedFalseAfterReadUnchanged() throws IOException {
        CachedStream stream = open(file("stable"));
        stream.readAll();
        stream.close();
        assertThat(stream.isModified()).isFalse();
    }

    @Test
    void isModifiedTrueAfterExternalWrite() throws IOException {
        Path path = file("original");
        CachedStream stream = open(path);
        stream.readAll();
        stream.close();
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().plusSeconds(10)));
        assertThat(stream.isModified()).isTrue();
    }

    private static List<Object> call(String name, java.nio.ByteBuffer bytes, int count) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return List.of(name, utf8(copy), count);
    }

    @Test
    void onReadHookFiresOnCacheMiss() throws IOException {
        CachedStream stream = open(file("hook data"));
        stream.hook(ON_READ, (s, bytes, n) -> log.add(call("read", bytes, n)));
        stream.readAll();
        assertThat(log).containsExactly(List.of("read", "hook data", 9));
    }

    @Test
    void onReadHookFiresOnCacheHit() throws IOException {
        Path path = file("cached hook");
        readAll(path);
        CachedStream stream = open(path);
        stream.hook(ON_READ, (s, bytes, n) -> log.add(n));
        stream.readAll();
        assertThat(log).containsExactly(11);
        assertThat(hits()).isEqualTo(1);
    }

    @Test
    void onReadMultipleHooks() throws IOException {
        CachedStream stream = open(file("multi"));
        stream.hook(ON_READ, (s, bytes, n) -> log.add("first"));
        stream.hook(ON_READ, (s, bytes, n) -> log.add("second"));
        stream.readAll();
        assertThat(log).containsExactly("first", "second");
    }

    @Test
    void onWriteHookFires() throws IOException {
        CachedStream stream = open(file(""), ANEW);
        stream.hook(ON_WRITE, (s, bytes, n) -> log.add(call("write", bytes, n)));
        stream.write(utf8("written bytes"));
        assertThat(log).containsExactly(List.of("write", "written bytes", 13));
    }

    @Test
    void onWriteHookReceivesCorrectStream() throws IOException {
        CachedStream stream = open(file(""), ANEW);
        stream.hook(ON_WRITE, (s, bytes, n) -> log.add(s));
        stream.write(utf8("x"));
        assertThat(log).hasSize(1).first().isSameAs(stream);
    }

    @Test
    void hookInvalidEventRaises() {
        assertThatThrownBy(() -> Hook.Event.valueOf("ON_TELEPORT"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ON_TELEPORT");
    }

    @Test
    void onReadAndWriteHooksIndependent() throws IOException {
        Path path = file("");
        CachedStream writer = open(path, ANEW);
        writer.hook(ON_READ, (s, bytes, n) -> log.add("read " + n));
        writer.hook(ON_WRITE, (s, bytes, n) -> log.add("written " + n));
        writer.write(utf8("hello"));
        assertThat(log).containsExactly("written 5");
        CachedStream reader = open(path);
        reader.hook(ON_READ, (s, bytes, n) -> log.add("read " + n));
        reader.hook(ON_WRITE, (s, bytes, n) -> log.add("written " + n));
        cache.clear();
        reader.readAll();
        assertThat(log).containsExactly("written 5", "read 5");
    }

    @Test
    void asyncHookOnRead() throws IOException {
        AsyncCachedStream stream = async(file("async hook read"));
        stream.hookAsync(ON_READ, (s, bytes, n) -> CompletableFuture.runAsync(() -> log.add("async " + n)));
        get(stream.readAllAsync());
        assertThat(log).containsExactly("async 15");
    }

    @Test
    void asyncHookOnWrite() throws IOException {
        AsyncCachedStream stream = async(file(""), ANEW);
        stream.hookAsync(ON_WRITE, (s, bytes, n) -> CompletableFuture.runAsync(() -> log.add(call("async", bytes, n))));
        get(stream.writeAsync(utf8("async written")));
        assertThat(log).containsExactly(List.of("async", "async written", 13));
    }

    @Test
    void mixedSyncAndAsyncHooks() throws IOException {
        AsyncCachedStream stream = async(file("mixed"));
        stream.hookAsync(ON_READ, (s, bytes, n) -> CompletableFuture.runAsync(() -> log.add("async")));
        stream.hook(ON_READ, (s, bytes, n) -> log.add("sync"));
        stream.hookAsync(ON_READ, (s, bytes, n) -> CompletableFuture.runAsync(() -> log.add("last")));
        get(stream.readAllAsync());
        assertThat(log).containsExactly("async", "sync", "last");
    }

    @Test
    void asyncWriteUpdatesCache() throws IOException {
        Path path = file("");
        AsyncCachedStream stream = async(path, ANEW);
        get(stream.writeAsync(utf8("async written data")));
        get(stream.closeAsync());
        assertCached(path, 0, "async written data");
    }

    @Test
    void asyncReadAfterWriteServedFromCache() throws IOException {
        Path path = file("old");
        AsyncCachedStream stream = async(path, ANEW);
        get(stream.writeAsync(utf8("new content")));
        get(stream.closeAsync());
        assertCached(path, 0, "new content");
        assertThat(cache.statistics().bytesFromFiles()).isZero();
    }

    @Test
    void seekedFullReadUsesOwnCacheSlot() throws IOException {
        CachedStream stream = open(file("ABCDEFGH"));
        stream.seek(4, Whence.START);
        assertThat(utf8(stream.readAll())).isEqualTo("EFGH");
        stream.seek(4, Whence.START);
        assertThat(utf8(stream.readAll())).isEqualTo("EFGH");
        assertThat(hits()).isEqualTo(1);
    }

    @Test
    void seekedPartialReadIndependentSlot() throws IOException {
        Path path = file("ABCDEFGH");
        CachedStream stream = open(path);
        stream.read(4);
        stream.seek(4, Whence.START);
        assertThat(utf8(stream.read(4))).isEqualTo("EFGH");
        assertCached(path, 0, "ABCD");
        assertCached(path, 4, "EFGH");
    }

    @Test
    void multipleSeekPositionsAllCached() throws IOException {
        Path path = file("0123456789ABCDEF");
        for (int pass = 0; pass < 2; pass++) {
            CachedStream stream = open(path);
            for (int position : new int[] {0, 4, 8, 12}) {
                stream.seek(position, Whence.START);
                assertThat(utf8(stream.read(4))).isEqualTo("0123456789ABCDEF".substring(position, position + 4));
            }
        }
        assertThat(misses()).isEqualTo(1);
    }

    @Test
    void seekedWritePatchesOverlappingCachedEntries() throws IOException {
        Path path = file("AAAABBBB");
        CachedStream reader = open(path);
        reader.readAll();
        reader.seek(0, Whence.START);
        reader.read(4);
        write(path, 4, "CCCC", READ, WRITE);
        assertCached(path, 0, "AAAACCCC");
        assertCached(path, 0, "AAAA");
        assertCached(path, 4, "CCCC");
    }

    /** Where duck drops what it cannot patch, nothing has to be dropped. */
    @Test
    void seekedWriteEvictsBoundaryPartialOverlaps() throws IOException {
        Path path = file("ABCDEFGH");
        CachedStream reader = open(path);
        reader.seek(2, Whence.START);
        reader.read(4);
        write(path, 0, "XXXX", READ, WRITE);
        assertReads(path, 2, "XXEF");
    }

    @Test
    void asyncSeekedFullReadIndependentSlot() throws IOException {
        AsyncCachedStream stream = async(file("ABCDEFGH"));
        get(stream.readAllAsync());
        CompletableFuture<Long> moved = stream.seekAsync(4, Whence.START);
        assertThat(utf8(get(stream.readAllAsync()))).isEqualTo("EFGH");
        assertThat(get(moved)).isEqualTo(4);
    }

    @Test
    void asyncSeekedWritePatchesCache() throws IOException {
        Path path = file("AAAABBBB");
        get(async(path).readAllAsync());
        AsyncCachedStream writer = async(path, READ, WRITE);
        get(writer.openAsync());
        get(writer.seekAsync(4, Whence.START));
        get(writer.writeAsync(utf8("CCCC")));
        assertCached(path, 0, "AAAACCCC");
    }

    @Test
    void seekAndTell() throws IOException {
        CachedStream stream = open(file("ABCDEFGH"));
        assertThat(stream.seek(4, Whence.START)).isEqualTo(4);
        assertThat(stream.position()).isEqualTo(4);
        assertThat(utf8(stream.read(4))).isEqualTo("EFGH");
    }

    @Test
    void totalReadBytesAccumulates() throws IOException {
        options = options.withChunkSize(8);
        CachedStream stream = open(file("ABCDEFGH"));
        assertThat(utf8(stream.read(3))).isEqualTo("ABC");
        assertThat(utf8(stream.read(4))).isEqualTo("DEFG");
        assertThat(stream.bytesRead()).isEqualTo(7);
    }

    @Test
    void readRaisesIfNotOpen() throws IOException {
        CachedStream stream = closedAfterwards(CachedStream.of(file("x"), options));
        assertThatThrownBy(() -> stream.read(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("file", "open()");
        stream.open();
        assertThat(utf8(stream.read(1))).isEqualTo("x");
    }

    @Test
    void toAsyncPreservesHooks() throws IOException {
        CachedStream stream = open(file("convert"));
        stream.hook(ON_READ, (s, bytes, n) -> log.add(s));
        stream.hook(ON_READ, (s, bytes, n) -> log.add(n));
        AsyncCachedStream async = closedAfterwards(stream.toAsync());
        get(async.readAllAsync());
        assertThat(log).containsExactly(async, 7);
    }

    /** What is used again survives, and there are never more than there may be. */
    @Test
    void lruEviction() throws IOException {
        FileCache small = FileCache.builder().blockSize(512).maxBlocks(3).build();
        options = options.withCache(small);
        Path path = file("a".repeat(512) + "b".repeat(512) + "c".repeat(512) + "d".repeat(512));
        CachedStream stream = open(path);
        for (int position : new int[] {0, 512, 1024, 0, 0, 1536}) {
            stream.seek(position, Whence.START);
            stream.read(512);
        }
        assertThat(small.statistics().blocks()).isEqualTo(3);
        assertThat(small.statistics().evictions()).isEqualTo(1);
        long missed = small.statistics().misses();
        stream.seek(0, Whence.START);
        stream.read(512);
        assertThat(small.statistics().misses()).isEqualTo(missed);
    }

    @Test
    void asyncContextManager() throws IOException {
        AsyncCachedStream used;
        try (AsyncCachedStream stream = AsyncCachedStream.of(file("ctx manager"), options)) {
            used = stream;
            assertThat(utf8(get(stream.readAllAsync()))).isEqualTo("ctx manager");
            assertThat(stream.isOpen()).isTrue();
        }
        assertThat(used.isOpen()).isFalse();
    }
}
