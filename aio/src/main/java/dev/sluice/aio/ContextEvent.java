package dev.sluice.aio;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** For JDK Flight Recorder: what a context has done until it was closed. One thread at a time. */
@Name("dev.sluice.aio.Context")
@Label("Context Closed")
@Category("Sluice")
@Description("A context of asynchronous files is closed: how much the page cache answered, and how much the ring did")
@Enabled
@StackTrace(false)
final class ContextEvent extends Event {
    @Label("Name")
    @Nullable
    String name;

    @Label("Kind")
    @Nullable
    String kind;

    @Label("Answered on the Caller's Thread")
    long here;

    @Label("Handed Over")
    long handedOver;

    @Label("System Calls of the Ring")
    long systemCalls;

    static void tell(Context context) {
        ContextEvent event = new ContextEvent();
        if (event.shouldCommit()) {
            Context.Statistics statistics = context.statistics();
            event.name = context.name();
            event.kind = context.kind().toString();
            event.here = statistics.here();
            event.handedOver = statistics.handedOver();
            event.systemCalls = statistics.systemCalls();
            event.commit();
        }
    }
}
