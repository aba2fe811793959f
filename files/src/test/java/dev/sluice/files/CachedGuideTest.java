package dev.sluice.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aio.AsyncFileStream.Whence;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/cached.md}, and that it is this code. */
class CachedGuideTest extends GuideContract {
    @Test
    void stream() throws IOException {
        Path path = file("a file that is read again and again");
        // @start region="stream"
        try (CachedStream stream = CachedStream.open(path)) {
            byte[] first = stream.read(6); // from the file
            stream.seek(0, Whence.START);
            byte[] again = stream.read(6); // from memory, if nobody has changed the file since
            System.out.println(new String(first, UTF_8) + ", " + new String(again, UTF_8) + ", " + stream.isModified());
        }
        // @end
        assertThat(printed()).isEqualTo("a file, a file, false\n");
    }

    @Test
    void async() throws IOException {
        Path path = file("0123456789");
        // @start region="async"
        try (AsyncCachedStream stream = AsyncCachedStream.of(path)) {
            CompletableFuture<byte[]> head = stream.readAsync(4); // opens the file
            CompletableFuture<Long> moved = stream.seekAsync(-2, Whence.END);
            CompletableFuture<byte[]> tail = stream.readAllAsync();
            System.out.println(
                    new String(head.join(), UTF_8) + ", " + moved.join() + ", " + new String(tail.join(), UTF_8));
        }
        // @end
        assertThat(printed()).isEqualTo("0123, 8, 89\n");
    }

    @Test
    void ofOnesOwn() throws IOException {
        Path path = file("0123456789");
        FileCache cache = FileCache.builder()
                .name("images")
                .maxBytes(64 << 20)
                .blockSize(16 << 10)
                .checkEvery(Duration.ofMillis(1))
                .build();
        CachedOptions options = CachedOptions.standard().withCache(cache).withChunkSize(1 << 20);
        try (CachedStream stream = CachedStream.open(path, options)) {
            stream.readAll();
        }
        System.out.println(cache.statistics().misses() + " miss");
        assertThat(printed()).isEqualTo("1 miss\n");
    }

    @Test
    void hooks() throws IOException {
        Path path = file("before");
        try (CachedStream stream = CachedStream.open(path, READ, WRITE)) {
            Hook.Registration hook = stream.hook(
                    Hook.Event.ON_WRITE,
                    (file, bytes, count) -> System.out.println(
                            count + " bytes written to " + file.path().getFileName()));
            stream.write("after!".getBytes(UTF_8));
            hook.close();
            stream.write("more".getBytes(UTF_8));
        }
        assertThat(printed()).isEqualTo("6 bytes written to file\n");
    }

    @Test
    void toAsync() throws IOException {
        Path path = file("0123456789");
        CachedStream stream = CachedStream.open(path);
        stream.read(4);
        try (AsyncCachedStream async = stream.toAsync()) {
            System.out.println(new String(async.readAllAsync().join(), UTF_8));
        }
        assertThat(printed()).isEqualTo("456789\n");
    }

    @Test
    void channel() throws IOException {
        Path path = file("one\ntwo\n");
        try (BufferedReader lines =
                new BufferedReader(Channels.newReader(CachedStream.open(path).channel(), UTF_8))) {
            System.out.println(lines.readLine());
        }
        assertThat(printed()).isEqualTo("one\n");
    }

    @Test
    void chunks() throws Exception {
        Path path = file("0123456789");
        CountDownLatch done = new CountDownLatch(1);
        try (AsyncCachedStream stream =
                AsyncCachedStream.of(path, CachedOptions.standard().withChunkSize(4))) {
            stream.publisher().subscribe(new Flow.Subscriber<>() {
                private Flow.Subscription subscription;

                @Override
                public void onSubscribe(Flow.Subscription given) {
                    subscription = given;
                    given.request(1);
                }

                @Override
                public void onNext(byte[] chunk) {
                    System.out.println(new String(chunk, UTF_8));
                    subscription.request(1);
                }

                @Override
                public void onError(Throwable why) {
                    System.out.println(why);
                    done.countDown();
                }

                @Override
                public void onComplete() {
                    done.countDown();
                }
            });
            done.await();
        }
        assertThat(printed()).isEqualTo("0123\n4567\n89\n");
    }

    @Test
    void thePageShowsThisCode() throws IOException {
        assertShowsThisCode(7, "cached.md");
    }
}
