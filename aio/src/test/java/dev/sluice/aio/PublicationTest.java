package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.Deadline;
import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PublicationTest extends OnEachContext {
    /** Keeps what it gets, and asks for more as it was told. */
    private static class Recorder<T> implements Flow.Subscriber<T> {
        final List<T> elements = new CopyOnWriteArrayList<>();
        final CompletableFuture<List<T>> ended = new CompletableFuture<>();
        private final long first;
        private final long each;
        volatile Flow.Subscription subscription;

        Recorder(long first, long each) {
            this.first = first;
            this.each = each;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            if (first > 0) {
                given.request(first);
            }
        }

        @Override
        public void onNext(T element) {
            elements.add(element);
            if (each > 0) {
                subscription.request(each);
            }
        }

        @Override
        public void onError(Throwable failure) {
            ended.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            ended.complete(elements);
        }
    }

    private LineReader<String> lines(int count) throws IOException {
        String text = String.join(
                "\n", IntStream.range(0, count).mapToObj(Integer::toString).toList());
        return LineReader.text(openFile(file(text)), 0, LineOptions.DEFAULT.withChunkSize(64));
    }

    @Test
    void everySubscriberGetsAllFromWhereTheReaderWas() throws IOException {
        LineReader<String> lines = lines(2000);
        assertThat(lines.next()).hasValue("0");
        Flow.Publisher<String> publisher = lines.publisher();
        Recorder<String> eager = new Recorder<>(Long.MAX_VALUE, 0);
        Recorder<String> stepwise = new Recorder<>(1, 1);
        publisher.subscribe(eager);
        publisher.subscribe(stepwise);
        List<String> expected =
                IntStream.range(1, 2000).mapToObj(Integer::toString).toList();
        assertThat(get(eager.ended)).isEqualTo(expected);
        assertThat(get(stepwise.ended)).isEqualTo(expected);
        assertThat(lines.next()).hasValue("1");
        assertThatThrownBy(() -> publisher.subscribe(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void noMoreIsGivenThanRequested() throws IOException {
        Recorder<String> recorder = new Recorder<>(3, 0);
        lines(100).publisher().subscribe(recorder);
        Deadline.until("three lines have come", () -> recorder.elements.size() == 3);
        recorder.subscription.request(2);
        Deadline.until("five lines have come", () -> recorder.elements.size() == 5);
        assertThat(recorder.elements).containsExactly("0", "1", "2", "3", "4");
        recorder.subscription.cancel();
        recorder.subscription.request(10);
        assertThat(recorder.ended).isNotDone();
        assertThat(recorder.elements).hasSize(5);
    }

    @Test
    void theEndIsToldWithoutFurtherDemand() throws IOException {
        Recorder<String> recorder = new Recorder<>(5, 0);
        lines(5).publisher().subscribe(recorder);
        assertThat(get(recorder.ended)).hasSize(5);
    }

    @Test
    void signalsComeOnCompletionThreads() throws IOException {
        AtomicInteger elsewhere = new AtomicInteger();
        Recorder<String> recorder = new Recorder<>(1, 1) {
            @Override
            public void onNext(String element) {
                if (!context.isCompletionThread()) {
                    elsewhere.incrementAndGet();
                }
                super.onNext(element);
            }
        };
        lines(500).publisher().subscribe(recorder);
        get(recorder.ended);
        assertThat(elsewhere).hasValue(0);
    }

    @Test
    void aSubscriberThatThrowsGetsItsErrorBackAndNothingElse() throws IOException {
        Recorder<String> recorder = new Recorder<>(10, 0) {
            @Override
            public void onNext(String element) {
                super.onNext(element);
                throw new IllegalStateException("mine");
            }
        };
        lines(100).publisher().subscribe(recorder);
        assertThat(failure(recorder.ended)).hasMessage("mine");
        assertThat(recorder.elements).containsExactly("0");
    }

    @Test
    void aRequestOfNothingIsAnError() throws IOException {
        Recorder<String> recorder = new Recorder<>(0, 0);
        lines(100).publisher().subscribe(recorder);
        recorder.subscription.request(0);
        assertThat(failure(recorder.ended))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3.9");
    }

    @Test
    void anErrorOfReadingIsTold() throws IOException {
        LineReader<String> lines =
                LineReader.text(openFile(file("ok\ntoo long\n")), 0, LineOptions.DEFAULT.withLimit(3));
        Recorder<String> recorder = new Recorder<>(Long.MAX_VALUE, 0);
        lines.publisher().subscribe(recorder);
        assertThat(failure(recorder.ended)).isInstanceOf(LineTooLongException.class);
        assertThat(recorder.elements).containsExactly("ok");
    }

    @Test
    void aClosedFileOrContextIsTold() throws IOException {
        AsyncFile file = openFile(file("text"));
        Flow.Publisher<ByteBuffer> publisher = ChunkReader.of(file, 0, 2).publisher();
        Recorder<ByteBuffer> between = new Recorder<>(0, 0);
        publisher.subscribe(between);
        file.close();
        Recorder<ByteBuffer> late = new Recorder<>(0, 0);
        publisher.subscribe(late);
        assertThat(failure(late.ended)).isInstanceOf(ClosedChannelException.class);
        between.subscription.request(1);
        assertThat(failure(between.ended)).isInstanceOf(ClosedChannelException.class);
        Context closing = Context.builder().kind(kind).open();
        try (AsyncFile other = AsyncFile.open(folder.resolve("file"), closing)) {
            Recorder<ByteBuffer> recorder = new Recorder<>(0, 0);
            ChunkReader.of(other, 0, 2).publisher().subscribe(recorder);
            closing.close();
            recorder.subscription.request(Long.MAX_VALUE);
            Deadline.until("the subscriber is told", recorder.ended::isDone);
        }
    }

    @Test
    void cancellingStopsTheReadOfAPipe() throws IOException {
        AsyncFile pipe = openFile(Pipes.make(folder), StandardOpenOption.READ, StandardOpenOption.WRITE);
        Recorder<ByteBuffer> recorder = new Recorder<>(1, 0);
        ChunkReader.of(pipe, 0, 10).publisher().subscribe(recorder);
        Deadline.until("the pipe is being read", () -> context.statistics().inFlight() == 1);
        recorder.subscription.cancel();
        Deadline.until("nothing is in flight", () -> context.statistics().inFlight() == 0);
        pipe.write(ByteBuffer.wrap(utf8("x")), 0);
        ByteBuffer back = ByteBuffer.allocate(1);
        assertThat(pipe.read(back, 0)).isEqualTo(1);
    }
}
