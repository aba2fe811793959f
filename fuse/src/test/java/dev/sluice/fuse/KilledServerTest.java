package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import dev.sluice.testing.MountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server in a process of its own, which is killed. */
class KilledServerTest {
    @TempDir
    Path folder;

    private final MountPoint point = MountPoint.of("killed");
    private Path flow;

    @BeforeEach
    void writeFlow() throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        flow = Files.writeString(folder.resolve("flow.json"), OnMount.FLOW);
    }

    @AfterEach
    void leaveNoMount() {
        point.close();
    }

    private Child server(Path directory, boolean watchdog) {
        return Child.of(Child.java(
                Server.class.getName(),
                Server.class,
                List.of("-Dwatchdog=" + watchdog),
                directory.toString(),
                flow.toString(),
                "AUTO"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "with a blank", "-q 'odd' \"name\" \\ \n$(false)", "é\u00ff\t"})
    void theWatchdogUnmounts(String name) throws IOException {
        Path directory;
        try {
            directory = Files.createDirectory(point.path().resolve(name));
        } catch (java.nio.file.InvalidPathException e) {
            assumeTrue(false, "this name cannot be had in this locale");
            return;
        }
        try (Child server = server(directory, true).start().untilItSays("ready")) {
            assertThat(point.mounts()).hasSize(1);
            server.signal("KILL");
            Deadline.until("it is unmounted", () -> point.mounts().isEmpty());
        }
    }

    @Test
    void theWatchdogFindsTheMountUnderTheNewNameOfADirectoryAboveIt() throws IOException {
        Path above = Files.createDirectory(point.path().resolve("above"));
        Path directory = Files.createDirectory(above.resolve("here"));
        try (Child server = server(directory, true).start().untilItSays("ready")) {
            Files.move(above, point.path().resolve("elsewhere"));
            assertThat(point.mounts()).hasSize(1);
            server.signal("KILL");
            Deadline.until("it is unmounted", () -> point.mounts().isEmpty());
        }
    }

    /** Before it can have said which mount is to be removed. */
    @RepeatedTest(3)
    void whoIsKilledAsSoonAsItHasMountedLeavesNothing() throws IOException {
        try (Child server = server(point.path(), true).start()) {
            Deadline.until("it is mounted", () -> !point.mounts().isEmpty());
            server.killAlone();
            server.finish();
            Deadline.until("it is unmounted", () -> point.mounts().isEmpty());
        }
    }

    @Test
    void whoWaitsOrWorksIsToldSo() throws IOException {
        Path directory = Files.createDirectory(point.path().resolve("here"));
        Files.createDirectory(directory.resolve("s"));
        try (Child server = server(directory, true).start().untilItSays("ready");
                Child waits = Child.of(List.of("env", "STEP=consumer", "cat", directory + "/s/file"));
                Child works = Child.of(List.of(
                        "sh",
                        "-c",
                        "cd \"$1\"; echo in; while echo x > f; do rm f; done",
                        "sh",
                        directory.toString()))) {
            waits.start();
            works.start().untilItSays("in");
            server.signal("KILL");
            assertThat(waits.finish().exit()).isEqualTo(1);
            works.finish();
            Deadline.until("it is unmounted", () -> point.mounts().isEmpty());
        }
    }

    @Test
    void theNextStartRemovesTheMount() {
        try (Child server = server(point.path(), false).start().untilItSays("ready")) {
            server.signal("KILL");
            server.finish();
        }
        assertThat(Child.run(List.of("ls", point.path().toString())).exit()).isNotZero();
        assertThat(point.mounts()).hasSize(1);

        try (Child next = server(point.path(), true).start().untilItSays("ready")) {
            assertThat(next.said()).contains("cleaned");
            assertThat(point.mounts()).hasSize(1);
            closeInput(next);
            assertThat(next.finish().output()).contains("unmounted");
        }
        assertThat(point.mounts()).isEmpty();
    }

    @Test
    void aServerThatEndsByItselfUnmountsAndItsWatchdogGoes() {
        try (Child server = server(point.path(), true).start().untilItSays("ready")) {
            assertThat(isWatched()).isTrue();
            closeInput(server);
            assertThat(server.finish().output()).contains("unmounted");
        }
        assertThat(point.mounts()).isEmpty();
        Deadline.until("the watchdog has gone", () -> !isWatched());
    }

    /** One that waited for an answer of its own could not be ended by anybody. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4, 8})
    void whoIsKilledWhileItUnmountsEnds(int milliseconds) throws Exception {
        Files.writeString(point.path().resolve("held"), "held");
        try (Child server = server(point.path(), true).start().untilItSays("ready");
                Child holder = Child.of(
                        List.of("sh", "-c", "exec 3< \"$1\"/held; echo open; read line", "sh", point.path() + ""))) {
            holder.start().untilItSays("open");
            closeInput(server);
            java.util.concurrent.locks.LockSupport.parkNanos(milliseconds * 1_000_000L); // any place will do
            server.signal("KILL");
            server.finish();
            Deadline.until("it is unmounted", () -> point.mounts().isEmpty());
        }
    }

    private boolean isWatched() {
        return Child.run(List.of("ps", "-eo", "args", "-ww"))
                .output()
                .contains("sluice-watchdog " + octalOf(point.path()));
    }

    private static String octalOf(Path path) {
        StringBuilder text = new StringBuilder();
        for (byte each : path.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            text.append(String.format("\\0%03o", each & 0xFF));
        }
        return text.toString();
    }

    private static void closeInput(Child server) {
        try {
            server.input().close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
