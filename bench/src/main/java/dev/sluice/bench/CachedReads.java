package dev.sluice.bench;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.aio.AsyncFile;
import dev.sluice.aio.AsyncFileStream.Whence;
import dev.sluice.files.CachedOptions;
import dev.sluice.files.CachedStream;
import dev.sluice.files.FileCache;
import dev.sluice.linux.Attributes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;

/**
 * Reads the same blocks again and again: from the cache, from the page cache, and from Caffeine used by hand; and asks the kernel
 * whether the file has changed without reading anything, which is what cannot be saved.
 */
final class CachedReads implements AutoCloseable {
    static final List<String> FORMS = List.of("sluice", "sluice-1ms", "filechannel", "caffeine-by-hand", "fstat-alone");

    private final String form;
    private final Path file;
    private final int blocks;
    private final int bytes;
    private final FileCache cache;
    private final Cache<Integer, byte[]> byHand;

    CachedReads(String form, Path file, int blocks, int bytes) {
        this.form = form;
        this.file = file;
        this.blocks = blocks;
        this.bytes = bytes;
        long room = 4L * blocks * bytes + (4 << 20);
        cache = FileCache.builder()
                .maxBytes(room)
                .checkEvery(form.equals("sluice-1ms") ? Duration.ofMillis(1) : Duration.ZERO)
                .build();
        byHand = Caffeine.newBuilder()
                .maximumWeight(room)
                .weigher((Integer key, byte[] block) -> block.length)
                .build();
    }

    private interface Reading extends AutoCloseable {
        void read(int block, ByteBuffer target) throws IOException;

        @Override
        void close() throws IOException;
    }

    private Reading open() throws IOException {
        if (form.startsWith("sluice")) {
            CachedStream stream =
                    CachedStream.open(file, CachedOptions.standard().withCache(cache));
            return new Reading() {
                @Override
                public void read(int block, ByteBuffer target) throws IOException {
                    stream.seek((long) block * bytes, Whence.START);
                    stream.read(target);
                }

                @Override
                public void close() throws IOException {
                    stream.close();
                }
            };
        }
        if (form.equals("fstat-alone")) {
            return asking(AsyncFile.open(file));
        }
        FileChannel channel = FileChannel.open(file);
        return new Reading() {
            @Override
            public void read(int block, ByteBuffer target) throws IOException {
                if (form.equals("filechannel")) {
                    channel.read(target, (long) block * bytes);
                } else {
                    target.put(byHand.get(block, this::load));
                }
            }

            private byte[] load(int block) {
                try {
                    ByteBuffer loaded = ByteBuffer.allocate(bytes);
                    channel.read(loaded, (long) block * bytes);
                    return loaded.array();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    private static Reading asking(AsyncFile asked) {
        int fd = asked.descriptor().orElseThrow();
        Attributes.Brief brief = new Attributes.Brief();
        return new Reading() {
            @Override
            public void read(int block, ByteBuffer target) throws IOException {
                if (brief.ask(fd) < 0) {
                    throw new IOException(asked + " does not say whether it has changed");
                }
            }

            @Override
            public void close() throws IOException {
                asked.close();
            }
        };
    }

    /** {@return nanoseconds for each read, as one thread sees them when so many are at work on two processors} */
    double measure(int threads, long millis) throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(threads);
        LongAdder reads = new LongAdder();
        long[] until = new long[1];
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int seed = i;
            all.add(Thread.ofPlatform().start(() -> work(seed, ready, go, until, reads)));
        }
        ready.await();
        long begin = System.nanoTime();
        until[0] = begin + millis * 1_000_000;
        go.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        return (double) (System.nanoTime() - begin) / reads.sum();
    }

    private void work(int seed, CountDownLatch ready, CountDownLatch go, long[] until, LongAdder reads) {
        ByteBuffer target = form.equals("filechannel") ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
        try (Reading reading = open()) {
            for (int i = 0; i < blocks; i++) {
                reading.read(i, target.clear());
            }
            ready.countDown();
            go.await();
            long random = seed;
            long count = 0;
            while (System.nanoTime() < until[0]) {
                for (int i = 0; i < 64; i++) {
                    random = random * 6364136223846793005L + 1442695040888963407L;
                    reading.read((int) ((random >>> 33) % blocks), target.clear());
                }
                count += 64;
            }
            reads.add(count);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        byHand.invalidateAll();
        cache.clear();
    }
}
