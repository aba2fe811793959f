package dev.sluice.fuse;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.language.Flow;
import dev.sluice.stream.Ending;
import dev.sluice.stream.Limits;
import dev.sluice.stream.Workflow;
import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import dev.sluice.testing.MountPoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests with a workflow of two steps mounted over its directory: what {@code producer} makes in {@code s}, {@code consumer} reads. */
abstract class OnMount {
    static final String FLOW = """
        { "name": "test", "version": 1.1, "IO_Graph": [
          { "name": "producer", "input_stream": [ "in" ], "output_stream": [ "s/*", "whole/*", "three", "late" ], "streaming": [
            { "dirname": [ "three" ], "committed": "on_n_files", "n_files": 3, "mode": "no_update" },
            { "name": [ "s/*" ], "committed": "on_close", "mode": "no_update" },
            { "name": [ "whole/*" ], "committed": "on_close", "mode": "update" } ] },
          { "name": "consumer", "input_stream": [ "s/*", "whole/*", "three", "late" ], "output_stream": [ "result" ] } ] }
        """;

    @TempDir
    Path folder;

    final MountPoint point = MountPoint.of("mount");
    final Path root = point.path();
    Workflow workflow;
    StepsByEnvironment steps;
    Door door;
    Mount mount;
    private final List<Child> children = new ArrayList<>();

    MountOptions options() {
        return MountOptions.standard().watchdog(false);
    }

    Limits limits() {
        return Limits.usual();
    }

    @BeforeEach
    final void mountIt() throws Exception {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        Files.writeString(root.resolve("below"), "from below\n");
        prepare();
        workflow = Workflow.open(root, Flow.read(flowFile()), Ending.Keep.PERMANENT, limits());
        steps = new StepsByEnvironment(workflow, "producer", "consumer");
        door = new Door(workflow.tree(), steps, options().tier());
        mount = Mount.over(root, door, options());
        workflow.keep(mount.keeper());
    }

    /** Before it is mounted. */
    void prepare() throws IOException {}

    final Path flowFile() throws IOException {
        return Files.writeString(folder.resolve("flow.json"), FLOW);
    }

    @AfterEach
    final void unmountIt() throws Exception {
        try {
            children.forEach(Child::close);
            if (mount != null) {
                mount.close();
            }
            if (workflow != null) {
                workflow.close();
            }
        } finally {
            point.close();
        }
    }

    /** A shell's command in the mounted directory, in the name of a step or, when that is empty, of none. */
    final Child sh(String step, String command) {
        List<String> all = new ArrayList<>(List.of("env", "-C", root.toString(), "-u", "STEP"));
        if (!step.isEmpty()) {
            all.add("STEP=" + step);
        }
        all.addAll(List.of("sh", "-c", command));
        Child child = Child.of(all);
        children.add(child);
        return child.start();
    }

    /** What a shell's command says, which has to succeed. */
    final String said(String step, String command) {
        Child.Outcome outcome = sh(step, command).finish();
        if (outcome.exit() != 0) {
            throw new AssertionError(command + ": exit " + outcome.exit() + ": " + outcome.output());
        }
        return outcome.output();
    }

    /** What a Python program says. */
    final String python(String program) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "python3 is not installed");
        Path file = Files.writeString(folder.resolve("program.py"), program);
        return said("", "python3 " + file);
    }

    final void untilWaiting(int count) {
        Deadline.until(count + " requests wait", () -> mount.waiting() == count);
    }

    /** Lets a shell go on that reads a line. */
    static void letGo(Child child) throws IOException {
        child.input().write("go\n".getBytes(StandardCharsets.US_ASCII));
        child.input().flush();
    }
}
