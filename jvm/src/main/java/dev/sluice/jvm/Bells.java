package dev.sluice.jvm;

import dev.sluice.linux.Availability;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Events;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Sleeps for all threads of this process that wait for a gauge's bell: one platform thread, since who sleeps in the kernel keeps
 * one. As many as the kernel can watch at once are served; the others are woken by what the server answers. Safe for use by many
 * threads.
 */
final class Bells {
    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();

    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();

    /** Changes when there is somebody new to sleep for. */
    private final MemorySegment own = Arena.global().allocate(ValueLayout.JAVA_INT);

    private volatile boolean isDeaf;

    /** One for all of the process, from when the first one waits. */
    private static final class All {
        static final Bells BELLS = new Bells();
    }

    /** A thread that is to be unparked when a gauge's bell has another value. */
    record Listener(MappedGauge gauge, int bell, Thread thread) {}

    private Bells() {
        Thread _ = Thread.ofPlatform().daemon().name("bells").start(this::listen);
    }

    /** A thread is unparked when the bell rings, at least once. */
    static Listener listen(MappedGauge gauge, int bell) {
        Listener listener = new Listener(gauge, bell, Thread.currentThread());
        if (Availability.isGranted() && !All.BELLS.isDeaf) {
            All.BELLS.add(listener);
        }
        return listener;
    }

    static void forget(Listener listener) {
        if (Availability.isGranted()) {
            All.BELLS.listeners.remove(listener);
        }
    }

    private void add(Listener listener) {
        listeners.add(listener);
        int _ = (int) WORD.getAndAdd(own, 0L, 1);
        int _ = Events.wake(own.address());
    }

    private void listen() {
        long[] words = new long[Events.MOST_WORDS];
        int[] values = new int[Events.MOST_WORDS];
        while (!isDeaf) {
            words[0] = own.address();
            values[0] = (int) WORD.getVolatile(own, 0L);
            int count = 1;
            for (Iterator<Listener> all = listeners.iterator(); all.hasNext(); ) {
                Listener listener = all.next();
                if (listener.gauge.hasRung(listener.bell)) {
                    all.remove();
                    LockSupport.unpark(listener.thread);
                } else if (count < words.length) {
                    words[count] = listener.gauge.bellAddress();
                    values[count++] = listener.bell;
                }
            }
            int result = Events.awaitAny(words, values, count);
            isDeaf = result < 0
                    && result != Errno.EAGAIN.negated()
                    && result != Errno.EINTR.negated()
                    && result != Errno.EFAULT.negated(); // one was closed just now
        }
        listeners.clear(); // the kernel cannot do it: the server's answers wake them
    }
}
