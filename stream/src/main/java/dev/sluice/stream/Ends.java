package dev.sluice.stream;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Events;
import dev.sluice.linux.Linux;
import dev.sluice.linux.Pids;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One thread that learns of the ends of many processes, and does then what it was told to. Safe for use by many threads.
 *
 * <p>A process is held by a descriptor, which never means another one.
 */
final class Ends implements AutoCloseable {
    private static final int ROOM = 256;
    private static final long WOKEN = -1;

    /** Guards the descriptors against use after they are closed. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Events.Watch watch = new Events.Watch(ROOM);
    private final int wake = Events.eventfd();
    private final Map<Long, Runnable> actions = new ConcurrentHashMap<>();
    private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Runnable afterwards;
    private final Thread thread;
    private volatile boolean isClosed;
    private long nextLook = Long.MAX_VALUE;

    /**
     * Starts the thread.
     *
     * @param afterwards what it does after each time that processes have ended
     */
    Ends(Runnable afterwards) {
        this.afterwards = afterwards;
        if (watch.descriptor() < 0 || wake < 0) {
            int refused = Math.min(watch.descriptor(), wake);
            watch.close();
            throw new IllegalStateException(
                    "processes cannot be watched: " + Errno.describe(refused) + "; close files or raise ulimit -n");
        }
        watch.add(wake, Events.Watch.READABLE, WOKEN);
        thread = Thread.ofPlatform().name("sluice-processes").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** {@return how many processes are watched} */
    int count() {
        return count.get();
    }

    /**
     * Opens a process or thread, so that it can be watched.
     *
     * @return its descriptor, or a negated error number
     */
    static int open(int task, boolean isThread) {
        return Pids.open(task, isThread ? Pids.THREAD : 0);
    }

    /**
     * Watches a process or thread.
     *
     * @param fd its descriptor, which is closed after its end
     * @param action what is done after its end, by the thread of this
     * @return whether it is watched; if not, the descriptor is closed
     */
    boolean watch(int fd, Runnable action) {
        lock.lock();
        try {
            actions.put((long) fd, action);
            if (!isClosed && watch.add(fd, Events.Watch.READABLE, fd) >= 0) {
                count.incrementAndGet();
                return true;
            }
            actions.remove((long) fd);
            Linux.close(fd);
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the thread do something soon. */
    void soon(Runnable errand) {
        lock.lock();
        try {
            if (!isClosed) {
                errands.add(errand);
                Events.signal(wake);
            }
        } finally {
            lock.unlock();
        }
    }

    /** For the thread itself: do again what it does afterwards, when so much time has passed. */
    void lookAgainIn(long nanos) {
        nextLook = Math.min(nextLook, System.nanoTime() + nanos);
    }

    private void run() {
        while (!isClosed) {
            long left = nextLook == Long.MAX_VALUE ? -1 : Math.max(0, nextLook - System.nanoTime()) / 1_000_000 + 1;
            int ready = watch.await((int) left);
            if (ready < 0) {
                throw new IllegalStateException("waiting for processes failed: " + Errno.describe(ready));
            }
            for (int i = 0; i < ready; i++) {
                ended(watch.key(i));
            }
            for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
                errand.run();
            }
            if (!isClosed) {
                nextLook = Long.MAX_VALUE;
                afterwards.run();
            }
        }
    }

    private void ended(long key) {
        if (key == WOKEN) {
            Events.take(wake);
            return;
        }
        Runnable action = actions.remove(key);
        if (action != null) {
            watch.remove((int) key);
            Linux.close((int) key);
            count.decrementAndGet();
            action.run();
        }
    }

    /** Ends the thread, and lets go of all processes. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (isClosed) {
                return;
            }
            isClosed = true;
            Events.signal(wake);
        } finally {
            lock.unlock();
        }
        join();
        actions.keySet().forEach(fd -> Linux.close((int) (long) fd));
        actions.clear();
        watch.close();
        Linux.close(wake);
    }

    private void join() {
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
