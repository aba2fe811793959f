package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.linux.Pids;
import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import dev.sluice.testing.Descriptors;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessesTest {
    private static final int ME = (int) ProcessHandle.current().pid();
    private static final Path LAST_NUMBER = Path.of("/proc/sys/kernel/ns_last_pid");

    @TempDir
    private Path folder;

    private Kin kin = new Kin(Processes.MOST_WATCHED);

    @AfterEach
    void endAll() {
        kin.close();
    }

    private void watching(int most) {
        kin.close();
        kin = new Kin(most);
    }

    private Session of(int task) {
        return kin.processes.session(task);
    }

    @Test
    void aSessionWhoseRootNobodyKnowsEndsWithTheLastThatHasItsEnvironment() {
        Session session = kin.session("make");
        Process one = kin.start(kin.processes.environment(session), List.of("sleep", "1000"));
        kin.processes.rootless(session);
        CompletableFuture<Void> end = kin.processes.end(session);
        assertThat(kin.processes.alive(session)).containsExactly((int) one.pid());
        assertThat(end).isNotDone();
        one.destroyForcibly();
        assertThat(end).succeedsWithin(Deadline.LONG);

        Session none = kin.session("none");
        kin.processes.rootless(none);
        assertThat(kin.processes.end(none)).succeedsWithin(Deadline.LONG);
    }

    @Test
    void ofSessionsThatHaveEndedNothingIsKept() {
        Session first = kin.session("make");
        kin.processes.rootless(first);
        for (int i = 0; i < 2; i++) {
            Session session = kin.session("make");
            assertThat(kin.processes.known()).isPositive();
            kin.processes.rootless(session);
            assertThat(kin.processes.end(session)).succeedsWithin(Deadline.LONG);
        }
        assertThat(kin.processes.known()).isZero();
        assertThat(kin.processes.end(first)).as("is told all the same").succeedsWithin(Deadline.LONG);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000})
    void aRootItsChildrenAndTheirsBelongToTheSession(int mostWatched) {
        watching(mostWatched);
        Session session = kin.session("make");
        Process root = kin.root(session, "echo $$; bash -c 'echo $$; sleep 1000 & echo $!; wait'; true");
        List<Integer> numbers = List.of(Kin.number(root), Kin.number(root), Kin.number(root));
        for (int round = 0; round < 3; round++) {
            for (int number : numbers) {
                assertThat(of(number)).isSameAs(session);
            }
        }
        assertThat(kin.processes.alive(session)).containsExactlyInAnyOrderElementsOf(numbers);
        assertThat(of(ME)).isNull();
        assertThat(of(1)).isNull();
        assertThat(of(0)).isNull();
        assertThat(of(999_999_999)).isNull();
    }

    @Test
    void whatNobodyHasStartedForASessionBelongsToNone() {
        Session session = kin.session("make");
        kin.root(session, "sleep 1000");
        Process other = kin.start(Map.of(), List.of("sleep", "1000"));
        Process liar = kin.start(Map.of(Processes.SESSION, "another"), List.of("sleep", "1000"));
        assertThat(of((int) other.pid())).isNull();
        assertThat(of((int) liar.pid())).isNull();
        assertThat(kin.processes.alive(session)).hasSize(1);
    }

    @Test
    void threadsBelongToTheirProcesss() {
        assumeTrue(hasPython(), "python3 is needed");
        Session session = kin.session("make");
        Process root = kin.root(session, List.of("python3", "-c", """
            import os, threading, time
            def run():
                os.write(1, b"%d\\n" % threading.get_native_id())
                time.sleep(1000)
            threading.Thread(target=run).start()
            threading.Thread(target=run).start()
            """));
        int first = Kin.number(root);
        int second = Kin.number(root);
        assertThat(first).isNotEqualTo(second).isNotEqualTo((int) root.pid());
        assertThat(of(first)).isSameAs(session);
        assertThat(of(second)).isSameAs(session);
        assertThat(of(first)).isSameAs(session);
        assertThat(kin.processes.alive(session)).contains((int) root.pid()).doesNotContain(first);
    }

    static boolean hasPython() {
        return Child.run(List.of("sh", "-c", "command -v python3")).exit() == 0;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1000})
    void whatHasLeftItsParentsIsKnownByItsEnvironment(int mostWatched) throws Exception {
        watching(mostWatched);
        Session session = kin.session("make");
        Process root = kin.root(session, "setsid bash -c 'setsid sleep 1000 > /dev/null & echo $!' & wait");
        int orphan = Kin.number(root);
        root.waitFor();
        assertThat(of(orphan)).isSameAs(session);
        assertThat(kin.processes.alive(session)).containsExactly(orphan);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1000})
    void whatWasSeenBeforeItLeftItsParentsStaysKnown(int mostWatched) throws Exception {
        watching(mostWatched);
        Session session = kin.session("make");
        Process root = kin.root(session, "env -i setsid sleep 1000 > /dev/null & echo $!; read x");
        int orphan = Kin.number(root);
        assertThat(of(orphan)).isSameAs(session);
        root.getOutputStream().close();
        root.waitFor();
        assertThat(of(orphan)).isSameAs(session);
        assertThat(kin.processes.alive(session)).containsExactly(orphan);
    }

    @Test
    void aLookAtAllRemembersWhoseTheyAre() throws Exception {
        Session session = kin.session("make");
        Process root = kin.root(session, "env -i setsid sleep 1000 > /dev/null & echo $!; read x");
        int orphan = Kin.number(root);
        assertThat(kin.processes.alive(session)).hasSize(2);
        root.getOutputStream().close();
        root.waitFor();
        assertThat(kin.processes.alive(session)).containsExactly(orphan);
        assertThat(of(orphan)).isSameAs(session);
    }

    @Test
    void anOrphanOfTheRootsGroupIsKnownByThat() throws Exception {
        Session session = kin.session("make");
        String script = "env -i sleep 1000 > /dev/null & echo $!";
        Process root = kin.root(session, List.of("setsid", "bash", "-c", script));
        int orphan = Kin.number(root);
        root.waitFor();
        assertThat(of(orphan)).isSameAs(session);
        assertThat(kin.processes.alive(session)).containsExactly(orphan);
    }

    @Test
    void sessionsOfOneStepAndSessionsInsideOthersAreToldApart() {
        Session first = kin.session("make");
        Session second = kin.session("make");
        int one = (int) kin.root(first, "sleep 1000").pid();
        int two = (int) kin.root(second, "sleep 1000").pid();
        assertThat(of(one)).isSameAs(first);
        assertThat(of(two)).isSameAs(second);
        Session inner = kin.session("inner");
        String token = kin.processes.environment(inner).get(Processes.SESSION);
        Session outer = kin.session("outer");
        String variable = Processes.SESSION + "=" + token;
        Process root = kin.root(outer, variable + " bash -c 'echo $$; sleep 1000; true'; true");
        int nested = Kin.number(root);
        assertThat(of(nested)).isSameAs(inner);
        assertThat(of((int) root.pid())).isSameAs(outer);
        assertThat(kin.processes.alive(inner)).contains(nested);
        assertThat(kin.processes.alive(outer)).containsExactly((int) root.pid());
    }

    @Test
    void whoWasAskedAboutBeforeItsRootWasKnownIsFoundAfterwards() {
        Session session = kin.session("make");
        Process process = kin.start(Map.of(), List.of("bash", "-c", "sleep 1000 & echo $!; wait"));
        int child = Kin.number(process);
        assertThat(of(child)).isNull();
        assertThat(of((int) process.pid())).isNull();
        kin.processes.root(session, (int) process.pid());
        assertThat(of(child)).isSameAs(session);
        assertThat(of((int) process.pid())).isSameAs(session);
        assertThat(kin.processes.alive(session)).hasSize(2);
    }

    /** The JDK starts a helper first, which becomes the program; somebody may ask in between, and the root be told of late. */
    @Test
    void whoWasAskedAboutBeforeItBecameItsProgramIsFoundAfterwards() throws Exception {
        Session session = kin.session("make");
        String token = kin.processes.environment(session).get(Processes.SESSION);
        Process process = kin.start(
                Map.of(),
                List.of(
                        "sh",
                        "-c",
                        "echo $$; read go; exec env " + Processes.SESSION + "=" + token
                                + " sh -c 'echo $$; sleep 1000 & echo $!; wait'"));
        assertThat(of(Kin.number(process))).isNull();
        try (Writer input = process.outputWriter()) {
            input.write("go\n");
        }
        int same = Kin.number(process);
        assertThat(of(Kin.number(process))).as("its child").isSameAs(session);
        assertThat(of(same)).isSameAs(session);
    }

    @Test
    void theEnvironmentNamesStepAndSession() {
        Session session = kin.session("make");
        assertThat(kin.processes.environment(session))
                .containsEntry(Processes.STEP, "make")
                .containsKey(Processes.SESSION)
                .isNotEqualTo(kin.processes.environment(kin.session("make")));
        assertThatThrownBy(() -> kin.processes.environment(new Session(null, "stranger")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("step stranger has not begun");
    }

    /** The numbers of processes go round; here at once. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1000})
    void aNumberThatIsGivenAgainIsNotMistaken(int mostWatched) throws Exception {
        assumeTrue(Files.isWritable(LAST_NUMBER), "numbers can be chosen by the superuser");
        watching(mostWatched);
        Session session = kin.session("make");
        Process root = kin.root(session, "sleep 1000 > /dev/null & sleep 1000 & echo $!; wait -n; kill -9 $$");
        int child = Kin.number(root);
        int number = (int) root.pid();
        assertThat(of(number)).isSameAs(session);
        assertThat(of(child)).isSameAs(session);
        long later = Proc.now() + 3;
        Deadline.until("the kernel's clock has gone on", () -> Proc.now() > later);
        Kin.kill(child);
        root.waitFor();
        assertThat(kin.processes.alive(session)).hasSize(1);
        Deadline.until("it is known that they have ended", () -> of(number) == null && of(child) == null);
        for (int again : new int[] {number, child}) {
            assertThat(of(startAs(again)))
                    .as("another process of number " + again)
                    .isNull();
        }
        assertThat(kin.processes.alive(session)).hasSize(1);
    }

    private int startAs(int number) throws IOException {
        for (int attempt = 0; attempt < 200; attempt++) {
            Files.writeString(LAST_NUMBER, String.valueOf(number - 1));
            if (kin.start(Map.of(), List.of("sleep", "1000")).pid() == number) {
                return number;
            }
        }
        assumeTrue(false, "others take the number");
        return 0;
    }

    @Test
    void aSessionEndsWithTheLastOfItsProcesses() throws Exception {
        Session session = kin.session("make");
        CompletableFuture<Void> end = kin.processes.end(session);
        Process root =
                kin.root(session, "setsid sleep 1000 > /dev/null & echo $!; setsid sleep 1000 > /dev/null & echo $!");
        int first = Kin.number(root);
        int second = Kin.number(root);
        root.waitFor();
        assertThat(kin.processes.alive(session)).containsExactlyInAnyOrder(first, second);
        Kin.kill(first);
        Deadline.until("one is left", () -> kin.processes.alive(session).equals(List.of(second)));
        assertThat(end).isNotDone();
        Kin.kill(second);
        Deadline.until("the session has ended", end::isDone);
        assertThat(kin.processes.alive(session)).isEmpty();
        Deadline.until(
                "they are reaped",
                () -> Proc.life(first).isEmpty() && Proc.life(second).isEmpty());
        assertThat(kin.processes.end(session)).isDone();
    }

    @Test
    void theExitCodesOfWhatTheJdkHasStartedAreLeftToIt() throws Exception {
        Session session = kin.session("make");
        Process root = kin.root(session, "( ( exit 3 ) & ) ; exit 7");
        List<Process> others = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            others.add(kin.start(kin.processes.environment(session), List.of("sh", "-c", "exit " + (20 + i))));
            of((int) others.getLast().pid());
            kin.processes.alive(session);
        }
        assertThat(root.waitFor()).isEqualTo(7);
        for (int i = 0; i < 10; i++) {
            assertThat(others.get(i).waitFor()).isEqualTo(20 + i);
        }
        Deadline.until("the session has ended", kin.processes.end(session)::isDone);
    }

    @Test
    void aSessionEndsWhenItsRootHasEndedBeforeItWasKnown() throws Exception {
        Session session = kin.session("make");
        Process process = kin.start(kin.processes.environment(session), List.of("true"));
        process.waitFor();
        Deadline.until("it is gone", () -> Proc.life((int) process.pid()).isEmpty());
        kin.processes.root(session, (int) process.pid());
        Deadline.until("the session has ended", kin.processes.end(session)::isDone);
    }

    @RepeatedTest(12)
    void aSessionWaitsForDescendantsThatTurnUpWhileOthersEnd() {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Session session = kin.session("step" + i);
            sessions.add(session);
            kin.root(
                    session,
                    List.of("bash", "-c", """
                        next() {
                            if [ $1 = 0 ]; then sleep 0.05; touch "$2"; return; fi
                            ( sleep 0.0$(( RANDOM % 3 )); next $(( $1 - 1 )) "$2" ) > /dev/null &
                        }
                        next 15 "$0"
                        """, folder.resolve(session.step()).toString()));
        }
        for (Session session : sessions) {
            kin.processes.end(session).join();
            assertThat(folder.resolve(session.step())).exists();
        }
    }

    @Test
    void stoppingAsksFirst() throws Exception {
        Session session = kin.session("make");
        Path said = folder.resolve("said");
        Process root = kin.root(
                session,
                List.of(
                        "bash",
                        "-c",
                        "trap 'touch \"$0\"; exit' TERM; echo 1; while :; do sleep 0.01; done",
                        said.toString()));
        Kin.number(root);
        assertThat(kin.processes.stop(session, Deadline.LONG)).isTrue();
        assertThat(said).exists();
        assertThat(kin.processes.end(session)).isDone();
    }

    @Test
    void stoppingKillsWhoDoesNotListenAndNobodyElse() throws Exception {
        Session session = kin.session("make");
        Process root = kin.root(session, """
            trap '' TERM
            setsid bash -c 'trap "" TERM; echo $$; while :; do sleep 1; done' &
            while :; do sleep 1; done
            """);
        int deaf = Kin.number(root);
        Session other = kin.session("other");
        Process innocent = kin.root(other, "sleep 1000");
        Process bystander = kin.start(Map.of(), List.of("sleep", "1000"));
        assertThat(kin.processes.stop(session, Duration.ofMillis(100))).isTrue();
        assertThat(kin.processes.alive(session)).isEmpty();
        Deadline.until("it is reaped", () -> Proc.life(deaf).isEmpty());
        assertThat(innocent.isAlive()).isTrue();
        assertThat(bystander.isAlive()).isTrue();
        assertThat(kin.processes.end(other)).isNotDone();
        assertThat(kin.processes.stop(session, Duration.ZERO)).as("again").isTrue();
    }

    @Test
    void aSuspendedProcessIsLetGoOnSoThatItCanEnd() throws Exception {
        Session session = kin.session("make");
        Path said = folder.resolve("said");
        Process root = kin.root(
                session,
                List.of("bash", "-c", "trap 'touch \"$0\"; exit' TERM; kill -STOP $$; sleep 1000", said.toString()));
        int number = (int) root.pid();
        Deadline.until(
                "it is suspended",
                () -> Proc.life(number).filter(life -> life.state() == 'T').isPresent());
        assertThat(kin.processes.stop(session, Deadline.LONG)).isTrue();
        assertThat(said).exists();
    }

    @Test
    void aSessionWithoutARootIsStoppedToo() throws Exception {
        Session session = kin.session("make");
        assertThat(kin.processes.stop(session, Duration.ofSeconds(5))).isTrue();
        Session second = kin.session("make");
        Process process = kin.start(kin.processes.environment(second), List.of("sleep", "1000"));
        assertThat(kin.processes.stop(second, Duration.ofSeconds(5))).isTrue();
        assertThat(process.waitFor()).isEqualTo(128 + Pids.SIGTERM);
    }

    @Test
    void moreProcessesThanAreWatchedAreKnownAndStopped() throws Exception {
        watching(20);
        Session session = kin.session("make");
        Process root = kin.root(session, "for i in {1..200}; do sleep 1000 > /dev/null & echo $!; done; wait");
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            numbers.add(Kin.number(root));
        }
        for (int round = 0; round < 2; round++) {
            for (int number : numbers) {
                assertThat(of(number)).isSameAs(session);
            }
        }
        assertThat(Descriptors.of("[pidfd]")).hasSizeLessThanOrEqualTo(22);
        assertThat(kin.processes.alive(session)).hasSize(201);
        assertThat(kin.processes.stop(session, Deadline.LONG)).isTrue();
        assertThat(kin.processes.alive(session)).isEmpty();
    }

    @Test
    void askingAgainLooksNothingUp() throws Exception {
        Path counters = Path.of("/proc/thread-self/io");
        assumeTrue(Files.isReadable(counters), "this kernel does not count reads");
        Session session = kin.session("make");
        int number = (int) kin.root(session, "sleep 1000").pid();
        ask(number, session, 1);
        long before = reads(counters);
        ask(number, session, 10_000);
        assertThat(reads(counters) - before).isLessThan(100);
    }

    private static long reads(Path counters) throws IOException {
        return Files.readAllLines(counters).stream()
                .filter(line -> line.startsWith("syscr: "))
                .mapToLong(line -> Long.parseLong(line.substring("syscr: ".length())))
                .sum();
    }

    private void ask(int number, Session session, int times) {
        for (int i = 0; i < times; i++) {
            if (of(number) != session) {
                throw new AssertionError("not found");
            }
        }
    }

    @Test
    void whoIsNobodysIsHeldOnceHoweverManySessionsCome() throws Exception {
        Process stranger = kin.start(Map.of(), List.of("sleep", "1000"));
        for (int i = 0; i < 5; i++) {
            Session session = kin.session("make");
            kin.root(session, "sleep 1000");
            assertThat(of((int) stranger.pid())).isNull();
            kin.processes.stop(session, Deadline.LONG);
        }
        Descriptors.untilAtMost("[pidfd]", 1);
        assertThat(Descriptors.of("[pidfd]")).as("the stranger is held").hasSize(1);
    }

    @Test
    void noDescriptorIsLeftOpen() throws Exception {
        Session session = kin.session("make");
        for (int i = 0; i < 3; i++) {
            Process process = kin.start(kin.processes.environment(session), List.of("sleep", "1000"));
            assertThat(of((int) process.pid())).isSameAs(session);
        }
        assertThat(Descriptors.of("[pidfd]")).hasSize(3);
        kin.processes.stop(session, Deadline.LONG);
        Descriptors.untilAtMost("[pidfd]", 0);
        Process process = kin.start(Map.of(), List.of("sleep", "1000"));
        of((int) process.pid());
        kin.close();
        assertThat(Descriptors.of("[pidfd]")).isEmpty();
        assertThat(Descriptors.of("[eventpoll]")).hasSizeLessThanOrEqualTo(1);
        kin = new Kin(1);
    }
}
