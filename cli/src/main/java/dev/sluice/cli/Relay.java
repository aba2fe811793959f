package dev.sluice.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Runs steps one after the other, as people do without Sluice. One thread runs them; any thread may stop it. */
final class Relay {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private @Nullable Process running;
    private boolean isStopped;

    /** Runs all; answers when each ran. */
    List<Lane> run(List<StepCommand> steps) throws IOException, InterruptedException {
        List<Lane> lanes = new ArrayList<>();
        long start = System.nanoTime();
        for (StepCommand step : steps) {
            double begin = (System.nanoTime() - start) / 1e9;
            Process process = start(step);
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int status = process.waitFor();
            refuseIfStopped(); // a pipeline whose first program was ended may have ended well
            if (status != 0) {
                throw new IOException("step " + step.step() + " failed with status " + status
                        + (said.isEmpty() ? "" : ": " + Printable.text(said)));
            }
            lanes.add(Lane.busy(step.step(), begin, (System.nanoTime() - start) / 1e9));
        }
        return lanes;
    }

    private synchronized Process start(StepCommand step) throws IOException {
        refuseIfStopped();
        Process process = new ProcessBuilder("sh", "-c", step.command())
                .directory(Path.of("").toAbsolutePath().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .start();
        running = process;
        return process;
    }

    private synchronized void refuseIfStopped() throws IOException {
        if (isStopped) {
            throw new IOException("interrupted");
        }
    }

    /** Ends the step that runs, with its processes, and lets none follow. */
    void stop() {
        Process process;
        synchronized (this) {
            isStopped = true;
            process = running;
        }
        if (process == null) {
            return;
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (process.isAlive() && System.nanoTime() < end) {
            List<ProcessHandle> inside = process.descendants().toList();
            // A shell that ends first would leave its children behind.
            if (inside.isEmpty()) {
                process.destroy();
            } else {
                inside.forEach(ProcessHandle::destroy);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
