package dev.sluice.cli;

import dev.sluice.view.Earlier;
import dev.sluice.view.Meter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Shows a run on the terminal, in lines below what steps print, which change. A thread of its own shows it. */
final class LiveView implements AutoCloseable {
    private static final long PAUSE_MILLIS = 250;

    /** Of a terminal's lines so many are for what steps print. */
    private static final int LEFT_FREE = 4;

    private static final int MOST_LINES = 16;

    private final StepOutput output;
    private final Meter meter;
    private final Supplier<Optional<Earlier>> earlier;
    private final Thread thread;
    private volatile Terminal terminal = Terminal.now();

    LiveView(StepOutput output, Meter meter, Supplier<Optional<Earlier>> earlier) {
        this.output = output;
        this.meter = meter;
        this.earlier = earlier;
        output.resized(terminal.columns());
        boolean _ = Signals.take("WINCH", (_, _) -> resized());
        thread = Thread.ofVirtual().name("live view").start(this::run);
    }

    /** At once: what is drawn meanwhile has not been wrapped by the terminal. */
    private void resized() {
        Terminal now = Terminal.now();
        terminal = now;
        output.resized(now.columns());
    }

    private void run() {
        Panel panel = new Panel(earlier.get().orElse(null));
        try {
            while (true) {
                Terminal now = terminal;
                int lines = Math.clamp(now.rows() - LEFT_FREE, 1, MOST_LINES);
                output.show(panel.lines(meter.facts(), now.ability(), lines));
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } finally {
            output.show(List.of());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            boolean _ = thread.join(Execution.GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
