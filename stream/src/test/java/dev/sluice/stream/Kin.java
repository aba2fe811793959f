package dev.sluice.stream;

import dev.sluice.linux.Pids;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Processes of a test, none of which outlives it. */
final class Kin implements AutoCloseable {
    final Processes processes;
    private final List<Session> sessions = new ArrayList<>();
    private final List<Process> started = new ArrayList<>();

    Kin(int mostWatched) {
        processes = new Processes(mostWatched);
    }

    Session session(String step) {
        Session session = new Session(null, step);
        sessions.add(session);
        processes.begin(session);
        return session;
    }

    /** Starts a session's root, which is a shell with this script. */
    Process root(Session session, String script) {
        return root(session, List.of("bash", "-c", script));
    }

    Process root(Session session, List<String> command) {
        Process process = start(processes.environment(session), command);
        processes.root(session, (int) process.pid());
        return process;
    }

    /** Starts a process that belongs to nobody, or to whom its environment says. */
    Process start(Map<String, String> environment, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().putAll(environment);
            Process process = builder.start();
            started.add(process);
            return process;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads the number that a process says next. */
    static int number(Process process) {
        try {
            return Integer.parseInt(process.inputReader().readLine());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static void kill(int... numbers) {
        Arrays.stream(numbers).forEach(number -> Pids.signal(number, Pids.SIGKILL));
    }

    @Override
    public void close() {
        try {
            for (Session session : sessions) {
                processes.stop(session, Duration.ZERO);
            }
            for (Process process : started) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        processes.close();
    }
}
