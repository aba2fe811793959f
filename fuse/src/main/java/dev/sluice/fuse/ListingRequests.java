package dev.sluice.fuse;

import static dev.sluice.fuse.Exchange.BODY;

import dev.sluice.linux.Errno;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Attributes;
import dev.sluice.stream.Listing;
import dev.sluice.stream.Node;
import dev.sluice.stream.Parked;
import dev.sluice.stream.Refusal;
import dev.sluice.stream.Tree;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The requests about listing directories. Called by many threads. */
final class ListingRequests {
    private final Tree tree;
    private final Nodes nodes;
    private final Slots<Listing> open = new Slots<>();

    ListingRequests(Tree tree, Nodes nodes) {
        this.tree = tree;
        this.nodes = nodes;
    }

    /** The kernel lets nobody make something in a directory while it lists that: so who lists it waits before. */
    void open(Exchange exchange, Node directory) throws Refusal, Parked {
        long number = open.add(begin(exchange, directory));
        exchange.put(0, number);
        exchange.put(8, 0L);
        if (!exchange.answer(FileRequests.OPENED)) {
            close(number);
        }
    }

    private Listing begin(Exchange exchange, Node directory) throws Refusal, Parked {
        FuseRequest request = exchange.request();
        if ((exchange.intAt(BODY) & OpenFlag.DIRECTORY.bits()) == 0) {
            Attributes attributes = exchange.attributes();
            tree.peek(request, directory, attributes);
            if (!attributes.isSettled() && Jvms.isBeginning(request.task())) {
                return tree.openDirectoryAsItIs(request, directory);
            }
        }
        return tree.openWholeDirectory(request, directory);
    }

    void release(Exchange exchange) {
        close(exchange.longAt(BODY));
        exchange.answer();
    }

    private void close(long number) {
        Listing listing = open.remove(number);
        if (listing != null) {
            tree.close(listing);
        }
    }

    void closeAll() {
        open.removeAll().forEach(tree::close);
    }

    /** Answers with as many entries as there is room for; with attributes, as far as these can be told now. */
    void list(Exchange exchange, boolean withAttributes) throws Refusal, Parked {
        Listing listing = open.find(exchange.longAt(BODY));
        if (listing == null) {
            exchange.refuse(Errno.EBADF);
            return;
        }
        int room = Math.min(exchange.intAt(BODY + 16), Exchange.MOST);
        Page page = new Page(exchange, room, withAttributes);
        tree.list(exchange.request(), listing, exchange.longAt(BODY + 8), page);
        if (withAttributes) {
            page.describe(listing.node());
        }
        if (!exchange.answerBody(page.length) && withAttributes) {
            page.forget();
        }
    }

    /** The entries of one answer. */
    private final class Page implements Listing.Visitor {
        private static final int HEAD = 24;

        private final Exchange exchange;
        private final int room;
        private final int before;
        int length;

        Page(Exchange exchange, int room, boolean withAttributes) {
            this.exchange = exchange;
            this.room = room;
            before = withAttributes ? Described.ENTRY : 0;
        }

        @Override
        public boolean entry(String name, int type, long inode, long next) {
            int size = before + HEAD + padded(name.length());
            if (length + size > room) {
                return false;
            }
            exchange.clear(Described.ENTRY + HEAD);
            exchange.put(before, inode);
            exchange.put(before + 8, next);
            exchange.put(before + 16, name.length());
            exchange.put(before + 20, type >>> 12);
            exchange.move(before + HEAD, length);
            byte[] bytes = Arrays.copyOf(name.getBytes(StandardCharsets.ISO_8859_1), padded(name.length()));
            MemorySegment.copy(bytes, 0, exchange.body(), ValueLayout.JAVA_BYTE, length + before + HEAD, bytes.length);
            length += size;
            return true;
        }

        /** Adds what each file is like, and tells the kernel of it; where that cannot be told, the kernel will ask. */
        void describe(Node directory) {
            Attributes attributes = exchange.attributes();
            for (int at = 0; at < length; at = next(at)) {
                String name = name(at);
                if (name.equals(".") || name.equals("..")) {
                    continue;
                }
                try {
                    Node node = tree.lookup(exchange.request(), directory, name);
                    if (node != null) {
                        tree.peek(exchange.request(), node, attributes);
                        Known known = nodes.tell(node, attributes.isFollowed());
                        Described.entry(exchange, known.number(), attributes);
                        exchange.move(Described.ENTRY, at);
                    }
                } catch (Refusal e) {
                    // It has gone meanwhile.
                }
            }
        }

        private String name(int at) {
            return new String(
                    exchange.body().asSlice(at + before + HEAD, nameLength(at)).toArray(ValueLayout.JAVA_BYTE),
                    StandardCharsets.ISO_8859_1);
        }

        private static int padded(int length) {
            return (length + 7) & -8;
        }

        private int nameLength(int at) {
            return exchange.body().get(ValueLayout.JAVA_INT, at + before + 16L);
        }

        private int next(int at) {
            return at + before + HEAD + padded(nameLength(at));
        }

        /** The kernel has not taken the answer. */
        void forget() {
            for (int at = 0; at < length; at = next(at)) {
                long number = exchange.body().get(ValueLayout.JAVA_LONG, at);
                if (number != 0) {
                    nodes.forget(number, 1);
                }
            }
        }
    }
}
