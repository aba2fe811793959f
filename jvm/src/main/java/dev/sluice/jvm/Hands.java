package dev.sluice.jvm;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that ask a server for those who wait for its answer. A virtual one needs a carrier, and all of these may be kept by the
 * very threads that wait, since who initializes a class, loads one or is in native code does not leave his; or by others that
 * compute. So they are platform threads, used again and again, as long as they are not very many; what is more, of a program that
 * waits for hundreds of files at once, is virtual. Owned by this class. Safe for use by many threads.
 */
final class Hands {
    private static final int MOST = 128;
    private static final int IDLE_SECONDS = 10;

    private static final ThreadPoolExecutor PLATFORM = new ThreadPoolExecutor(
            0,
            MOST,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Hands::thread,
            (work, _) -> Thread.ofVirtual().name("sluice-hand").start(work));

    private Hands() {}

    /** Does it in another thread, soon. */
    static void take(Runnable work) {
        try {
            PLATFORM.execute(work);
        } catch (OutOfMemoryError e) {
            Thread.ofVirtual().name("sluice-hand").start(work); // the system gives this process no more threads
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = Thread.ofPlatform().daemon().name("sluice-hand").unstarted(work);
        thread.setContextClassLoader(null); // it outlives what the program has loaded
        return thread;
    }
}
