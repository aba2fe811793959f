package dev.sluice.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.Flow;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Handle;
import dev.sluice.stream.Limits;
import dev.sluice.stream.Processes;
import dev.sluice.stream.Request;
import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workflow without a mount, and real processes. */
class MeterTest {
    @TempDir
    private Path directory;

    private Workflow workflow;
    private Processes processes;
    private Meter meter;

    private static final class Call extends Request {
        private final Session session;

        Call(Session session) {
            this.session = session;
        }

        @Override
        public int task() {
            return 0;
        }

        @Override
        public int user() {
            return 0;
        }

        @Override
        public int group() {
            return 0;
        }

        @Override
        public @Nullable Session session() {
            return session;
        }

        @Override
        protected void resume() {}
    }

    @BeforeEach
    void open() throws Exception {
        Flow flow = Flow.builder("metered")
                .step("make", List.of(), List.of("data"))
                .step("use", List.of("data"), List.of())
                .build();
        workflow = Workflow.open(directory, flow, Keep.NONE, new Limits(1 << 20, null));
        processes = new Processes();
        meter = new Meter(workflow, processes);
    }

    @AfterEach
    void close() {
        meter.close();
        processes.close();
        workflow.close();
    }

    private void write(Session session, int bytes) throws Exception {
        Call call = new Call(session);
        Handle handle = workflow.tree().create(call, workflow.tree().root(), "data", OpenFlag.WRITE_ONLY.bits(), 0644);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(bytes);
            int _ = workflow.tree().write(call, handle, 0, bytes, memory::address, false);
        }
        workflow.tree().close(handle);
    }

    private Facts until(Predicate<Facts> condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        Facts facts = meter.facts();
        while (!condition.test(facts)) {
            assertThat(System.nanoTime()).as("in time: " + facts).isLessThan(end);
            Thread.sleep(10);
            facts = meter.facts();
        }
        return facts;
    }

    @Test
    void whatStepsDoIsAddedUp() throws Exception {
        Session make = workflow.start("make");
        write(make, 1000);
        Facts during =
                until(facts -> !facts.steps().getFirst().course().written().isEmpty());
        assertThat(during.head().state()).isEqualTo("running");
        assertThat(during.steps().getFirst().state()).isEqualTo("running");
        assertThat(during.steps().get(1).state()).isEqualTo("expected");
        assertThat(during.files().getFirst().state()).isEqualTo("growing");
        assertThat(during.steps().getFirst().written()).isEqualTo(1000);

        make.end(true);
        workflow.start("use").end(false);
        meter.finish(3, List.of("it failed"));
        Facts after = meter.facts();
        assertThat(after.head().state()).isEqualTo("failed");
        assertThat(after.head().status()).isEqualTo(3);
        assertThat(after.head().said()).containsExactly("it failed");
        assertThat(after.steps()).extracting(Facts.Step::state).containsExactly("done", "failed");
        assertThat(after.files().getFirst().state()).isEqualTo("complete");
        assertThat(after.sums().written()).isEqualTo(1000);
        assertThat(after.alone().isMeasured()).isFalse();
        assertThat(after.alone().micros()).isPositive();
        assertThat(meter.facts()).as("nothing changes any more").isEqualTo(after);
    }

    @Test
    void theWorkOfProcessorsIsAStepsOwn() throws Exception {
        Session make = workflow.start("make");
        Session use = workflow.start("use");
        Process _ = begin(make, "i=0; while :; do i=$((i+1)); done");
        Process _ = begin(use, "sleep 60");
        Facts facts = until(seen -> seen.steps().getFirst().cpu() >= 200_000);
        assertThat(facts.steps().get(1).cpu()).isLessThan(100_000);

        long before = facts.steps().getFirst().cpu();
        assertThat(processes.stop(make, Duration.ofSeconds(1))).isTrue();
        assertThat(processes.stop(use, Duration.ofSeconds(1))).isTrue();
        make.end(false);
        use.end(false);
        assertThat(meter.facts().steps().getFirst().cpu()).isGreaterThanOrEqualTo(before);
    }

    private Process begin(Session session, String command) throws Exception {
        processes.begin(session);
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command);
        builder.environment().putAll(processes.environment(session));
        Process process = builder.start();
        processes.root(session, Math.toIntExact(process.pid()));
        return process;
    }

    @Test
    void whatEndsBetweenTwoLooksHasWorkedToo() throws Exception {
        Session make = workflow.start("make");
        long before = processes.effortOfEnded().toMillis();
        Process process = begin(make, "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        processes.end(make).get(20, TimeUnit.SECONDS);
        long worked = processes.effortOfEnded().toMillis() - before;
        make.end(true);

        assertThat(worked).isPositive();
        assertThat(meter.facts().steps().getFirst().cpu() / 1000).isBetween(worked - 20, worked + 20);
    }

    @Test
    void anotherRunOfTheSameStepsIsCompared() throws Exception {
        meter.compareWith(new Earlier(
                "metered",
                "in turn",
                "2026-01-01T00:00:00Z",
                77,
                "succeeded",
                Map.of("make", 1L, "use", 2L),
                Map.of()));
        assertThat(meter.facts().alone()).isEqualTo(new Facts.Alone(77, true, "2026-01-01T00:00:00Z"));
        meter.compareWith(new Earlier("metered", "in turn", "", 77, "succeeded", Map.of("make", 1L), Map.of()));
        assertThat(meter.facts().alone().isMeasured()).as("other steps").isFalse();
    }

    @Test
    void flightRecorderIsTold() throws Exception {
        Path file = directory.resolveSibling(directory.getFileName() + ".jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            Session make = workflow.start("make");
            write(make, 1000);
            make.end(true);
            Facts _ = meter.facts();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        java.nio.file.Files.delete(file);

        assertThat(events)
                .anyMatch(event -> event.getEventType().getName().equals("dev.sluice.Stream")
                        && event.getString("path").equals("data")
                        && event.getLong("bytes") == 1000)
                .anyMatch(event -> event.getEventType().getName().equals("dev.sluice.Statistics")
                        && event.getLong("written") == 1000);
    }
}
