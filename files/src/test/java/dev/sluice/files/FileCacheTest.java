package dev.sluice.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.aio.AsyncFileStream.Whence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;

class FileCacheTest extends OnCache {
    private void use(FileCache other) {
        options = options.withCache(other);
    }

    private Path large(int bytes) throws IOException {
        return Files.write(folder.resolve("large"), new byte[bytes]);
    }

    @Test
    void theBudgetIsInBytesAndIsKept() throws IOException {
        FileCache small = FileCache.builder().blockSize(4096).maxBytes(100_000).build();
        use(small);
        CachedStream stream = open(large(2 << 20));
        while (stream.read(10_000).length > 0) {
            assertThat(small.statistics().bytes()).isLessThanOrEqualTo(100_000);
        }
        FileCache.Statistics sums = small.statistics();
        assertThat(sums.blocks()).isBetween(10L, 24L);
        assertThat(sums.evictions()).isGreaterThan(400);
        assertThat(sums.evictedBytes()).isGreaterThan(400 * 4096);
    }

    @Test
    void whatIsUsedAgainAndAgainSurvivesALargeFileThatIsReadOnce() throws IOException {
        FileCache small = FileCache.builder().blockSize(4096).maxBytes(200_000).build();
        use(small);
        CachedStream hot = open(Files.write(folder.resolve("hot"), new byte[120_000]));
        for (int i = 0; i < 20; i++) {
            hot.seek(0, Whence.START);
            hot.readAll();
        }
        CachedStream scan = open(large(8 << 20));
        while (scan.readChunk().length > 0) {
            assertThat(scan.isOpen()).isTrue();
        }
        long before = small.statistics().bytesFromFiles();
        hot.seek(0, Whence.START);
        hot.readAll();
        assertThat(small.statistics().bytesFromFiles() - before)
                .as("bytes of the hot file that had to be read again")
                .isLessThan(40_000);
    }

    @Test
    void readsThatOverlapShareWhatTheyOverlap() throws IOException {
        CachedStream stream = open(large(5_000));
        stream.seek(700, Whence.START);
        stream.read(1_000); // blocks 1 to 3
        assertThat(cache.statistics().bytesFromFiles()).isEqualTo(1_000);
        long before = misses();
        for (int[] range : new int[][] {{512, 1_536}, {600, 10}, {1_000, 1_048}, {2_047, 1}}) {
            stream.seek(range[0], Whence.START);
            assertThat(stream.read(range[1])).hasSize(range[1]);
        }
        assertThat(misses()).isEqualTo(before);
        stream.seek(1_900, Whence.START);
        assertThat(stream.read(600)).hasSize(600);
        assertThat(misses()).isEqualTo(before + 1);
        assertThat(cache.statistics().bytesFromFiles())
                .as("what was missing only")
                .isEqualTo(1_000 + 452);
    }

    @Test
    void statisticsSayWhatHappened() throws IOException {
        Path path = file("0123456789");
        CachedStream stream = open(path);
        assertThat(cache.statistics().hitRate()).isEqualTo(1);
        stream.readAll();
        stream.seek(0, Whence.START);
        stream.read(4);
        FileCache.Statistics sums = cache.statistics();
        assertThat(sums.misses()).isEqualTo(1);
        assertThat(sums.hits()).isEqualTo(1);
        assertThat(sums.hitRate()).isEqualTo(0.5);
        assertThat(sums.bytesFromCache()).isEqualTo(4);
        assertThat(sums.bytesFromFiles()).isEqualTo(10);
        assertThat(sums.blocks()).isEqualTo(1);
        assertThat(sums.bytes()).isBetween(10L, 1_000L);
        cache.forget(path);
        assertThat(cache.statistics().blocks()).isZero();
        assertThatThrownBy(() -> cache.forget(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
        assertThat(cache.toString()).contains("512");
    }

    @Test
    void theFlightRecorderIsTold() throws IOException {
        FileCache named = FileCache.builder().name("recorded").build();
        use(named);
        Path path = file("one");
        Path recorded = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.sluice.CacheMiss").withThreshold(Duration.ZERO);
            recording.enable("dev.sluice.CacheStale");
            recording.enable("dev.sluice.CacheStatistics").with("period", "endChunk");
            recording.start();
            CachedStream stream = open(path);
            stream.readAll();
            Files.writeString(path, "two");
            stream.seek(0, Whence.START);
            stream.readAll();
            recording.stop();
            recording.dump(recorded);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(recorded);
        assertThat(events.stream()
                        .filter(event -> event.getEventType().getName().equals("dev.sluice.CacheMiss"))
                        .filter(event -> event.getString("file").equals(path.toString())))
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.getLong("bytes")).isEqualTo(3));
        assertThat(events.stream()
                        .filter(event -> event.getEventType().getName().equals("dev.sluice.CacheStale"))
                        .map(event -> event.getString("file")))
                .containsExactly(path.toString());
        assertThat(events.stream()
                        .filter(event -> event.getEventType().getName().equals("dev.sluice.CacheStatistics"))
                        .map(event -> event.getString("cache")))
                .contains("recorded");
    }

    @Test
    void anIntervalTrustsTheFileForAsLongAndSeesOurOwnWritesAllTheSame() throws IOException {
        use(FileCache.builder().checkEvery(Duration.ofDays(1)).build());
        Path path = file("before");
        CachedStream stream = open(path, java.nio.file.StandardOpenOption.READ, java.nio.file.StandardOpenOption.WRITE);
        stream.readAll();
        Files.writeString(path, "behind");
        assertReads(path, 0, "before");
        stream.seek(0, Whence.START);
        stream.write(utf8("B"));
        assertReads(path, 0, "Behind");
    }

    @Test
    void manyThreadsReadTheSameFileWhileOneWritesIt() throws Exception {
        int size = 20_000;
        Path path = large(size);
        AtomicReference<Throwable> failed = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        List<Thread> readers = IntStream.range(0, 4)
                .mapToObj(i -> Thread.ofPlatform().start(() -> {
                    try (CachedStream stream = CachedStream.open(path, options)) {
                        int last = 0;
                        while (done.getCount() > 0) {
                            stream.seek(512L * (i % 3), Whence.START);
                            byte[] block = stream.read(512);
                            for (byte each : block) {
                                assertThat(each).as("all of one write").isEqualTo(block[0]);
                            }
                            int now = block[0];
                            assertThat(now).as("never an older one").isGreaterThanOrEqualTo(last);
                            last = now;
                        }
                    } catch (Throwable e) {
                        failed.set(e);
                    }
                }))
                .toList();
        try (CachedStream writer = CachedStream.open(
                path, options, java.nio.file.StandardOpenOption.READ, java.nio.file.StandardOpenOption.WRITE)) {
            for (int value = 1; value < 120; value++) {
                byte[] block = new byte[size];
                java.util.Arrays.fill(block, (byte) value);
                writer.seek(0, Whence.START);
                writer.write(block);
                assertReads(path, 3, "" + (char) value);
            }
        } finally {
            done.countDown();
        }
        readers.forEach(dev.sluice.testing.Deadline::join);
        assertThat(failed.get()).isNull();
        assertThat(cache.statistics().stale())
                .as("our own writes are nobody else's")
                .isZero();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        FileCache.Builder builder = FileCache.builder();
        assertThatThrownBy(() -> builder.maxBytes(0)).hasMessageContaining("maxBytes");
        assertThatThrownBy(() -> builder.maxBlocks(0)).hasMessageContaining("maxBlocks");
        assertThatThrownBy(() -> builder.blockSize(1)).hasMessageContaining("blockSize");
        assertThatThrownBy(() -> builder.checkEvery(Duration.ofNanos(-1))).hasMessageContaining("checkEvery");
        assertThatThrownBy(() -> options.withChunkSize(0)).hasMessageContaining("chunkSize");
    }
}
