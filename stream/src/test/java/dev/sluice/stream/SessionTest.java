package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.Flow;
import dev.sluice.stream.Ending.Keep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private Workflow workflow;
    private Session producing;
    private Session consuming;

    @BeforeEach
    void open() throws Exception {
        Flow flow = Flow.builder("test")
                .step("make", List.of(), List.of("data", "more"))
                .step("use", List.of("data", "more"), List.of())
                .build();
        workflow = Workflow.open(directory, flow, Keep.PERMANENT, new Limits(64 << 20, null));
        producing = workflow.start("make");
        consuming = workflow.start("use");
    }

    @AfterEach
    void close() {
        workflow.close();
    }

    private CompletableFuture<String> reading(String path) {
        Program program = new Program(workflow, consuming);
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return program.get(path);
                    } catch (Exception e) {
                        throw new java.util.concurrent.CompletionException(e);
                    }
                },
                Thread::startVirtualThread);
    }

    private void until(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time; " + workflow.waiting()).isLessThan(end);
            Thread.sleep(1);
        }
    }

    @Test
    void whoNeverWaitedHasWaitedForNoTime() throws Exception {
        new Program(workflow, producing).put("data", "x");

        assertThat(producing.course().waited()).isZero();
        assertThat(producing.course().hasEnded()).isFalse();
        assertThat(producing.course().taken()).isPositive();
    }

    @Test
    void theTimeOfAWaitGrowsWhileItLasts() throws Exception {
        CompletableFuture<String> reading = reading("data");
        until(() -> workflow.waiting().size() == 1);
        Duration before = consuming.course().waited();
        until(() -> consuming.course().waited().compareTo(before.plusMillis(5)) > 0);

        new Program(workflow, producing).put("data", "x");
        producing.end(true);
        assertThat(Program.get(reading)).isEqualTo("x");
        Duration after = consuming.course().waited();
        Duration later = consuming.course().taken().plusMillis(5);
        until(() -> consuming.course().taken().compareTo(later) > 0);
        assertThat(consuming.course().waited()).isEqualTo(after);
    }

    @Test
    void waitsAtTheSameTimeCountOnce() throws Exception {
        CompletableFuture<String> one = reading("data");
        CompletableFuture<String> other = reading("more");
        until(() -> workflow.waiting().size() == 2);
        until(() -> consuming.course().waited().toMillis() > 20);

        Session.Course course = consuming.course();
        assertThat(course.waited()).isLessThanOrEqualTo(course.taken());
        producing.end(true);
        assertThat(one).failsWithin(LONG);
        assertThat(other).failsWithin(LONG);
    }

    @Test
    void anEndStopsTheClock() throws Exception {
        CompletableFuture<String> reading = reading("data");
        until(() -> workflow.waiting().size() == 1);
        until(() -> consuming.course().waited().toMillis() > 1);
        consuming.end(true);
        Session.Course ended = consuming.course();

        assertThat(ended.hasEnded()).isTrue();
        assertThat(ended.waited()).isPositive().isLessThanOrEqualTo(ended.taken());
        producing.end(true);
        assertThat(reading).failsWithin(LONG);
        assertThat(consuming.course()).isEqualTo(ended);
    }
}
