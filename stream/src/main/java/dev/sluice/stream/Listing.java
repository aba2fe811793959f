package dev.sluice.stream;

import org.jspecify.annotations.Nullable;

/** A directory that is being listed. */
public final class Listing {
    /** The directory itself and the one above, which each listing begins with. */
    private static final int DOTS = 2;

    final Directory directory;
    final @Nullable Session session;

    /** Were its entries all there when it began? Then nobody waits for more. */
    final boolean isWhole;

    /** Up to which place it goes then: else whoever renames, or makes, a file for each that he is told of would never come to the end. */
    private long end = Long.MAX_VALUE;

    Listing(Directory directory, @Nullable Session session, boolean isWhole) {
        this.directory = directory;
        this.session = session;
        this.isWhole = isWhole;
    }

    /** Tells a visitor what there is from a place on. {@return whether there was anything} */
    boolean tell(long cookie, Visitor visitor) {
        long next = cookie;
        if (cookie == 0 && isWhole) {
            end = directory.end();
        }
        if (next == 0 && !visitor.entry(".", Attributes.DIRECTORY, directory.id, ++next)) {
            return true;
        }
        if (next == 1) {
            Directory up = directory.parent == null ? directory : directory.parent;
            if (!visitor.entry("..", Attributes.DIRECTORY, up.id, ++next)) {
                return true;
            }
        }
        Entry entry = directory.from(next - DOTS);
        while (entry != null && entry.place < end) {
            next = entry.place + DOTS + 1L;
            Node node = entry.node;
            if (!visitor.entry(entry.name, entry.type, node == null ? entry.inode : node.id, next)) {
                return true;
            }
            entry = directory.from(next - DOTS);
        }
        return next > cookie;
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
