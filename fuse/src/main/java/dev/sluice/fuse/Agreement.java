package dev.sluice.fuse;

import static dev.sluice.fuse.Exchange.BODY;

import dev.sluice.linux.Errno;

/**
 * What kernel and server have agreed on when the mount began.
 *
 * @param minor the kernel's version of the protocol, 7.minor
 * @param mapsDirect whether files can be mapped that the kernel keeps nothing of
 * @param passesThrough whether the kernel can read and write other files by itself; whether it lets us is another matter
 */
record Agreement(int minor, boolean mapsDirect, boolean passesThrough) {
    private static final int MAJOR = 7;
    /** Linux 5.10. */
    private static final int LEAST_MINOR = 32;

    private static final int LENGTH = 64;
    private static final int MOST_WAITING = 0xFFFF;
    private static final int PAGES = Exchange.MOST / 4096;
    /** Not agreed on, and why: locks (the kernel's own do), asynchronous direct I/O (its reads could wait and
     * could not be interrupted), the write-back cache (writes would come late and in any order), ACLs. */
    private static final long WANTED = 1L // ASYNC_READ
            | 1L << 3 // ATOMIC_O_TRUNC
            | 1L << 5 // BIG_WRITES
            | 1L << 6 // DONT_MASK: a directory may lay down more than the umask does
            | 1L << 13 // DO_READDIRPLUS
            | 1L << 14 // READDIRPLUS_AUTO
            | 1L << 18 // PARALLEL_DIROPS
            | 1L << 22 // MAX_PAGES
            | 1L << 23 // CACHE_SYMLINKS
            | 1L << 28; // HANDLE_KILLPRIV_V2

    private static final long MORE_FLAGS = 1L << 30;
    private static final long MAPS_DIRECT = 1L << 36;
    private static final long PASSES_THROUGH = 1L << 37;

    /** Answers the kernel's first request; null when it has to ask again, or is too old. */
    static @org.jspecify.annotations.Nullable Agreement answer(Exchange exchange) {
        int major = exchange.intAt(BODY);
        int minor = exchange.intAt(BODY + 4);
        exchange.clear(LENGTH);
        exchange.put(0, MAJOR);
        if (major > MAJOR) {
            exchange.answer(LENGTH); // the kernel asks again, in our version
            return null;
        }
        if (major < MAJOR || minor < LEAST_MINOR) {
            exchange.refuse(Errno.EPROTO);
            return null;
        }
        long offered = Integer.toUnsignedLong(exchange.intAt(BODY + 12));
        if ((offered & MORE_FLAGS) != 0 && exchange.length() >= BODY + 20) {
            offered |= Integer.toUnsignedLong(exchange.intAt(BODY + 16)) << Integer.SIZE;
        }
        long agreed = offered & (WANTED | MORE_FLAGS | MAPS_DIRECT | PASSES_THROUGH);
        exchange.put(4, minor);
        exchange.put(8, exchange.intAt(BODY + 8)); // as much read ahead as the kernel likes
        exchange.put(12, (int) agreed);
        exchange.put(16, MOST_WAITING << Short.SIZE | MOST_WAITING);
        exchange.put(20, Exchange.MOST);
        exchange.put(24, 1); // times are in nanoseconds
        exchange.put(28, PAGES);
        exchange.put(32, (int) (agreed >>> Integer.SIZE));
        exchange.put(36, (agreed & PASSES_THROUGH) != 0 ? 1 : 0); // how deep file systems may lie on each other
        exchange.answer(LENGTH);
        return new Agreement(minor, (agreed & MAPS_DIRECT) != 0, (agreed & PASSES_THROUGH) != 0);
    }
}
