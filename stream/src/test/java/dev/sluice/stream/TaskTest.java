package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.stream.Task.State;
import dev.sluice.testing.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskTest {
    private final Kin kin = new Kin(Processes.MOST_WATCHED);

    @AfterEach
    void endAll() {
        kin.close();
    }

    private static void isIn(State state, int process) {
        Deadline.until(process + " is " + state, () -> {
            List<Task> tasks = Task.of(process, Set.of());
            return tasks.size() == 1 && tasks.getFirst().state() == state;
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SLEEPING|exec sleep 1000",
                "PIPE|read x",
                "PIPE|exec cat",
                "RUNNING|while :; do :; done",
                "STOPPED|kill -STOP $$; true",
                "CHILD|sleep 1000; true",
                "CHILD|sleep 1000 & wait; true",
                "SLEEPING|read -t 1000 x"
            })
    void whatAShellWaitsForIsSeen(State state, String script) {
        isIn(state, (int) kin.start(Map.of(), List.of("bash", "-c", script)).pid());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LOCK|import threading; l = threading.Lock(); l.acquire(); l.acquire()",
                "SLEEPING|import threading; l = threading.Lock(); l.acquire(); l.acquire(timeout=1000)",
                "CHILD|import signal; signal.pause()",
                "EVENT|import select, os; select.select([os.pipe()[0]], [], [])",
                "SLEEPING|import select, os; select.select([os.pipe()[0]], [], [], 1000)",
                "EVENT|import select, os; p = select.poll(); p.register(os.pipe()[0]); p.poll()",
                "SLEEPING|import select, os; p = select.epoll(); p.register(os.pipe()[0]); p.poll(1000)",
                "SOCKET|import socket; a, b = socket.socketpair(); a.recv(1)",
                "SOCKET|import socket, os; a, b = socket.socketpair(); os.read(a.fileno(), 1)",
                "PIPE|import os; r, w = os.pipe(); os.write(w, bytes(1 << 20))",
                "SLEEPING|import time; time.sleep(1000)"
            })
    void whatAProgramWaitsForIsSeen(State state, String program) {
        assumeTrue(ProcessesTest.hasPython(), "python3 is needed");
        isIn(state, (int) kin.start(Map.of(), List.of("python3", "-c", program)).pid());
    }

    @Test
    void whoIsParkedIsTakenForThat() {
        int process = (int) kin.start(Map.of(), List.of("sleep", "1000")).pid();
        assertThat(Task.of(process, Set.of(process))).extracting(Task::state).containsExactly(State.PARKED);
    }

    @Test
    void aSessionsThreadsAreAllThere() {
        assumeTrue(ProcessesTest.hasPython(), "python3 is needed");
        Session session = kin.session("make");
        Process root = kin.root(session, List.of("bash", "-c", "python3 -c '" + """
            import os, select, threading
            def run():
                os.write(1, b"%d\\n" % threading.get_native_id())
                threading.Event().wait()
            threading.Thread(target=run).start()
            select.poll().poll()
            """ + "'; true"));
        int thread = Kin.number(root);
        Deadline.until("they wait", () -> states(session, -1).equals(Set.of(State.CHILD, State.LOCK, State.EVENT)));
        assertThat(kin.processes.tasks(session, Set.of())).hasSize(3);
        assertThat(states(session, thread)).isEqualTo(Set.of(State.CHILD, State.PARKED, State.EVENT));
    }

    private Set<State> states(Session session, int parked) {
        return kin.processes.tasks(session, Set.of(parked)).stream()
                .map(Task::state)
                .collect(Collectors.toSet());
    }

    @Test
    void whatHasEndedHasNoThreads() throws Exception {
        Process process = kin.start(Map.of(), List.of("true"));
        process.waitFor();
        Deadline.until(
                "it is gone", () -> Task.of((int) process.pid(), Set.of()).isEmpty());
    }

    /** The last line that the script says is the number of the process that is taken for parked. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo $$; exec sleep 1000",
                "bash -c 'echo $$; exec sleep 1000'; true",
                "bash -c 'echo $$; exec sleep 1000' & wait; true",
                "{ sh -c 'echo $$ >&2; exec sleep 1000'; } 2>&1 >/dev/null | cat",
                "sh -c 'sh -c \"echo \\$\\$; exec sleep 1000\" & wait; true'; true"
            })
    void processesThatHangOnAParkedOneAreStuck(String script) {
        Session session = kin.session("make");
        int parked = Kin.number(kin.root(session, script));
        Deadline.until("they are stuck", () -> kin.processes.areStuck(session, Set.of(parked)));
        assertThat(kin.processes.areStuck(session, Set.of()))
                .as("nobody is parked")
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bash -c 'echo $$; exec sleep 1000' & while :; do :; done",
                "bash -c 'echo $$; exec sleep 1000' & sleep 1000; wait",
                "bash -c 'echo $$; exec sleep 1000' & read x; wait",
                "bash -c 'echo $$; exec sleep 1000' & kill -STOP $$; wait"
            })
    void processesOfWhichOneCanGoOnAreNotStuck(String script) {
        Session session = kin.session("make");
        int parked = Kin.number(kin.root(session, script));
        for (int i = 0; i < 20; i++) {
            assertThat(kin.processes.areStuck(session, Set.of(parked))).isFalse();
        }
    }

    @Test
    void whoWaitsForASignalFromAnybodyIsNotStuck() {
        assumeTrue(ProcessesTest.hasPython(), "python3 is needed");
        Session session = kin.session("make");
        int root = (int) kin.root(session, List.of("python3", "-c", "import signal; signal.pause()"))
                .pid();
        isIn(State.CHILD, root);
        assertThat(kin.processes.areStuck(session, Set.of())).isFalse();
    }
}
