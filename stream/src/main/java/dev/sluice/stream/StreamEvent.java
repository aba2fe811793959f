package dev.sluice.stream;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** For JDK Flight Recorder: a file that flows is complete, or never will be. One thread at a time. */
@Name("dev.sluice.Stream")
@Label("Stream Settled")
@Category("Sluice")
@Description("A file that flows is complete, or who should complete it has failed")
@Enabled
@StackTrace(false)
final class StreamEvent extends Event {
    @Label("File")
    @Nullable
    String path;

    @Label("Complete")
    boolean isComplete;

    @Label("Size")
    @DataAmount
    long bytes;

    static void tell(Stream stream, boolean isComplete, long bytes) {
        StreamEvent event = new StreamEvent();
        if (event.shouldCommit()) {
            event.path = stream.path();
            event.isComplete = isComplete;
            event.bytes = bytes;
            event.commit();
        }
    }
}
