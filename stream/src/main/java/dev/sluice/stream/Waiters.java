package dev.sluice.stream;

import dev.sluice.stream.Gate.Ask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The one lock of a workflow, and all who wait. Whoever was woken while the lock was held is resumed after it has been given
 * back, by the thread that held it.
 */
final class Waiters {
    private static final System.Logger LOG = System.getLogger(Waiters.class.getName());

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Wait> waits = new LinkedHashSet<>();
    private final List<Request> woken = new ArrayList<>();
    private final List<Runnable> afterwards = new ArrayList<>();
    private final @Nullable Duration timeout;
    private final ScheduledThreadPoolExecutor clock;
    private final Recorder recorder;
    private Runnable whenParked = () -> {};
    private Runnable beforeLeaving = () -> {};

    Waiters(@Nullable Duration timeout, Recorder recorder) {
        this.timeout = timeout;
        this.recorder = recorder;
        clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("clock of waits").factory());
        clock.setRemoveOnCancelPolicy(true);
    }

    /** Who is told, with the lock held, that one more waits. */
    void tell(Runnable other) {
        whenParked = other;
    }

    /** Who cleans up, with the lock held, when a piece of work is done. */
    void tellLeaving(Runnable other) {
        beforeLeaving = other;
    }

    void enter() {
        lock.lock();
    }

    void leave() {
        if (lock.getHoldCount() > 1) {
            lock.unlock();
            return;
        }
        beforeLeaving.run();
        if (woken.isEmpty() && afterwards.isEmpty()) {
            lock.unlock();
            return;
        }
        List<Request> resumed = List.copyOf(woken);
        woken.clear();
        List<Runnable> others = List.copyOf(afterwards);
        afterwards.clear();
        lock.unlock();
        resumed.forEach(Request::resume);
        others.forEach(Runnable::run);
    }

    /** Does something when the lock has been given back, by this thread, which holds it. */
    void afterwards(Runnable task) {
        afterwards.add(task);
    }

    /** Lets a request wait. */
    Parked park(Wait wait) {
        wait.stream.waits.add(wait);
        waits.add(wait);
        wait.request.wait = wait;
        wait.request.awaited = wait.ask == Ask.OPEN || wait.ask == Ask.STAT ? wait.stream : null;
        Session session = wait.request.session();
        if (session != null) {
            session.waits();
        }
        recorder.parked(wait);
        whenParked.run();
        if (timeout != null) {
            wait.alarm = clock.schedule(() -> expire(wait), timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
        return Parked.PARKED;
    }

    /** Lets those ask again who wait for a stream and fulfil a condition. */
    void wake(Stream stream, Predicate<Wait> condition) {
        List<Wait> waiting = stream.waits;
        if (waiting.isEmpty()) {
            return;
        }
        waiting.removeIf(wait -> {
            boolean wakes = condition.test(wait);
            if (wakes) {
                forget(wait);
                woken.add(wait.request);
            }
            return wakes;
        });
    }

    void wakeAll(Stream stream) {
        wake(stream, _ -> true);
    }

    private void expire(Wait wait) {
        refuse(wait, request -> request.isExpired = true);
    }

    /** Ends a wait with an error, if it still lasts. */
    void refuse(Wait wait, Consumer<Request> reason) {
        enter();
        try {
            if (wait.request.wait == wait) {
                reason.accept(wait.request);
                wait.stream.waits.remove(wait);
                forget(wait);
                woken.add(wait.request);
            }
        } finally {
            leave();
        }
    }

    /** Runs something later, once, in a thread that must not be kept. */
    void later(Runnable task, Duration after) {
        Future<?> _ = clock.schedule(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException | Error e) {
                        LOG.log(System.Logger.Level.ERROR, "what was to be done later has failed", e);
                        throw e;
                    }
                },
                after.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    void close() {
        clock.shutdownNow();
    }

    /** {@return whether the request waited; now it does not} */
    boolean cancel(Request request) {
        Wait wait = request.wait;
        if (wait == null) {
            return false;
        }
        wait.stream.waits.remove(wait);
        forget(wait);
        request.awaited = null;
        return true;
    }

    private void forget(Wait wait) {
        waits.remove(wait);
        wait.request.wait = null;
        Session session = wait.request.session();
        if (session != null) {
            session.waitsNoMore();
        }
        recorder.goesOn(wait);
        Future<?> alarm = wait.alarm;
        if (alarm != null) {
            alarm.cancel(false);
        }
    }

    /** {@return all who wait, the longest first} */
    List<Wait> all() {
        return List.copyOf(waits);
    }
}
