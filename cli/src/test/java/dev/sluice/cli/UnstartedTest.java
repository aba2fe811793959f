package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of a step that waits for one which nobody has started. */
class UnstartedTest {
    private final Unstarted unstarted =
            new Unstarted("use", Path.of("work"), new PrintWriter(Writer.nullWriter(), true));

    private static Message step(String name, int started, int running) {
        return Message.of()
                .with("name", name)
                .with("expected", 2)
                .with("started", started)
                .with("running", running);
    }

    private static Message wait(String step, String path, String... producers) {
        return Message.of().with("step", step).with("path", path).with("producers", List.of(producers));
    }

    private static Message status(List<Message> steps, Message... waits) {
        return Message.of().with("steps", steps).with("waits", List.of(waits));
    }

    @Test
    void eachFileIsToldOnce() {
        Message status = status(List.of(step("make", 0, 0)), wait("use", "a", "make"), wait("use", "a", "make"));
        assertThat(unstarted.sentences(status))
                .singleElement()
                .asString()
                .startsWith("step use waits for a, which step make makes, and nobody has started make; start it");
        assertThat(unstarted.sentences(status)).isEmpty();
        assertThat(unstarted.sentences(status(List.of(step("make", 0, 0)), wait("use", "b", "make"))))
                .hasSize(1);
    }

    @Test
    void aProducerBetweenItsRunsIsMissing() {
        assertThat(unstarted.sentences(status(List.of(step("make", 1, 0)), wait("use", "a", "make"))))
                .singleElement()
                .asString()
                .contains("nobody has started the next run of make;");
    }

    @Test
    void whatIsThereFromBeforeMayBeTakenAsItIs() {
        Message old = status(List.of(step("make", 0, 0)), wait("use", "a", "make"))
                .with("files", List.of(Message.of().with("path", "a").with("state", "before")));
        assertThat(unstarted.sentences(old))
                .singleElement()
                .asString()
                .endsWith("; or, to take the one from before as it is, start the server with --runs make=0");
    }

    @Test
    void whoWaitsForAStepAtWorkWaitsForGoodReason() {
        List<Message> steps = List.of(step("make", 1, 1), step("more", 0, 0), step("done", 2, 0));
        assertThat(unstarted.sentences(status(steps, wait("use", "a", "make", "more"), wait("use", "b", "done"))))
                .isEmpty();
    }

    @Test
    void theWaitsOfOtherStepsAreTheirs() {
        assertThat(unstarted.sentences(status(List.of(step("make", 0, 0)), wait("other", "a", "make"))))
                .isEmpty();
    }
}
