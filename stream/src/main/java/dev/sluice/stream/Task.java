package dev.sluice.stream;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * A thread of a process, and what it does at the moment.
 *
 * @param process the process's number
 * @param task the thread's number
 * @param state what it does
 * @param pipe the pipe that it waits for, if it does; else nothing
 * @param switches how often it has gone on until now
 */
record Task(int process, int task, State state, String pipe, long switches) {
    private static final int ARGUMENTS = 6;

    /** What a thread does. */
    enum State {
        /** It has brought a request, which waits. */
        PARKED,
        /** It waits for the end of a child, or for a signal, such as comes then. */
        CHILD,
        /** It waits for another thread, without an end. */
        LOCK,
        /** It waits for another process at a pipe, without an end. */
        PIPE,
        /** It waits for another process at a socket, without an end. */
        SOCKET,
        /** It waits for one of several things, without an end. */
        EVENT,
        /** It goes on by itself after a time. */
        SLEEPING,
        /** It has been stopped, and waits for somebody to let it go on. */
        STOPPED,
        /** It works, or waits for a disk. */
        RUNNING,
        /** It waits for something that is not told. */
        UNKNOWN;

        /** {@return whether it may go on without help from its own processes and from here, for all that is known} */
        boolean mayGoOnAlone() {
            return switch (this) {
                case PARKED, CHILD, LOCK, PIPE -> false;
                case SOCKET, EVENT, SLEEPING, STOPPED, RUNNING, UNKNOWN -> true;
            };
        }
    }

    /** {@return the threads of a process; none when it has ended} */
    static List<Task> of(int process, Set<Integer> parked) {
        List<Task> tasks = new ArrayList<>();
        for (int task : Proc.threads(process)) {
            long switches = Proc.switches(task);
            Proc.life(task)
                    .filter(life -> life.state() != 'Z' && life.state() != 'X')
                    .map(life -> parked.contains(task)
                            ? new Task(process, task, State.PARKED, "", switches)
                            : of(process, life, switches))
                    .ifPresent(tasks::add);
        }
        return tasks;
    }

    /**
     * Says whether threads can do nothing but wait: in requests, for children among them, for each other, or at pipes that
     * nobody else has open.
     *
     * @param tasks all threads of some processes
     * @param processes these processes
     */
    static boolean areStuck(List<Task> tasks, Set<Integer> processes) {
        if (tasks.isEmpty() || tasks.stream().anyMatch(task -> task.state.mayGoOnAlone())) {
            return false;
        }
        Set<String> pipes = new HashSet<>();
        for (Task task : tasks) {
            if (task.state == State.CHILD) {
                List<Integer> children = Proc.children(task.process);
                if (children.isEmpty() || !processes.containsAll(children)) {
                    return false;
                }
            } else if (task.state == State.PIPE) {
                pipes.add(task.pipe);
            }
        }
        return pipes.isEmpty()
                || Proc.processes().stream()
                        .filter(process -> !processes.contains(process))
                        .noneMatch(process -> Proc.hasOpen(process, pipes));
    }

    private static Task of(int process, Proc.Life life, long switches) {
        String[] pipe = {""};
        State state = switch (life.state()) {
            case 'R', 'D' -> State.RUNNING;
            case 'T', 't' -> State.STOPPED;
            default -> sleeping(life.task(), fd -> pipe[0] = Proc.opened(process, fd));
        };
        return new Task(process, life.task(), state, state == State.PIPE ? pipe[0] : "", switches);
    }

    private static State sleeping(int task, IntFunction<String> opened) {
        String said = Proc.text(task, "syscall").orElse("").strip();
        if (said.equals("running")) {
            return State.RUNNING;
        }
        String[] fields = said.split(" ", -1);
        if (fields.length <= ARGUMENTS) {
            return State.UNKNOWN; // it may not be told
        }
        long[] arguments = new long[ARGUMENTS];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = Long.parseUnsignedLong(fields[i + 1].substring(2), 16);
        }
        return SystemCall.state(Long.parseLong(fields[0]), arguments, opened);
    }
}
