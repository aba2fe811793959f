package dev.sluice.stream;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For JDK Flight Recorder: memory is short, and a file goes on on disk. One thread at a time. */
@Name("dev.sluice.Spill")
@Label("Spill to Disk")
@Category("Sluice")
@Description("Memory is short, so what is written to a file from now on goes to disk")
@Enabled
@StackTrace(false)
final class SpillEvent extends Event {
    @Label("Memory Taken")
    @DataAmount
    long memory;

    static void tell(long memory) {
        SpillEvent event = new SpillEvent();
        if (event.shouldCommit()) {
            event.memory = memory;
            event.commit();
        }
    }
}
