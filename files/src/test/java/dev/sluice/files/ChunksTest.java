package dev.sluice.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChunksTest extends OnCache {
    @BeforeEach
    void withSmallChunks() {
        options = options.withChunkSize(4);
    }

    /** Writes down what it is told, and looks that it is told one thing after the other. */
    private static class Listener implements Flow.Subscriber<byte[]> {
        final List<String> told = new CopyOnWriteArrayList<>();
        private final AtomicInteger inside = new AtomicInteger();
        volatile Flow.Subscription subscription;
        volatile Throwable failure;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(byte[] chunk) {
            tell(utf8(chunk));
        }

        @Override
        public void onError(Throwable why) {
            failure = why;
            tell("failed");
        }

        @Override
        public void onComplete() {
            tell("complete");
        }

        private void tell(String what) {
            assertThat(inside.incrementAndGet()).as("signals at once").isEqualTo(1);
            told.add(what);
            inside.decrementAndGet();
        }

        Flow.Subscription subscription() {
            return Objects.requireNonNull(subscription);
        }

        Listener awaits(String... expected) {
            Deadline.until(List.of(expected) + " was told", () -> told.equals(List.of(expected)));
            return this;
        }
    }

    private static Listener listening(AsyncCachedStream stream) {
        Listener listener = new Listener();
        stream.publisher().subscribe(listener);
        return listener;
    }

    @Test
    void itGivesAsManyChunksAsAreAskedFor() throws IOException {
        AsyncCachedStream stream = async(file("0123456789"));
        Listener listener = listening(stream);
        assertThat(stream.isOpen()).as("nothing is read before it is asked for").isFalse();
        listener.subscription().request(2);
        listener.awaits("0123", "4567");
        get(stream.sizeAsync());
        assertThat(stream.position()).as("nothing is read ahead").isEqualTo(8);
        listener.subscription().request(Long.MAX_VALUE);
        listener.subscription().request(1);
        listener.awaits("0123", "4567", "89", "complete");
        assertThat(stream.isOpen()).isTrue();
        listener.subscription().request(5);
        listener.subscription().cancel();
        get(stream.sizeAsync());
        listener.awaits("0123", "4567", "89", "complete");
    }

    @Test
    void aSubscriberThatAsksForOneAtATimeGetsALargeFileWhole() throws IOException {
        byte[] bytes = new byte[50_000];
        new java.util.Random(3).nextBytes(bytes);
        Path path = Files.write(folder.resolve("large"), bytes);
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        Listener listener = new Listener() {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                super.onSubscribe(given);
                given.request(1);
            }

            @Override
            public void onNext(byte[] chunk) {
                all.writeBytes(chunk);
                subscription().request(1);
            }
        };
        async(path).publisher().subscribe(listener);
        listener.awaits("complete");
        assertThat(all.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void subscribersShareTheCursor() throws IOException {
        AsyncCachedStream stream = async(file("0123456789"));
        Listener one = listening(stream);
        Listener other = listening(stream);
        one.subscription().request(1);
        one.awaits("0123");
        other.subscription().request(1);
        other.awaits("4567");
        assertThat(utf8(get(stream.readAsync(1)))).isEqualTo("8");
        one.subscription().request(1);
        one.awaits("0123", "9");
    }

    @Test
    void whoCancelsIsToldNoMore() throws IOException {
        AsyncCachedStream stream = async(file("0123456789"));
        Listener listener = listening(stream);
        listener.subscription().request(1);
        listener.awaits("0123");
        listener.subscription().cancel();
        listener.subscription().request(1);
        Listener other = listening(stream);
        other.subscription().request(1);
        other.awaits("4567");
        listener.awaits("0123");
    }

    @Test
    void failuresAreTold() throws IOException {
        Listener none = listening(async(folder.resolve("none")));
        none.subscription().request(1);
        none.awaits("failed");
        assertThat(none.failure).isInstanceOf(NoSuchFileException.class);

        AsyncCachedStream closed = async(file("0123456789"));
        closed.close();
        Listener late = listening(closed);
        late.subscription().request(1);
        late.awaits("failed");
        assertThat(late.failure).isInstanceOf(ClosedChannelException.class);

        Listener bad = listening(async(file("0123456789")));
        bad.subscription().request(0);
        bad.awaits("failed");
        assertThat(bad.failure).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3.9");
    }

    @Test
    void aSubscriberThatThrowsIsToldThatAndNoMore() throws IOException {
        Listener rude = new Listener() {
            @Override
            public void onNext(byte[] chunk) {
                super.onNext(chunk);
                throw new IllegalStateException("not this one");
            }
        };
        async(file("0123456789")).publisher().subscribe(rude);
        rude.subscription().request(5);
        rude.awaits("0123", "failed");
        assertThat(rude.failure).hasMessage("not this one");
    }
}
