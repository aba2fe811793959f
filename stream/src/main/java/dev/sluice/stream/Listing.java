package dev.sluice.stream;

import org.jspecify.annotations.Nullable;

/** A directory that is being listed. */
public final class Listing {
    final Directory directory;
    final @Nullable Session session;

    /** Were its entries all there when it began? Then nobody waits for more. */
    final boolean isWhole;

    Listing(Directory directory, @Nullable Session session, boolean isWhole) {
        this.directory = directory;
        this.session = session;
        this.isWhole = isWhole;
    }

    /** {@return what is listed} */
    public Node node() {
        return directory;
    }

    /** Takes the entries of a directory, one after the other. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Takes one.
         *
         * @param name its name, one char for each byte
         * @param type its type, as in {@link Attributes#TYPE} of a mode
         * @param inode its number
         * @param next where a listing goes on behind it
         * @return false when there is no room for it; then it is the last one asked about
         */
        boolean entry(String name, int type, long inode, long next);
    }
}
