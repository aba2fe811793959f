package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayTest {
    @TempDir
    private Path folder;

    private final Relay relay = new Relay();

    @Test
    void eachStepBeginsWhenTheOneBeforeHasEnded() throws Exception {
        List<Lane> lanes = relay.run(List.of(
                new StepCommand("one", "sleep 0.05; echo 1 > '" + folder + "/a'"),
                new StepCommand("two", "cp '" + folder + "/a' '" + folder + "/b'")));

        assertThat(folder.resolve("b")).hasContent("1\n");
        assertThat(lanes).extracting(Lane::step).containsExactly("one", "two");
        assertThat(lanes.getFirst().taken()).isGreaterThan(0.04);
        assertThat(lanes.getLast().begin())
                .isGreaterThanOrEqualTo(lanes.getFirst().end());
        assertThat(lanes.getLast().waited()).isZero();
    }

    @Test
    void aFailureIsToldWithWhatTheStepSaid() {
        assertThatThrownBy(() -> relay.run(List.of(new StepCommand("one", "echo oh >&2; exit 3"))))
                .hasMessage("step one failed with status 3: oh");
    }

    @Test
    void aStepCanBeStoppedWithAllItsProcesses() throws Exception {
        Path started = folder.resolve("started");
        CompletableFuture<List<Lane>> running = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return relay.run(List.of(new StepCommand("one", "touch '" + started + "'; sleep 600 | cat")));
                    } catch (Exception e) {
                        throw new java.util.concurrent.CompletionException(e);
                    }
                },
                Thread::startVirtualThread);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.exists(started)) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(5);
        }
        relay.stop();

        assertThat(running).failsWithin(30, TimeUnit.SECONDS);
        assertThatThrownBy(() -> relay.run(List.of(new StepCommand("two", "true"))))
                .hasMessage("interrupted");
    }
}
