package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aio.AsyncFileStream.Whence;
import dev.sluice.aio.StreamModel.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A stream does what a file and a cursor in memory do, whoever waits for its calls. */
class AsyncFileStreamProperties {
    /** Who waits for a call. */
    enum Waiting {
        CALL,
        FUTURE,
        NOBODY
    }

    record Step(Action action, Waiting waiting) {}

    @Property(tries = 300)
    void aStreamOnARingDoesWhatTheModelDoes(@ForAll("steps") List<Step> steps) throws Exception {
        Assume.that(ContextBuilder.whyNot(Context.Kind.URING).isEmpty());
        check(Context.Kind.URING, steps);
    }

    @Property(tries = 300)
    void aStreamOnThreadsDoesWhatTheModelDoes(@ForAll("steps") List<Step> steps) throws Exception {
        check(Context.Kind.THREADS, steps);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> length = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(10, Arbitraries.integers().between(0, 40)),
                net.jqwik.api.Tuple.of(2, Arbitraries.integers().between(0, 20_000)),
                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(60_000, 140_000)));
        Arbitrary<Action> action = Arbitraries.oneOf(
                length.map(StreamModel.Read::new),
                Combinators.combine(length, Arbitraries.of(true, false)).as(StreamModel.Fill::new),
                Arbitraries.create(StreamModel.ReadAll::new),
                Combinators.combine(length, Arbitraries.bytes()).as(StreamModel.Write::new),
                Combinators.combine(length, Arbitraries.bytes()).as(StreamModel.Write::new),
                Combinators.combine(Arbitraries.integers().between(-60, 60), Arbitraries.of(Whence.class))
                        .as(StreamModel.Seek::new),
                length.map(StreamModel.Truncate::new),
                Arbitraries.integers().between(1, 30).map(StreamModel.ReadLine::new),
                Arbitraries.create(() -> new StreamModel.ReadLine(100_000)));
        return Combinators.combine(action, Arbitraries.of(Waiting.class))
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }

    private static void check(Context.Kind kind, List<Step> steps) throws Exception {
        Path path = Files.createTempFile("sluice", ".model");
        try (Context context = Context.builder().kind(kind).open();
                AsyncFileStream stream =
                        AsyncFileStream.open(path, context, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            StreamModel model = new StreamModel();
            List<String> expected = new ArrayList<>();
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (Step step : steps) {
                expected.add(step.action().on(model));
                answers.add(answer(stream, step));
            }
            List<String> actual = new ArrayList<>();
            for (CompletableFuture<String> each : answers) {
                actual.add(each.get(20, TimeUnit.SECONDS));
            }
            assertThat(actual).isEqualTo(expected);
            assertThat(stream.position()).isEqualTo(model.position());
            assertThat(Files.readAllBytes(path)).isEqualTo(model.bytes());
        } finally {
            Files.delete(path);
        }
    }

    private static CompletableFuture<String> answer(AsyncFileStream stream, Step step) throws Exception {
        return switch (step.waiting()) {
            case CALL -> CompletableFuture.completedFuture(called(stream, step.action()));
            case FUTURE -> {
                CompletableFuture<String> answer = step.action().start(stream);
                answer.get(20, TimeUnit.SECONDS);
                yield answer;
            }
            case NOBODY -> step.action().start(stream);
        };
    }

    private static String called(AsyncFileStream stream, Action action) throws IOException {
        return action.on(stream);
    }
}
