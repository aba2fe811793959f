package dev.sluice.stream;

import dev.sluice.language.Contracts;
import dev.sluice.language.Flow;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Ending.Keep;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A flow at work in its managed directory.
 *
 * <p>Doors bring the requests of processes to its {@link #tree}; each step that takes part has a {@link Session}. Open it
 * before anything is mounted over the directory. Safe for use by many threads.
 */
public final class Workflow implements AutoCloseable {
    private final Path directory;
    private final Flow flow;
    private final Waiters waiters;
    private final Steps steps = new Steps();
    private final Streams streams;
    private final Store store;
    private final Vitals vitals = new Vitals();
    private final Tree tree;
    private final Results results;
    private final DeadLocks deadLocks;
    private final Room room;
    private final Renewal renewal;
    private final Naming naming;
    private final Incidents incidents;
    private final Unmade unmade;
    private final Keeping keeping;
    private final Witness witness;
    private final Recorder recorder = new Recorder();
    private final int root;
    private final List<String> notes = new ArrayList<>();
    private boolean isClosed;
    private volatile Consumer<Node> whenRenewed = _ -> {};

    /**
     * How far a workflow is, at one moment.
     *
     * @param steps its steps, in the order of the flow
     * @param files some of its files and directories: first those for which somebody waits, then those that are not complete
     * @param allFiles how many files and directories there are
     * @param waiting some of those who wait, the longest first
     * @param allWaiting how many wait
     * @param memory how many bytes of memory the files take
     */
    public record Snapshot(
            List<StepState> steps,
            List<FileState> files,
            int allFiles,
            List<Waiting> waiting,
            int allWaiting,
            long memory) {
        /** Copies the lists. */
        public Snapshot {
            steps = List.copyOf(steps);
            files = List.copyOf(files);
            waiting = List.copyOf(waiting);
        }

        /**
         * How far a step is.
         *
         * @param name its name
         * @param expected how many runs will come in all
         * @param started how many have begun
         * @param running how many of these have not ended
         * @param hasFailed whether one has failed
         */
        public record StepState(String name, int expected, int started, int running, boolean hasFailed) {
            /** {@return whether nothing more is to come of it} */
            public boolean isOver() {
                return running == 0 && started >= expected;
            }
        }

        /**
         * How far a file or directory is.
         *
         * @param path its path in the managed directory, empty for that itself
         * @param state {@code expected}, {@code before} (it is there from before the run, and may be made anew), {@code growing},
         *     {@code complete}, {@code failed} or {@code missing} (nobody is left to make it)
         * @param bytes its size now; 0 for a directory
         * @param producers the steps that write it, as the flow says
         * @param consumers the steps that read it, as the flow says
         * @param readers the steps that have it open for reading now
         * @param waiting how many requests wait for it
         */
        public record FileState(
                String path,
                String state,
                long bytes,
                List<String> producers,
                List<String> consumers,
                List<String> readers,
                int waiting) {
            /** Copies the lists. */
            public FileState {
                producers = List.copyOf(producers);
                consumers = List.copyOf(consumers);
                readers = List.copyOf(readers);
            }
        }
    }

    /**
     * What has happened in a workflow until a moment. It is bounded: of many files those of which the flow says the same are told
     * of together, and of many runs their sums. Times are nanoseconds since the workflow was opened, and -1 where something has
     * not happened.
     *
     * @param begin when it was opened
     * @param now the moment
     * @param runs the runs of steps
     * @param crowds the sums of more runs, which have ended
     * @param files the files of which the flow speaks and those that steps have opened
     * @param counts sums over everything
     */
    public record Recording(
            Instant begin, long now, List<Run> runs, List<Crowd> crowds, List<File> files, Counts counts) {
        /** Copies the lists. */
        public Recording {
            runs = List.copyOf(runs);
            crowds = List.copyOf(crowds);
            files = List.copyOf(files);
        }

        /**
         * A run of a step.
         *
         * @param session the run
         * @param begin when it began
         * @param end when it ended
         * @param hasFailed whether it has ended, and not well
         * @param waited for how long one of its requests, or more, waited
         * @param pauses when it waited, and for what
         */
        public record Run(Session session, long begin, long end, boolean hasFailed, long waited, List<Pause> pauses) {
            /** Copies the list. */
            public Run {
                pauses = List.copyOf(pauses);
            }
        }

        /**
         * A time in which a run has waited, once or several times.
         *
         * @param from its begin
         * @param to its end, which may be now
         * @param waited how long it waited in between
         * @param reason for what
         * @param path of which file or directory
         */
        public record Pause(long from, long to, long waited, Waiting.Reason reason, String path) {}

        /**
         * Several runs of a step that have ended.
         *
         * @param step the step
         * @param runs how many
         * @param failed how many of these have failed
         * @param taken how long they took, added up
         * @param waited how long they waited, added up
         */
        public record Crowd(String step, int runs, int failed, long taken, long waited) {
            Crowd with(Crowd more) {
                return new Crowd(
                        step, runs + more.runs, failed + more.failed, taken + more.taken, waited + more.waited);
            }
        }

        /**
         * A file or directory, or several files.
         *
         * @param path its path; of several, that of the first
         * @param flows whether the flow speaks of it
         * @param isDirectory whether it is a directory
         * @param files how many it stands for
         * @param producers who writes it, as the flow says
         * @param consumers who reads it, as the flow says
         * @param commit its commit rule, as the flow writes it; empty where it has none
         * @param fire its fire rule
         * @param bytes its size
         * @param created when it was made
         * @param written when its first byte was written, as far as that was seen
         * @param closed when a writer has closed it last
         * @param committed when it was complete, or has failed
         * @param read when its first byte was read, as far as that was seen
         * @param hasFailed whether it will never be complete
         * @param shares who has moved how much of it
         */
        public record File(
                String path,
                boolean flows,
                boolean isDirectory,
                int files,
                List<String> producers,
                List<String> consumers,
                String commit,
                String fire,
                long bytes,
                long created,
                long written,
                long closed,
                long committed,
                long read,
                boolean hasFailed,
                List<Share> shares) {
            /** Copies the lists. */
            public File {
                producers = List.copyOf(producers);
                consumers = List.copyOf(consumers);
                shares = List.copyOf(shares);
            }
        }

        /**
         * What a step has moved to and from a file.
         *
         * @param step the step
         * @param read how many bytes it has read
         * @param written how many it has written
         * @param isReadAssumed whether the kernel has read some by itself: then the whole of the file is taken for it
         * @param isWriteAssumed whether the kernel has written some by itself, so that the number follows from the file's size
         * @param readsInOrder whether each read was seen, and has begun where the one before ended
         * @param writesInOrder whether each write was seen, and has begun where the one before ended
         */
        public record Share(
                String step,
                long read,
                long written,
                boolean isReadAssumed,
                boolean isWriteAssumed,
                boolean readsInOrder,
                boolean writesInOrder) {}

        /**
         * Sums over everything.
         *
         * @param made how many files that flow were made
         * @param complete how many of them were complete
         * @param failed how many of them failed
         * @param opens how often steps have opened files
         * @param kernelOpens how often of these the kernel could move bytes by itself, from its cache or from the file below
         * @param waits how many waits have ended, by their reasons
         * @param waited how long these were, added up
         * @param memory how many bytes of memory the files take now
         * @param spilled how many files have, or had, bytes on disk because memory was short
         */
        public record Counts(
                long made,
                long complete,
                long failed,
                long opens,
                long kernelOpens,
                Map<Waiting.Reason, Long> waits,
                Map<Waiting.Reason, Long> waited,
                long memory,
                long spilled) {
            /** Copies the maps. */
            public Counts {
                waits = Map.copyOf(waits);
                waited = Map.copyOf(waited);
            }
        }
    }

    /**
     * Is told what steps do with the files of the managed directory, to learn which files go from whom to whom. Paths are as
     * the flow writes them. Called by many threads, some with the workflow's lock held: answers quickly, and asks the workflow
     * for nothing.
     */
    @SuppressWarnings("exports") // users need not have JSpecify
    public interface Observer {
        /** Stands for the end of the file, wherever that is. */
        long END = -1;

        /**
         * A name was looked up.
         *
         * @param session who did
         * @param path the name's path
         * @param found what it leads to, or null
         */
        void looked(Session session, String path, @Nullable Node found);

        /**
         * A directory is listed.
         *
         * @param session who does
         * @param path its path, empty for the managed directory itself
         */
        void listed(Session session, String path);

        /**
         * A name was given to something new, or another one to a file.
         *
         * @param session who did
         * @param path the name's path
         * @param node what has it
         */
        void made(Session session, String path, Node node);

        /**
         * A regular file was opened.
         *
         * @param session who did
         * @param handle the open file
         * @param path its path, or one of them; empty when it has none
         * @param flags how, as in {@code open(2)}
         */
        void opened(Session session, Handle handle, String path, int flags);

        /**
         * Bytes were read.
         *
         * @param handle the open file
         * @param offset where
         * @param count how many; 0 at the end
         */
        void read(Handle handle, long offset, int count);

        /**
         * Bytes were written.
         *
         * @param handle the open file
         * @param offset where, or {@link #END}
         * @param count how many
         */
        void written(Handle handle, long offset, int count);

        /**
         * Something has changed by another way.
         *
         * @param session who has changed it
         * @param node what
         * @param hasOtherBytes whether its bytes may have; else its mode, times or owner
         */
        void changed(Session session, Node node, boolean hasOtherBytes);

        /**
         * The last descriptor of an open file was closed.
         *
         * @param handle the open file
         */
        void closed(Handle handle);

        /**
         * A name has become another one, and has replaced what had that.
         *
         * @param session who did
         * @param from the old path
         * @param to the new path
         * @param exchanges whether the other one has got the old path
         */
        void moved(Session session, String from, String to, boolean exchanges);

        /**
         * A name was removed.
         *
         * @param session who did
         * @param path its path
         */
        void removed(Session session, String path);
    }

    /**
     * Keeps what the tree has told it, and is told what to forget: what somebody else has changed, and what was settled and grows
     * now. Called by many threads.
     */
    public interface Keeper {
        /**
         * Attributes may be others now. Called with the workflow's lock held, too: answers at once, and asks the workflow for
         * nothing.
         *
         * @param node whose
         */
        void described(Node node);

        /**
         * Bytes may be others now, and attributes. Called without a lock.
         *
         * @param node whose
         */
        void written(Node node);

        /**
         * A name may lead to something else now, or to nothing. Called without a lock.
         *
         * @param directory where
         * @param name the name, one char for each byte
         */
        void moved(Node directory, String name);
    }

    private Workflow(Path directory, Flow flow, Keep keep, Limits limits, int root) throws Refusal {
        this.directory = directory;
        this.flow = flow;
        this.root = root;
        waiters = new Waiters(limits.timeout(), recorder);
        keeping = new Keeping(waiters);
        witness = new Witness(keeping);
        Contracts contracts = Contracts.of(flow, directory);
        Underlying underlying = new Underlying();
        Permissions permissions = new Permissions(underlying);
        store = new Store(limits.memory(), root);
        incidents = new Incidents();
        streams = new Streams(contracts, Ahead.of(flow, directory), steps, waiters, incidents, recorder);
        naming = new Naming(underlying, streams, permissions);
        naming.root.fd = root;
        room = new Room(limits.overflow() == Limits.Overflow.WAIT, keep, waiters, steps, incidents);
        Bytes bytes = new Bytes(waiters, streams, room, incidents, recorder, witness);
        streams.tellSettling(bytes.lending()::retire);
        streams.tellUnsettled(keeping::unsettled);
        tree = new Tree(
                waiters,
                streams,
                underlying,
                permissions,
                naming,
                new Openings(waiters, streams, underlying, permissions, store, room, bytes, vitals),
                bytes,
                new Shown(underlying, permissions, bytes),
                witness,
                recorder);
        results = new Results(waiters, naming, streams, underlying, incidents, keep);
        streams.tell(results::complete);
        unmade = new Unmade(flow, directory, contracts);
        streams.tellMade(unmade::made);
        renewal = new Renewal(naming, streams, steps, incidents);
        deadLocks = new DeadLocks(waiters, streams.rescuers, steps, incidents);
        waiters.tell(deadLocks::suspect);
        waiters.tellLeaving(underlying::trim);
        int left = results.cleanUp();
        if (left > 0) {
            notes.add("a run that was killed has left " + left
                    + (left == 1 ? " file half written; it has" : " files half written; they have") + " been removed");
        }
    }

    /**
     * Puts a flow to work.
     *
     * @param directory its managed directory, which is there
     * @param flow the flow
     * @param keep what stays when it has ended
     * @param limits what it may use
     * @return the workflow
     * @throws IOException when the directory cannot be opened
     */
    public static Workflow open(Path directory, Flow flow, Keep keep, Limits limits) throws IOException {
        Path real = directory.toRealPath();
        int fd = Linux.open(
                real, OpenFlag.READ_ONLY.bits() | OpenFlag.DIRECTORY.bits() | OpenFlag.CLOSE_ON_EXEC.bits(), 0);
        if (fd < 0) {
            throw Errno.exception(fd, real.toString(), "opening the managed directory");
        }
        try {
            return new Workflow(real, flow, keep, limits, fd);
        } catch (Refusal e) {
            Linux.close(fd);
            throw new IOException("the managed directory " + real + " cannot be listed: " + e.getMessage(), e);
        }
    }

    /** {@return its managed directory} */
    public Path directory() {
        return directory;
    }

    /** {@return what was found and mended when it was opened, as sentences} */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** {@return its flow} */
    public Flow flow() {
        return flow;
    }

    /** {@return its files} */
    public Tree tree() {
        return tree;
    }

    /**
     * Says that a step will run more than once, or not at all; unless it is said, each runs once.
     *
     * @param step the step's name
     * @param runs how often
     */
    public void announce(String step, int runs) {
        waiters.enter();
        try {
            steps.announce(step, runs);
            if (steps.isOver(step)) {
                streams.over(step);
            }
        } finally {
            waiters.leave();
        }
    }

    /**
     * A step begins to take part. One run more than was announced, when one has failed, is that one's repetition: what it has
     * left is let go, so that who opens it from now on waits for what is made anew.
     *
     * @param step the step's name
     * @return its session
     */
    public Session start(String step) {
        List<Node> renewed;
        waiters.enter();
        try {
            renewed = steps.started(step) ? renewal.of(step, Session::hasFailed) : List.of();
        } finally {
            waiters.leave();
        }
        renewed.forEach(whenRenewed);
        return begun(new Session(this, step));
    }

    /**
     * A step that has run once, and ended, runs once more: what it has made is let go, as for one that has failed.
     *
     * @param step the step's name
     * @return its session
     */
    public Session again(String step) {
        List<Node> renewed;
        waiters.enter();
        try {
            steps.again(step);
            renewed = renewal.of(step, Session::hasEnded);
        } finally {
            waiters.leave();
        }
        renewed.forEach(whenRenewed);
        return begun(new Session(this, step));
    }

    private Session begun(Session session) {
        waiters.enter();
        try {
            recorder.began(session);
        } finally {
            waiters.leave();
        }
        return session;
    }

    /**
     * Says who is told of files and directories that were {@linkplain Attributes#isSettled settled} and are so no more, since a
     * step begins anew.
     *
     * @param other who is told, by the thread that lets the step begin
     */
    public void whenRenewed(Consumer<Node> other) {
        whenRenewed = other;
    }

    Session.Course course(Session session) {
        waiters.enter();
        try {
            return session.courseNow();
        } finally {
            waiters.leave();
        }
    }

    void ended(Session session, boolean succeeded) {
        waiters.enter();
        try {
            session.ended(succeeded);
            recorder.ended(session);
            steps.ended(session.step(), succeeded);
            if (steps.isOver(session.step())) {
                streams.over(session.step());
            }
            room.ended();
            deadLocks.suspect();
        } finally {
            waiters.leave();
        }
    }

    /**
     * Lets circles of waits be found: steps that wait for each other. One is broken by an error (EDEADLK) to who closed it.
     *
     * @param isStuck says whether the processes of a session can do nothing but wait, given the numbers of the threads whose
     *     requests wait here
     */
    public void findDeadLocks(BiPredicate<Session, Set<Integer>> isStuck) {
        deadLocks.ask(isStuck);
    }

    /**
     * Has somebody told what steps do from now on. That costs time: every name is looked up, and every byte read and written,
     * by the tree. Said before the steps begin.
     *
     * @param observer who is told
     */
    public void observe(Observer observer) {
        witness.tell(observer);
    }

    /**
     * Says who keeps what the tree tells of files that are {@linkplain Attributes#isSettled settled}, and of names, and has to
     * be told when that does not hold any more.
     *
     * @param keeper who is told from now on
     */
    public void keep(Keeper keeper) {
        keeping.tell(keeper);
    }

    /** {@return all who wait now, the longest first} */
    public List<Waiting> waiting() {
        waiters.enter();
        try {
            return waiters.all().stream().map(Waiting::of).toList();
        } finally {
            waiters.leave();
        }
    }

    /**
     * Tells how far everything is.
     *
     * @param most how many files, and how many who wait, are told of at most
     * @return how far it is now
     */
    public Snapshot snapshot(int most) {
        waiters.enter();
        try {
            List<Wait> waits = waiters.all();
            List<Snapshot.FileState> files = streams.states(most);
            return new Snapshot(
                    flow.steps().stream().map(step -> steps.state(step.name())).toList(),
                    files,
                    Math.max(files.size(), streams.count()),
                    waits.stream().limit(most).map(Waiting::of).toList(),
                    waits.size(),
                    store.taken());
        } finally {
            waiters.leave();
        }
    }

    /**
     * Brings to the underlying directory what stays, after all steps have ended and nothing is open any more.
     *
     * @param hasSucceeded whether all steps have done their work; if not, what is temporary stays too, and what is not
     *     complete stays under its name with {@code .incomplete} behind it
     * @return what has happened; what should stay and could not be written is among the incidents
     * @throws IOException when it is interrupted
     */
    public Ending finish(boolean hasSucceeded) throws IOException {
        List<String> warnings = new ArrayList<>();
        waiters.enter();
        try {
            unmade.sentences(steps, naming).values().forEach(warnings::add);
        } finally {
            waiters.leave();
        }
        Descriptors.OURS.sentence().ifPresent(warnings::add);
        Ending ending = results.finish(hasSucceeded);
        warnings.addAll(ending.warnings());
        return new Ending(ending.kept(), ending.dropped(), ending.incidents(), warnings);
    }

    /** {@return what has happened until now} */
    public Recording recording() {
        waiters.enter();
        try {
            return recorder.picture(store);
        } finally {
            waiters.leave();
        }
    }

    /** {@return how many bytes of memory the files take now} */
    public long memory() {
        return store.taken();
    }

    /** Gives back all memory and descriptors. What has not been {@linkplain #finish brought below} is lost. */
    @Override
    public void close() {
        results.stop();
        waiters.enter();
        try {
            if (isClosed) {
                return;
            }
            isClosed = true;
            results.close();
            waiters.close();
            store.close();
            vitals.close();
        } finally {
            waiters.leave();
        }
        Linux.close(root);
    }
}
