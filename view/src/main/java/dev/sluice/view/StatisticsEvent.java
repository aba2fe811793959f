package dev.sluice.view;

import dev.sluice.stream.Workflow.Recording;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For JDK Flight Recorder: how far a run is, each time when it is looked at. One thread at a time. */
@Name("dev.sluice.Statistics")
@Label("Run Statistics")
@Category("Sluice")
@Description("How much a run has read, written, and keeps in memory")
@Enabled
@StackTrace(false)
final class StatisticsEvent extends Event {
    @Label("Read")
    @DataAmount
    long read;

    @Label("Written")
    @DataAmount
    long written;

    @Label("Memory Taken")
    @DataAmount
    long memory;

    @Label("Files Spilled")
    long spilled;

    @Label("Files Made")
    long made;

    @Label("Files Complete")
    long complete;

    @Label("Opens")
    long opens;

    @Label("Opens Left to the Kernel")
    long kernelOpens;

    static void tell(Recording seen) {
        StatisticsEvent event = new StatisticsEvent();
        if (event.shouldCommit()) {
            for (long[] bytes : Gathering.moved(seen).values()) {
                event.read += bytes[0];
                event.written += bytes[1];
            }
            event.memory = seen.counts().memory();
            event.spilled = seen.counts().spilled();
            event.made = seen.counts().made();
            event.complete = seen.counts().complete();
            event.opens = seen.counts().opens();
            event.kernelOpens = seen.counts().kernelOpens();
            event.commit();
        }
    }
}
