package dev.sluice.fuse;

import dev.sluice.stream.Attributes;

/** Writes what a file is like into an answer. */
final class Described {
    /** The length of what a lookup answers. */
    static final int ENTRY = 128;

    /** The length of what a question for attributes answers. */
    static final int ATTRIBUTES = 104;

    /** The kernel may keep what is settled for so many seconds. */
    static final long KEPT_SECONDS = 3600;

    /** Where in an entry the attributes are, and in these the mode and the owner. */
    private static final int ATTRIBUTES_OF_ENTRY = 40;

    private static final int MODE = 60;
    private static final int USER = 68;

    private static final int BLOCK = 4096;

    /** How much C's and Python's buffers take at once of a file that streams, where each piece is a question to the server. */
    private static final int STREAMING_BLOCK = 32 << 10;

    /** Where what is followed ends for the kernel, so that it asks for whatever it is to read. */
    private static final long FAR = 1L << 60;

    private Described() {}

    /** {@return where a file ends for the kernel, which goes by that for all who have it by this number} */
    static long end(long number, Attributes attributes) {
        boolean isGrowing = Nodes.isFollowed(number) && !attributes.isSettled();
        return isGrowing ? FAR : attributes.length();
    }

    /** What a lookup answers: nobody is told of a size there, but the kernel. */
    static void entry(Exchange exchange, long number, Attributes attributes) {
        exchange.put(0, number);
        exchange.put(8, 0L);
        exchange.put(16, attributes.isNamed() ? KEPT_SECONDS : 0);
        exchange.put(24, kept(number, attributes));
        exchange.put(32, 0L);
        attributes(exchange, ATTRIBUTES_OF_ENTRY, attributes, end(number, attributes));
    }

    /** Makes what was written of an entry that of a link, which is of whoever asks: one of somebody else may not be followed everywhere. */
    static void supposed(Exchange exchange) {
        exchange.put(ATTRIBUTES_OF_ENTRY + MODE, Attributes.SYMBOLIC_LINK | 0777);
        exchange.put(ATTRIBUTES_OF_ENTRY + USER, exchange.request().user());
    }

    /** The answer to a question for attributes, and to a change of them. */
    static void alone(Exchange exchange, long number, Attributes attributes, long size) {
        exchange.put(0, kept(number, attributes));
        exchange.put(8, 0L);
        attributes(exchange, 16, attributes, size);
    }

    /** Of who has followed a file nobody tells the kernel when that grows again, which it may. */
    private static long kept(long number, Attributes attributes) {
        return attributes.isSettled() && !Nodes.isFollowed(number) ? KEPT_SECONDS : 0;
    }

    private static void attributes(Exchange exchange, int at, Attributes attributes, long size) {
        exchange.put(at, attributes.inode());
        exchange.put(at + 8, size);
        exchange.put(at + 16, attributes.blocks());
        exchange.put(at + 24, attributes.accessedSeconds());
        exchange.put(at + 32, attributes.modifiedSeconds());
        exchange.put(at + 40, attributes.changedSeconds());
        exchange.put(at + 48, attributes.accessedNanos());
        exchange.put(at + 52, attributes.modifiedNanos());
        exchange.put(at + 56, attributes.changedNanos());
        exchange.put(at + MODE, attributes.mode());
        exchange.put(at + 64, attributes.links());
        exchange.put(at + USER, attributes.user());
        exchange.put(at + 72, attributes.group());
        exchange.put(at + 76, (int) attributes.device());
        exchange.put(at + 80, attributes.isStreaming() ? STREAMING_BLOCK : BLOCK);
        exchange.put(at + 84, 0);
    }
}
