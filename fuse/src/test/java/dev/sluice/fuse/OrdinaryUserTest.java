package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import dev.sluice.testing.MountPoint;
import dev.sluice.testing.Nobody;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server without any rights, which mounts by fusermount3. */
class OrdinaryUserTest {
    private final MountPoint point = MountPoint.of("ordinary");
    private final Path directory = point.path().resolve("here");
    private final Path classes = Path.of("target", "of-nobody").toAbsolutePath();

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        Nobody.assumeMayMount();
        Files.createDirectory(directory);
        Files.writeString(directory.resolve("below"), "from below\n");
        Files.writeString(point.path().resolve("flow.json"), OnMount.FLOW);
        Child.run(List.of("chown", "-R", "nobody", point.path().toString()));
        assumeTrue(
                run(List.of("ls", directory.toString())).exit() == 0,
                "the folder of the build cannot be reached by ordinary users");
    }

    @AfterEach
    void clean() {
        point.close();
    }

    private static Child.Outcome run(List<String> command) {
        return Child.run(Nobody.does(command));
    }

    /** The same program, with libraries that it may read. */
    private List<String> server(Tier tier) throws IOException {
        List<String> command = Child.java(
                Server.class.getName(),
                Server.class,
                List.of(),
                directory.toString(),
                point.path().resolve("flow.json").toString(),
                tier.name());
        List<String> reachable = new ArrayList<>();
        Files.createDirectories(classes);
        int at = command.indexOf("-cp") + 1;
        for (String place : command.get(at).split(File.pathSeparator, -1)) {
            Path path = Path.of(place);
            if (Files.isRegularFile(path)) {
                path = Files.copy(path, classes.resolve(path.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
            reachable.add(path.toString());
        }
        command.set(at, String.join(File.pathSeparator, reachable));
        return Nobody.does(command);
    }

    @Test
    void nobodyGivesAFileToAGroupThatIsNotHis() throws IOException {
        try (Child server = Child.of(server(Tier.AUTO)).start().untilItSays("ready")) {
            String work = "cd " + directory + " && mkdir s && echo text > s/new && chgrp $(id -g) s/new"
                    + " && LC_ALL=C chgrp 0 s/new 2>&1; stat -c %G s/new";
            assertThat(run(List.of("sh", "-c", work)).output())
                    .contains("Operation not permitted")
                    .endsWith("nogroup\n");
            server.input().close();
            assertThat(server.finish().output()).contains("unmounted");
        }
    }

    @Test
    void mountsServesAndUnmounts() throws IOException {
        try (Child server = Child.of(server(Tier.AUTO)).start().untilItSays("ready")) {
            String work =
                    "cd " + directory + " && cat below && mkdir s && echo text > s/new && cat s/new && ls -l below";
            assertThat(run(List.of("sh", "-c", work)).output()).startsWith("from below\ntext\n-rw-r--r-- 1 nobody");
            server.input().close();
            assertThat(server.finish().output()).contains("unmounted");
        }
        assertThat(point.mounts()).isEmpty();
        assertThat(directory.resolve("below")).hasContent("from below\n");
    }

    @Test
    void aTierThatNeedsRightsIsRefusedAndNothingStaysMounted() throws IOException {
        try (Child server = Child.of(server(Tier.PASSTHROUGH)).start()) {
            Child.Outcome outcome = server.finish();
            assertThat(outcome.exit()).isNotZero();
            assertThat(outcome.output())
                    .contains("mounting in the tier passthrough failed", "use the tier auto or copy");
        }
        assertThat(point.mounts()).isEmpty();
    }

    @Test
    void waitsAreInterrupted() throws IOException {
        try (Child server = Child.of(server(Tier.AUTO)).start().untilItSays("ready")) {
            run(List.of("mkdir", directory + "/s"));
            try (Child reader = Child.of(Nobody.does(List.of("env", "STEP=consumer", "cat", directory + "/s/file")))
                    .start()) {
                Deadline.until(
                        "it waits",
                        () -> Child.run(List.of("ps", "-eo", "wchan:40,args"))
                                .output()
                                .lines()
                                .anyMatch(line -> line.contains("cat " + directory)
                                        && (line.startsWith("fuse") || line.startsWith("request_wait"))));
                reader.signal("INT");
                assertThat(reader.finish().exit()).isEqualTo(130);
            }
            server.input().close();
            assertThat(server.finish().output()).contains("unmounted");
        }
    }

    @Test
    void theWatchdogUnmountsWithoutRights() throws IOException {
        try (Child server = Child.of(server(Tier.AUTO)).start().untilItSays("ready")) {
            assertThat(point.mounts()).hasSize(1);
            server.signal("KILL");
            Deadline.until("it is unmounted", () -> point.mounts().isEmpty());
        }
    }
}
