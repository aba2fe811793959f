package dev.sluice.fuse;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.stream.Node;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The files that the kernel knows, by their numbers, which count up and are never used twice. Finding one takes no lock.
 * Safe for use by many threads.
 *
 * <p>Each time that somebody finds a file that he follows while it grows, it has another number, so that the kernel takes it for
 * another file. For some questions it locks a file until they are answered, such as where its end is; if that were the lock of who
 * writes it, he could not go on, and the answer would never come. And what one is told of its size is what the kernel goes by for all
 * who have that number.
 */
final class Nodes {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final long FOLLOWED = 1L << 62;
    private static final int SHIFT = 10;
    private static final int PAGE = 1 << SHIFT;
    private static final int MASK = PAGE - 1;

    private static final class Page {
        final @Nullable Object[] all = new Object[PAGE];
        int used;
    }

    /** Pages of files, null where the kernel knows none; grows by being replaced. */
    @SuppressWarnings("ArrayRecordComponent")
    private volatile @Nullable Page[] pages = new Page[PAGE];

    /** Those that are followed. */
    private final ConcurrentHashMap<Long, Known> followed = new ConcurrentHashMap<>();

    private final Known root;

    @GuardedBy("this")
    private long count;

    @GuardedBy("this")
    private long lastFollowed;

    Nodes(Node root) {
        this.root = new Known(root, root.id());
    }

    /** {@return the numbers by which the kernel may know a file} */
    LongStream numbers(Node node) {
        LongStream more =
                followed.values().stream().filter(known -> known.node() == node).mapToLong(Known::number);
        return LongStream.concat(LongStream.of(node.id()), more);
    }

    /** Is it the number of who follows a file? */
    static boolean isFollowed(long number) {
        return (number & FOLLOWED) != 0;
    }

    /** {@return the file of a number, or null when the kernel should not know it} */
    @Nullable
    Known find(long number) {
        if (number == root.node().id()) {
            return root;
        }
        if (isFollowed(number)) {
            return followed.get(number);
        }
        @Nullable Page[] now = pages;
        long page = number >>> SHIFT;
        if (page >= now.length) {
            return null;
        }
        Page found = now[(int) page];
        return found == null ? null : (Known) ELEMENT.getAcquire(found.all, (int) number & MASK);
    }

    /** The kernel is told of a file. */
    Known tell(Node node) {
        if (node == root.node()) {
            return root;
        }
        synchronized (this) {
            Page page = page(node.id());
            int place = (int) node.id() & MASK;
            Known known = (Known) page.all[place];
            if (known == null) {
                known = new Known(node, node.id());
                ELEMENT.setRelease(page.all, place, known);
                page.used++;
                count++;
            }
            known.told++;
            return known;
        }
    }

    /** The kernel is told of a file that who asks follows, or does not. */
    Known tell(Node node, boolean isFollowed) {
        if (!isFollowed) {
            return tell(node);
        }
        synchronized (this) {
            Known known = new Known(node, FOLLOWED | ++lastFollowed);
            known.told++;
            followed.put(known.number(), known);
            return known;
        }
    }

    /** The kernel is told of what is to come under a name, each time by another number: what comes is another file for it. */
    synchronized Known suppose(Node node, String name) {
        Known known = new Known(node, FOLLOWED | ++lastFollowed, name);
        known.told++;
        followed.put(known.number(), known);
        return known;
    }

    @GuardedBy("this")
    private Page page(long number) {
        int place = Math.toIntExact(number >>> SHIFT);
        @Nullable Page[] now = pages;
        if (place >= now.length) {
            now = Arrays.copyOf(now, Math.max(place + 1, now.length * 2));
            pages = now;
        }
        Page page = now[place];
        if (page == null) {
            page = new Page();
            now[place] = page;
            pages = now; // publishes it
        }
        return page;
    }

    /** The kernel has forgotten a file, so many times. */
    synchronized void forget(long number, long times) {
        if (isFollowed(number)) {
            Known known = followed.get(number);
            if (known != null && (known.told -= times) <= 0) {
                followed.remove(number);
            }
            return;
        }
        int place = Math.toIntExact(number >>> SHIFT);
        Page page = place < pages.length ? pages[place] : null;
        Known known = page == null ? null : (Known) page.all[(int) number & MASK];
        if (page == null || known == null) {
            return;
        }
        known.told -= times;
        if (known.told <= 0) {
            ELEMENT.setRelease(page.all, (int) number & MASK, null);
            count--;
            if (--page.used == 0) {
                @Nullable Page[] now = pages;
                now[place] = null;
                pages = now;
            }
        }
    }

    /** {@return how many files the kernel knows, beside the root} */
    synchronized long count() {
        return count + followed.size();
    }
}
