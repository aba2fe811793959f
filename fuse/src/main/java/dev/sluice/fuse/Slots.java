package dev.sluice.fuse;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Things by small numbers, which the kernel hands back. Finding one takes no lock. Safe for use by many threads.
 *
 * @param <T> the things
 */
final class Slots<T> {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final int LEAST = 64;

    /** Grows by being replaced; all that change it hold the lock. */
    private volatile @Nullable Object[] things = new Object[LEAST];

    @GuardedBy("this")
    private final Deque<Integer> free = new ArrayDeque<>();

    @GuardedBy("this")
    private int used;

    /** Adds a thing and answers its number. */
    synchronized long add(T thing) {
        Integer again = free.poll();
        int number = again == null ? used++ : again;
        if (number == things.length) {
            things = Arrays.copyOf(things, number * 2);
        }
        ELEMENT.setRelease(things, number, thing);
        return number;
    }

    @SuppressWarnings("unchecked") // add takes no others
    @Nullable
    T find(long number) {
        @Nullable Object[] now = things;
        return number < 0 || number >= now.length ? null : (T) ELEMENT.getAcquire(now, (int) number);
    }

    /** Removes a thing and answers it, or null when it is not there. */
    synchronized @Nullable T remove(long number) {
        T thing = find(number);
        if (thing != null) {
            things[(int) number] = null;
            free.add((int) number);
        }
        return thing;
    }

    /** Removes and answers all. */
    synchronized List<T> removeAll() {
        List<T> all = new ArrayList<>();
        for (int i = 0; i < used; i++) {
            T thing = remove(i);
            if (thing != null) {
                all.add(thing);
            }
        }
        return all;
    }
}
