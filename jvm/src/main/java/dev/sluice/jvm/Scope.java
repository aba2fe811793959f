package dev.sluice.jvm;

import dev.sluice.stream.Workflow;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * This JVM, or a part of it, as a step of a workflow: made by {@link Sluice#scope}, and the step's run ends when it is closed. All
 * scopes of one step and directory that are open at the same time are one run.
 *
 * {@snippet class="dev.sluice.jvm.ScopeTest" region="block"}
 *
 * <p>What is done by {@link #run} and {@link #call} is inside: there, paths of the managed directory lead to the workflow for
 * programs that use {@code java.nio.file.Files} and {@code Path.of}, if the JVM was started with {@link SluiceFileSystemProvider}
 * as its default, or with the agent. Code in other threads is outside, unless it comes by {@link #wrap(ExecutorService)} or its like,
 * or is forked in a structured task scope. The paths of {@link #path} lead to the workflow wherever they are used, and need neither.
 *
 * <p>Safe for use by many threads.
 */
@SuppressWarnings("exports") // users need not have JSpecify
public final class Scope implements AutoCloseable {
    private static final ScopedValue<Scope> HERE = ScopedValue.newInstance();

    private final Connection connection;
    private final String step;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private volatile boolean hasFailed;

    /** How to take part, before that begins. Each method changes it and returns it; one thread at a time. */
    public static final class Builder {
        private final Path directory;
        private @Nullable String step = Surroundings.step();
        private @Nullable String workflow = Surroundings.workflow();
        private @Nullable Path flow;
        private @Nullable Workflow embedded;
        private boolean isSilent = true;
        private boolean tearsDown;
        private List<String> server = List.of("sluice");
        private Duration patience = Duration.ofSeconds(30);

        Builder(Path directory) {
            this.directory = directory;
        }

        /**
         * Says which step this is; when it is not said, what {@code SLUICE_STEP} or {@code CAPIO_APP_NAME} says.
         *
         * @param name the step's name in the flow
         * @return this
         */
        public Builder step(String name) {
            step = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Says which workflow the server must serve; when it is not said, what {@code CAPIO_WORKFLOW_NAME} says, or any.
         *
         * @param name the workflow's name in the flow
         * @return this
         */
        public Builder workflow(String name) {
            workflow = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Lets a server be started with this flow when none is there, as {@code sluice exec --flow} does. It ends by itself when
         * every step has run.
         *
         * @param file the flow's file
         * @return this
         */
        public Builder flow(Path file) {
            flow = file.toAbsolutePath();
            return this;
        }

        /**
         * Takes part in a workflow that this JVM itself has opened: without a server, for all steps in one process.
         *
         * @param own the workflow, which stays the caller's
         * @return this
         */
        public Builder within(Workflow own) {
            embedded = Objects.requireNonNull(own, "own");
            return this;
        }

        /**
         * Says whether nothing is printed about waiting for a server and starting one; so it is when it is not said.
         *
         * @param silent whether to be silent
         * @return this
         */
        public Builder silent(boolean silent) {
            isSilent = silent;
            return this;
        }

        /**
         * Says what starts the program {@code sluice}; when it is not said, that, found in {@code PATH}.
         *
         * @param command the program, and arguments that stand before those of {@code serve}
         * @return this
         */
        public Builder server(String... command) {
            if (command.length == 0) {
                throw new IllegalArgumentException("the server's command is empty; say at least the program");
            }
            server = List.of(command);
            return this;
        }

        /**
         * Says how long to wait for a server that is not there or not ready; 30 s when it is not said.
         *
         * @param most how long
         * @return this
         */
        public Builder waiting(Duration most) {
            patience = Objects.requireNonNull(most, "most");
            return this;
        }

        /**
         * Says whether the server that was started for this scope is ended with it, even if other steps have not run; when it is
         * not said, it goes on until every step has run.
         *
         * @param endsServer whether it is ended
         * @return this
         */
        public Builder tearDown(boolean endsServer) {
            tearsDown = endsServer;
            return this;
        }

        /**
         * Begins the run of the step, or joins the one that this JVM is at.
         *
         * @return the scope, to be closed
         * @throws IOException when there is no server, or it refuses
         */
        public Scope open() throws IOException {
            String name = step;
            if (name == null || name.isEmpty()) {
                throw new IllegalArgumentException("which step is it? say step(NAME), or set SLUICE_STEP");
            }
            Path real = MeetingPoint.identity(directory);
            Arrival arrival =
                    new Arrival(real, directory, name, workflow, flow, embedded, server, patience, isSilent, tearsDown);
            return new Scope(Connection.take(name, StreamPath.plain(real), arrival::open), name);
        }

        /**
         * Runs something as the step, from its begin to its end. It has failed when there is an exception.
         *
         * @param work what is done
         * @param <T> its result
         * @param <X> its exceptions
         * @return what the work returns
         * @throws IOException when there is no server, or the run cannot be ended
         * @throws X what the work throws
         */
        public <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<? extends T, X> work)
                throws IOException, X {
            try (Scope scope = open()) {
                return scope.call(work);
            }
        }

        /**
         * The same without a result.
         *
         * @param work what is done
         * @param <X> its exceptions
         * @throws IOException when there is no server, or the run cannot be ended
         * @throws X what the work throws
         */
        public <X extends Throwable> void run(Work<X> work) throws IOException, X {
            try (Scope scope = open()) {
                scope.run(work);
            }
        }

        /**
         * Makes the methods of an object that are annotated with {@link AsStep}, in the interface or in its class, runs of their
         * steps.
         *
         * @param type the interface
         * @param target the object
         * @param <T> the interface
         * @return an object that does what the target does, as a step where that is said
         */
        public <T> T proxy(Class<T> type, T target) {
            return StepMethods.proxy(this, type, target);
        }

        /** The same settings for another step. */
        Builder as(AsStep which) {
            Builder other = new Builder(which.directory().isEmpty() ? directory : Path.of(which.directory()));
            other.step = which.value();
            other.workflow = workflow;
            other.flow = flow;
            other.embedded = embedded;
            other.isSilent = isSilent;
            other.tearsDown = tearsDown;
            other.server = server;
            other.patience = patience;
            return other;
        }
    }

    /**
     * Something that is done.
     *
     * @param <X> what it throws
     */
    @FunctionalInterface
    public interface Work<X extends Throwable> {
        /**
         * Does it.
         *
         * @throws X when it fails
         */
        void run() throws X;
    }

    private Scope(Connection connection, String step) {
        this.connection = connection;
        this.step = step;
    }

    /** {@return the innermost scope that the code is inside of, if there is one} */
    public static Optional<Scope> current() {
        return HERE.isBound() ? Optional.of(HERE.get()) : Optional.empty();
    }

    /** {@return the name of the step} */
    public String step() {
        return step;
    }

    /** {@return the managed directory, as a path of {@link #files}} */
    public Path directory() {
        return files().getPath("").toAbsolutePath();
    }

    /** {@return the file system of the managed directory, from which relative paths are seen} */
    public FileSystem files() {
        return connection().files();
    }

    /**
     * Makes a path that leads to the workflow.
     *
     * @param first a path in the managed directory, or an absolute one
     * @param more more of it
     * @return the path
     */
    public Path path(String first, String... more) {
        return files().getPath(first, more);
    }

    /** {@return what is left when there are no paths and channels: numbers for open files} */
    public Descriptors descriptors() {
        return new Descriptors(connection().territory().door());
    }

    /**
     * Does something inside. When that ends with an exception, the run of the step has failed.
     *
     * @param work what is done
     * @param <T> its result
     * @param <X> its exceptions
     * @return what the work returns
     * @throws X what the work throws
     */
    public <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<? extends T, X> work)
            throws X {
        Territory territory = connection().territory();
        boolean isDone = false;
        try {
            T result = ScopedValue.where(HERE, this)
                    .<T, X>call(() -> new Routes(territory, Routes.here()).<T, X>call(work));
            isDone = true;
            return result;
        } finally {
            hasFailed |= !isDone;
        }
    }

    /**
     * The same without a result.
     *
     * @param work what is done
     * @param <X> its exceptions
     * @throws X what the work throws
     */
    public <X extends Throwable> void run(Work<X> work) throws X {
        Object _ = this.<Object, X>call(() -> {
            work.run();
            return this;
        });
    }

    /**
     * Brings what an executor does inside, and inside of the scopes around who hands it over. Closing or shutting down the wrapper
     * does so to the executor.
     *
     * @param executor by which it is done
     * @return an executor whose work is inside
     */
    public ExecutorService wrap(ExecutorService executor) {
        return new ScopedExecutor(executor, this::wrap);
    }

    /**
     * Brings something inside that is done later, by whatever thread.
     *
     * @param work what is done
     * @return the same, inside
     */
    public Runnable wrap(Runnable work) {
        Callable<Scope> wrapped = wrap(() -> {
            work.run();
            return this;
        });
        return () -> {
            try {
                Scope _ = wrapped.call();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("what declares no exception has thrown one", e);
            }
        };
    }

    /**
     * The same with a result.
     *
     * @param work what is done
     * @param <T> its result
     * @return the same, inside
     */
    public <T extends @Nullable Object> Callable<T> wrap(Callable<T> work) {
        Routes around = Routes.here();
        return () -> around == null
                ? this.<T, Exception>call(work::call)
                : around.<T, Exception>call(() -> this.<T, Exception>call(work::call));
    }

    /** The run of the step has failed, whatever else is done: what it has not completed never will be. */
    public void fail() {
        hasFailed = true;
    }

    private Connection connection() {
        if (isClosed.get()) {
            throw new IllegalStateException("this scope of step " + step + " is closed");
        }
        return connection;
    }

    /**
     * Ends the run of the step, if this is its last scope: what it has written is complete, unless it has failed.
     *
     * @throws IOException when the end could not be told
     */
    @Override
    public void close() throws IOException {
        if (isClosed.compareAndSet(false, true)) {
            connection.leave(!hasFailed);
        }
    }

    @Override
    public String toString() {
        return "scope of step " + step;
    }
}
