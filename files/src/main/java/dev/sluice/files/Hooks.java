package dev.sluice.files;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A stream's hooks, which go with its cursor from a synchronous to an asynchronous one. Safe for use by many threads. */
final class Hooks {
    private static final System.Logger LOG = System.getLogger(Hook.class.getName());

    private final Hook.Failures policy;
    private final List<Hook.Async> onRead = new CopyOnWriteArrayList<>();
    private final List<Hook.Async> onWrite = new CopyOnWriteArrayList<>();

    Hooks(Hook.Failures policy) {
        this.policy = policy;
    }

    /** A hook that has done its work when it returns. */
    private record Sync(Hook hook) implements Hook.Async {
        private static final CompletionStage<?> DONE = java.util.concurrent.CompletableFuture.completedStage(null);

        @Override
        public CompletionStage<?> on(CachedFile stream, ByteBuffer bytes, int count) throws Exception {
            hook.on(stream, bytes, count);
            return DONE;
        }
    }

    /** So that one hook added twice is two. */
    private record Added(Hook.Async hook, Object identity) implements Hook.Async {
        @Override
        public CompletionStage<?> on(CachedFile stream, ByteBuffer bytes, int count) throws Exception {
            return hook.on(stream, bytes, count);
        }

        boolean isDoneAtOnce() {
            return hook instanceof Sync;
        }
    }

    Hook.Registration add(Hook.Event event, Hook hook) {
        return addAsync(event, new Sync(hook));
    }

    Hook.Registration addAsync(Hook.Event event, Hook.Async hook) {
        List<Hook.Async> hooks = of(event);
        Added added = new Added(hook, new Object());
        hooks.add(added);
        return () -> hooks.remove(added);
    }

    private List<Hook.Async> of(Hook.Event event) {
        return switch (event) {
            case ON_READ -> onRead;
            case ON_WRITE -> onWrite;
        };
    }

    boolean isEmpty(Hook.Event event) {
        return of(event).isEmpty();
    }

    /**
     * Runs the hooks of an event.
     *
     * @param waits whether to wait for the work that a hook does elsewhere
     */
    void run(Hook.Event event, CachedFile stream, ByteBuffer bytes, boolean waits) throws Hook.FailedException {
        Hook.FailedException first = null;
        for (Hook.Async hook : of(event)) {
            Throwable failure = failureOf(hook, event, stream, bytes, waits);
            if (failure != null && policy == Hook.Failures.THROW) {
                Hook.FailedException told = new Hook.FailedException(message(event, stream, failure), failure, bytes);
                if (first == null) {
                    first = told;
                } else {
                    first.addSuppressed(told);
                }
            } else if (failure != null) {
                log(event, stream, hook, failure);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private @Nullable Throwable failureOf(
            Hook.Async hook, Hook.Event event, CachedFile stream, ByteBuffer bytes, boolean waits) {
        boolean goesOn = !waits && hook instanceof Added added && !added.isDoneAtOnce();
        ByteBuffer given = goesOn ? copyOf(bytes) : bytes.asReadOnlyBuffer();
        try {
            CompletionStage<?> stage = hook.on(stream, given, bytes.remaining());
            if (waits) {
                stage.toCompletableFuture().get();
            } else if (goesOn) {
                var _ = stage.whenComplete((_, failure) -> {
                    if (failure != null) {
                        log(event, stream, hook, failure);
                    }
                });
            }
            return null;
        } catch (ExecutionException | CompletionException e) {
            return e.getCause() == null ? e : e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        } catch (Exception | StackOverflowError | AssertionError e) {
            return e;
        }
    }

    private static ByteBuffer copyOf(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return ByteBuffer.wrap(copy).asReadOnlyBuffer();
    }

    private void log(Hook.Event event, CachedFile stream, Hook.Async hook, Throwable failure) {
        if (policy == Hook.Failures.REMOVE) {
            of(event).remove(hook);
        }
        LOG.log(
                System.Logger.Level.WARNING,
                message(event, stream, failure) + (policy == Hook.Failures.REMOVE ? "; it was removed" : ""),
                failure);
    }

    private static String message(Hook.Event event, CachedFile stream, Throwable failure) {
        return stream.path() + ": a hook " + event + " failed (" + failure + "); the operation itself was done";
    }
}
