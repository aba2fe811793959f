package dev.sluice.jvm;

import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Limits;
import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A managed directory whose {@code data} and {@code parts} flow from the step make to the step use, with a door for each. */
final class Managed implements AutoCloseable {
    final Path directory;
    final Workflow workflow;
    final Session making;
    final Session using;
    final TreeDoor maker;
    final TreeDoor user;

    private Managed(Path directory, Flow flow) throws IOException {
        this.directory = directory;
        workflow = Workflow.open(directory, flow, Keep.PERMANENT, new Limits(64 << 20, null));
        making = workflow.start("make");
        using = workflow.start("use");
        maker = new TreeDoor(workflow, Caller.here(making));
        user = new TreeDoor(workflow, Caller.here(using));
    }

    static Managed in(Path parent) throws IOException {
        return of(Files.createDirectory(parent.resolve("work")).toRealPath());
    }

    static Managed of(Path directory) throws IOException {
        return new Managed(directory, flow());
    }

    /** With another flow, of steps with the same names. */
    static Managed in(Path parent, Flow flow) throws IOException {
        return new Managed(Files.createDirectory(parent.resolve("work")).toRealPath(), flow);
    }

    static Flow flow() {
        return Flow.builder("test")
                .step(
                        "make",
                        List.of(),
                        List.of("data", "parts", "parts/*"),
                        Rule.files("data").commits(CommitRule.onClose()).fires(FireRule.NO_UPDATE),
                        Rule.files("parts/*").commits(CommitRule.onClose()),
                        Rule.directories("parts")
                                .commits(CommitRule.onNFiles(3))
                                .fires(FireRule.NO_UPDATE))
                .step("use", List.of("data", "parts", "parts/*"), List.of("result"))
                .build();
    }

    @Override
    public void close() throws IOException {
        maker.close();
        user.close();
        workflow.close();
    }
}
