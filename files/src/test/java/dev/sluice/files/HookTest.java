package dev.sluice.files;

import static dev.sluice.files.Hook.Event.ON_READ;
import static dev.sluice.files.Hook.Event.ON_WRITE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.aio.AsyncFileStream.Whence;
import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HookTest extends OnCache {
    private final List<Object> log = Collections.synchronizedList(new ArrayList<>());

    @Test
    void aHookThatFailsHarmsNeitherTheOperationNorTheHooksBehindIt() throws IOException {
        CachedStream stream = open(file("0123456789"));
        stream.hook(ON_READ, (s, bytes, n) -> {
            throw new IOException("the test wants this hook to fail");
        });
        stream.hook(ON_READ, (s, bytes, n) -> log.add(n));
        assertThat(utf8(stream.read(4))).isEqualTo("0123");
        assertThat(utf8(stream.read(4))).isEqualTo("4567");
        assertThat(log).containsExactly(4, 4);
    }

    @Test
    void aHookThatFailsIsToldToTheCallerIfThatIsWanted() throws IOException {
        options = options.withHookFailures(Hook.Failures.THROW);
        CachedStream stream = open(file("0123456789"));
        stream.hook(ON_READ, (s, bytes, n) -> {
            throw new IllegalStateException("first");
        });
        stream.hook(ON_READ, (s, bytes, n) -> {
            throw new IllegalStateException("second");
        });
        stream.hook(ON_READ, (s, bytes, n) -> log.add(n));
        assertThatExceptionOfType(Hook.FailedException.class)
                .isThrownBy(() -> stream.read(4))
                .withMessageContainingAll("ON_READ", "file", "first")
                .satisfies(e -> {
                    assertThat(e.bytes()).isEqualTo(ByteBuffer.wrap(utf8("0123")));
                    assertThat(e.getSuppressed()).hasSize(1);
                });
        assertThat(log).containsExactly(4);
        assertThat(stream.position()).isEqualTo(4);
        AsyncCachedStream async = closedAfterwards(stream.toAsync());
        assertThat(failure(async.readAsync(2))).isInstanceOf(Hook.FailedException.class);
        assertThat(async.position()).isEqualTo(6);
    }

    @Test
    void aHookThatFailsIsRemovedIfThatIsWanted() throws IOException {
        options = options.withHookFailures(Hook.Failures.REMOVE);
        CachedStream stream = open(file("0123456789"));
        stream.hook(ON_READ, (s, bytes, n) -> {
            log.add("called");
            throw new IOException("the test wants this hook to fail");
        });
        stream.read(1);
        stream.read(1);
        assertThat(log).containsExactly("called");
    }

    @Test
    void hooksAreRemovedOneByOne() throws IOException {
        CachedStream stream = open(file("0123456789"));
        Hook hook = (s, bytes, n) -> log.add(n);
        Hook.Registration first = stream.hook(ON_READ, hook);
        Hook.Registration second = stream.hook(ON_READ, hook);
        stream.read(1);
        first.close();
        first.close();
        stream.read(2);
        second.close();
        stream.read(3);
        assertThat(log).containsExactly(1, 1, 2);
    }

    @Test
    void aHookMayUseTheStream() throws IOException {
        CachedStream stream = open(file("0123456789"), READ, WRITE);
        stream.hook(ON_READ, (s, bytes, n) -> {
            if (s.position() < 6) {
                log.add(utf8(((CachedStream) s).read(3)));
            }
        });
        assertThat(utf8(stream.read(3))).isEqualTo("012");
        assertThat(log).containsExactly("345");
        stream.hook(ON_WRITE, (s, bytes, n) -> log.add(((CachedStream) s).seek(0, Whence.START)));
        stream.write(utf8("x"));
        assertThat(stream.position()).isZero();
    }

    @Test
    void anAsynchronousHookMayWaitForTheStream() throws IOException {
        AsyncCachedStream stream = async(file("0123456789"));
        stream.hookAsync(ON_READ, (s, bytes, n) -> {
            if (s.position() < 6) {
                return ((AsyncCachedStream) s).readAsync(3).thenAccept(read -> log.add(utf8(read)));
            }
            return CompletableFuture.completedFuture(null);
        });
        assertThat(utf8(get(stream.readAsync(3)))).isEqualTo("012");
        assertThat(log).containsExactly("345");
    }

    @Test
    void anAsynchronousStreamWaitsForItsHooks() throws IOException {
        AsyncCachedStream stream = async(file("0123456789"));
        CompletableFuture<Void> work = new CompletableFuture<>();
        stream.hookAsync(ON_READ, (s, bytes, n) -> work);
        CompletableFuture<byte[]> read = stream.readAsync(3);
        Deadline.until("it has read", () -> stream.position() == 3);
        assertThat(read).isNotDone();
        assertThat(get(stream.sizeAsync())).as("the stream is free").isEqualTo(10);
        work.complete(null);
        assertThat(utf8(get(read))).isEqualTo("012");
    }

    @Test
    void aSynchronousStreamStartsAHookAndGivesItItsOwnBytes() throws IOException {
        CachedStream stream = open(file(""), WRITE);
        CompletableFuture<Void> later = new CompletableFuture<>();
        CompletableFuture<String> seen = new CompletableFuture<>();
        stream.hookAsync(
                ON_WRITE,
                (s, bytes, n) -> later.thenRun(() -> {
                    byte[] copy = new byte[n];
                    bytes.get(copy);
                    seen.complete(utf8(copy));
                }));
        byte[] source = utf8("abc");
        stream.write(source);
        source[0] = '!';
        later.complete(null);
        assertThat(get(seen)).isEqualTo("abc");
    }

    @Test
    void hooksCannotChangeWhatTheCallerGets() throws IOException {
        options = options.withHookFailures(Hook.Failures.THROW);
        CachedStream stream = open(file("abc"));
        stream.hook(ON_READ, (s, bytes, n) -> log.add(bytes.isReadOnly()));
        stream.hook(ON_READ, (s, bytes, n) -> bytes.position(n)); // moves its own only
        stream.hook(ON_READ, (s, bytes, n) -> log.add(bytes.remaining()));
        ByteBuffer target = ByteBuffer.allocate(10).position(2);
        assertThat(stream.read(target)).isEqualTo(3);
        assertThat(target.position()).isEqualTo(5);
        assertThat(log).containsExactly(true, 3);
    }

    @Test
    void theEndIsToldToo() throws IOException {
        CachedStream stream = open(file("abc"));
        stream.hook(ON_READ, (s, bytes, n) -> log.add(n));
        stream.readAll();
        stream.read(5);
        assertThat(stream.read(ByteBuffer.allocate(3))).isEqualTo(-1);
        assertThat(log).containsExactly(3, 0, 0);
    }
}
