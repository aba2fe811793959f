package dev.sluice.files;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Replaces bytes of a mapped file by more or fewer, moving each byte once. */
final class Replacing {
    private Replacing() {}

    static long in(Region region, MemorySegment memory, Search search, long from, byte[] replacement)
            throws IOException {
        Search plain = Search.of(search.needle()).limit(search.most());
        Scan scan = new Scan(plain, from);
        Pieces.through(scan, memory, from, memory.byteSize(), 0);
        long[] places = scan.found();
        int old = search.needle().length;
        long shift = (long) replacement.length - old;
        long size = memory.byteSize();
        if (shift > 0 && places.length > 0) {
            MemorySegment grown = region.resizeAlone(Math.addExact(size, Math.multiplyExact(shift, places.length)));
            for (int i = places.length - 1; i >= 0; i--) { // from the end, so that nothing is overwritten
                long end = i == places.length - 1 ? size : places[i + 1];
                put(grown, places[i], end, shift * i, old, replacement);
            }
        } else {
            for (int i = 0; i < places.length; i++) {
                long end = i == places.length - 1 ? size : places[i + 1];
                put(memory, places[i], end, shift * i, old, replacement);
            }
            if (shift < 0 && places.length > 0) {
                region.resizeAlone(size + shift * places.length);
            }
        }
        return places.length;
    }

    /** Puts one in, and moves what is between it and the next one. */
    private static void put(MemorySegment memory, long place, long end, long shift, int old, byte[] replacement) {
        long behind = place + old;
        long to = place + shift + replacement.length;
        if (to != behind) {
            MemorySegment.copy(memory, behind, memory, to, end - behind);
        }
        MemorySegment.copy(replacement, 0, memory, ValueLayout.JAVA_BYTE, place + shift, replacement.length);
    }
}
