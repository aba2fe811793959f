package dev.sluice.cli;

import dev.sluice.view.Earlier;
import dev.sluice.view.Facts;
import dev.sluice.view.LivePage;
import dev.sluice.view.Meter;
import dev.sluice.view.Metrics;
import dev.sluice.view.Shelf;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Somebody looks at a run: on the terminal, on a page, in files; and it is kept. One thread begins and ends it; while it lasts,
 * threads of its own show it.
 */
final class Watch implements AutoCloseable {
    private static final Duration BETWEEN_METRICS = Duration.ofSeconds(5);

    private final Watching wanted;
    private final Meter meter;
    private final StepOutput output;
    private final Shelf shelf = Shelf.ofUser();
    private final @Nullable LivePage page;
    private final @Nullable LiveView view;
    private final @Nullable Thread news;
    private final @Nullable Thread numbers;
    private final CountDownLatch isOver = new CountDownLatch(1);
    private boolean isFinished;

    private Watch(Watching wanted, Meter meter, StepOutput output, boolean isForeground) {
        this.wanted = wanted;
        this.meter = meter;
        this.output = output;
        page = wanted.page(meter);
        if (page != null) {
            output.say("the run can be seen at " + page.address());
        }
        boolean isShown = isForeground && !wanted.isQuiet();
        view = isShown && Terminal.isShown() ? new LiveView(output, meter, this::earlier) : null;
        news = isShown && view == null ? new News(meter, this::earlier, output::say).start() : null;
        Path file = wanted.metrics();
        numbers = file == null ? null : Thread.ofVirtual().name("metrics").start(() -> follow(file));
    }

    /**
     * Begins.
     *
     * @param manner how the steps run, as in {@link Facts.Head}
     * @param isForeground whether somebody sees what is printed
     */
    static Watch begin(Watching wanted, Execution execution, String manner, StepOutput output, boolean isForeground) {
        return new Watch(wanted, execution.meter().manner(manner), output, isForeground);
    }

    /** The last run of the same workflow, of which sizes are known. */
    private Optional<Earlier> earlier() {
        try {
            return shelf.last(meter.facts().head().workflow(), false);
        } catch (IOException e) {
            return Optional.empty(); // then nothing is known of it; that this one cannot be kept is told at its end
        }
    }

    private void follow(Path file) {
        try {
            do {
                boolean _ = write(file, Metrics.of(meter.facts()));
            } while (!isOver.await(BETWEEN_METRICS.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // by nobody: an interrupt would break off what is being written
        }
    }

    private boolean write(Path file, String text) {
        try {
            WholeFile.write(file, text);
            return true;
        } catch (IOException e) {
            output.say(file + " cannot be written: " + Failure.reason(e));
            return false;
        }
    }

    /** Everything has ended: shows and keeps how. {@return the status with which the program ends} */
    int finish(int status) {
        isFinished = true;
        stop();
        measured();
        Facts facts = meter.facts();
        if (page != null) {
            page.close();
        }
        boolean isWritten = true;
        for (Map.Entry<Path, String> file : wanted.files(facts).entrySet()) {
            isWritten &= write(file.getKey(), file.getValue());
        }
        keep(facts);
        if (view != null) {
            output.say(Panel.summary(facts) + "; see sluice report");
        }
        return status == 0 && !isWritten ? Refusal.FAILED : status;
    }

    /** Was it measured how long the same steps take one after the other? */
    private void measured() {
        try {
            shelf.last(meter.facts().head().workflow(), true).ifPresent(meter::compareWith);
        } catch (IOException e) {
            // Then it is estimated; that this run cannot be kept either is told below.
        }
    }

    private void keep(Facts facts) {
        try {
            Path _ = shelf.keep(facts);
        } catch (IOException e) {
            output.say("this run is not kept for sluice report: " + Failure.sentence(e)
                    + "; name another folder in XDG_STATE_HOME");
        }
    }

    private void stop() {
        isOver.countDown();
        if (numbers != null) {
            join(numbers);
        }
        if (news != null) {
            news.interrupt();
            join(news);
        }
        if (view != null) {
            view.close();
        }
    }

    private static void join(Thread thread) {
        try {
            boolean _ = thread.join(Execution.GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** When it has not come to its end: takes away what is shown. */
    @Override
    public void close() {
        if (!isFinished) {
            meter.finish(Refusal.FAILED, List.of("it has ended before its steps"));
            stop();
            if (page != null) {
                page.close();
            }
        }
    }
}
