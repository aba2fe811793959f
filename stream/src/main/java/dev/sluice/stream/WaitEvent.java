package dev.sluice.stream;

import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** For JDK Flight Recorder: somebody has waited for a file, and goes on. Short waits are left out. One thread at a time. */
@Name("dev.sluice.Wait")
@Label("Wait for a File")
@Category("Sluice")
@Description("A step has waited for a file's bytes, for its commit, or for room in memory")
@Enabled
@StackTrace(false)
final class WaitEvent extends Event {
    private static final long WORTH_TELLING = Duration.ofMillis(1).toNanos();

    @Label("Step")
    @Nullable
    String step;

    @Label("File")
    @Nullable
    String path;

    @Label("Reason")
    @Nullable
    String reason;

    @Label("Waited")
    @Timespan
    long waited;

    static void tell(Wait wait, Session session, Waiting.Reason reason) {
        long waited = System.nanoTime() - wait.since;
        WaitEvent event = new WaitEvent();
        if (waited >= WORTH_TELLING && event.shouldCommit()) {
            event.step = session.step();
            event.path = wait.stream.path();
            event.reason = reason.name();
            event.waited = waited;
            event.commit();
        }
    }
}
