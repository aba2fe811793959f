package dev.sluice.cli;

import dev.sluice.fuse.Mount;
import dev.sluice.fuse.MountOptions;
import dev.sluice.fuse.Watchdog;
import dev.sluice.jvm.Reception;
import dev.sluice.language.Flow;
import dev.sluice.linux.Mounts;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Limits;
import dev.sluice.stream.Processes;
import dev.sluice.stream.Workflow;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of an execution stand on: a workflow, their processes, and the doors: a mount, unless it is not wanted, and the
 * reception of JVMs. Whoever has it closes it, in parts. Safe for use by many threads.
 *
 * @param mount null when there is none, so that only JVMs come in
 * @param watchdog who ends the steps if we are killed; null when there is a mount, which has its own
 */
record Ground(
        Workflow workflow,
        Processes processes,
        @Nullable Mount mount,
        Reception reception,
        @Nullable Watchdog watchdog) {
    /** What the kernel calls a mount of ours. */
    static final String MOUNTED = "fuse.sluice";

    /** Puts a flow to work, over its directory; without a mount when it is not said how. */
    static Ground under(
            Flow flow, Path directory, Keep keep, Limits limits, @Nullable MountOptions how, StepOutput output)
            throws IOException {
        if (Mount.cleanUp(directory)) {
            output.say("a run that was killed has left its mount over " + directory + "; it has been removed");
        }
        if (Mounts.typeOf(directory.toRealPath()).equals(MOUNTED)) {
            throw Refusal.failed(directory + " is served already, by sluice run or sluice serve; end that first");
        }
        Workflow workflow = Workflow.open(directory, flow, keep, limits);
        Processes processes = null;
        try {
            workflow.notes().forEach(output::say);
            processes = new Processes();
            workflow.findDeadLocks(processes::areStuck);
            Mount mount = how == null ? null : mount(workflow, processes, how, output);
            Reception reception = new Reception(workflow);
            Watchdog watchdog = how == null ? Watchdog.ending(processes.mark()).orElse(null) : null;
            return new Ground(workflow, processes, mount, reception, watchdog);
        } catch (IOException | RuntimeException e) {
            if (processes != null) {
                processes.close();
            }
            workflow.close();
            throw e;
        }
    }

    private static Mount mount(Workflow workflow, Processes processes, MountOptions how, StepOutput output)
            throws IOException {
        Mount mount = Mount.over(workflow, processes::session, how);
        mount.endWithUs(processes.mark());
        mount.notes().forEach(output::say);
        workflow.whenRenewed(mount::forget);
        workflow.keep(mount.keeper());
        return mount;
    }

    Path directory() {
        return workflow.directory();
    }

    /** Lets nobody in any more. */
    void closeDoors() throws IOException {
        try (reception;
                watchdog) {
            if (mount != null) {
                mount.close();
            }
        }
    }
}
