package dev.sluice.fuse;

import static dev.sluice.fuse.Exchange.BODY;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Metadata;
import dev.sluice.stream.Attributes;
import dev.sluice.stream.Change;
import dev.sluice.stream.Handle;
import dev.sluice.stream.Node;
import dev.sluice.stream.Parked;
import dev.sluice.stream.Refusal;
import dev.sluice.stream.Tree;
import java.nio.file.FileSystemException;

/** The requests about what files are like: attributes, plain and extended, and the space there is. Called by many threads. */
final class AttributeRequests {
    private static final int BY_HANDLE = 1;
    private static final int CHANGE_BY_HANDLE = 1 << 6;
    private static final int CHANGE_KILLS_SET_ID = 1 << 11;
    private static final int CHANGES = Change.MODE
            | Change.USER
            | Change.GROUP
            | Change.SIZE
            | Change.ACCESSED
            | Change.MODIFIED
            | Change.ACCESSED_NOW
            | Change.MODIFIED_NOW;
    private static final int SPACE = 80;
    /** The kernel asks for it before the first write of each file; from this mount it would give no rights anyhow. */
    private static final String CAPABILITY = "security.capability";

    private static final String ACL = "system.posix_acl_";

    private final Tree tree;
    private final FileRequests files;
    private final Lookups lookups;

    AttributeRequests(Tree tree, FileRequests files, Lookups lookups) {
        this.tree = tree;
        this.files = files;
        this.lookups = lookups;
    }

    /**
     * Asked by a name, by a descriptor, or for where a file ends (only then with a handle): but for a descriptor's, a size
     * has to be final. A JVM that asks for an end wants to know what it can read at once, and gets the end of what there is, when
     * that is something.
     */
    void get(Exchange exchange, Known known) throws Refusal, Parked {
        Node node = known.node();
        FuseRequest request = exchange.request();
        Attributes attributes = exchange.attributes();
        boolean hasHandle = (exchange.intAt(BODY) & BY_HANDLE) != 0;
        OpenFile open = hasHandle ? files.find(exchange.longAt(BODY + 8)) : null;
        if (open != null && !open.handle().follows()) {
            // Who has opened it when it was complete goes by what there is. The kernel holds its lock, which its writer
            // needs.
            tree.peek(request, node, attributes);
            Described.alone(exchange, known.number(), attributes, attributes.length());
            exchange.answer(Described.ATTRIBUTES);
            return;
        }
        if (open != null) {
            tree.attributes(request, open.handle(), open.behind(request.task()), attributes);
        } else {
            boolean isOpen = !hasHandle && !lookups.isLast(request.task(), node.id());
            tree.attributes(request, node, isOpen, attributes);
        }
        lookups.forget(request.task());
        if (known.isSupposed()) {
            exchange.refuse(Errno.ESTALE); // the kernel looks the name up again, and finds what has come
            return;
        }
        long size = open == null ? attributes.size() : attributes.length();
        if (open == null && size != Described.end(known.number(), attributes)) {
            // What it has forgotten since the question came it does not take from the answer, but hands on. Else it
            // would end there what it reads by itself, and cut what others have mapped.
            boolean _ = request.device().forget(known.number(), Device.NO_BYTES);
        }
        Described.alone(exchange, known.number(), attributes, size);
        exchange.answer(Described.ATTRIBUTES);
    }

    void set(Exchange exchange, Known known) throws Refusal, Parked {
        int valid = exchange.intAt(BODY);
        OpenFile file = (valid & CHANGE_BY_HANDLE) == 0 ? null : files.find(exchange.longAt(BODY + 8));
        Handle handle = file == null ? null : file.handle();
        Change change = new Change(
                valid & CHANGES,
                exchange.longAt(BODY + 16),
                exchange.intAt(BODY + 68),
                exchange.intAt(BODY + 76),
                exchange.intAt(BODY + 80),
                exchange.longAt(BODY + 32),
                exchange.intAt(BODY + 56),
                exchange.longAt(BODY + 40),
                exchange.intAt(BODY + 60));
        Attributes attributes = exchange.attributes();
        if ((valid & CHANGE_KILLS_SET_ID) != 0) {
            tree.killSetId(known.node());
        }
        tree.change(exchange.request(), known.node(), handle, change, attributes);
        // Nobody is told of the size, but the kernel.
        Described.alone(exchange, known.number(), attributes, Described.end(known.number(), attributes));
        exchange.answer(Described.ATTRIBUTES);
    }

    void access(Exchange exchange, Node node) throws Refusal, Parked {
        tree.access(exchange.request(), node, exchange.intAt(BODY) & 7);
        exchange.answer();
    }

    void space(Exchange exchange) throws Refusal {
        Metadata.Space space;
        try {
            space = Metadata.space(tree.descriptor(), "the managed directory");
        } catch (FileSystemException e) {
            exchange.refuse(Errno.EIO);
            return;
        }
        exchange.clear(SPACE);
        exchange.put(0, space.blocks());
        exchange.put(8, space.free());
        exchange.put(16, space.available());
        exchange.put(24, space.files());
        exchange.put(32, space.freeFiles());
        exchange.put(40, (int) space.blockSize());
        exchange.put(44, (int) space.nameLength());
        exchange.put(48, (int) space.unit());
        exchange.answer(SPACE);
    }

    void setExtended(Exchange exchange, Node node) throws Refusal {
        int size = exchange.intAt(BODY);
        int flags = exchange.intAt(BODY + 4);
        String name = exchange.nameAt(BODY + 8);
        if (name.startsWith(ACL)) {
            exchange.refuse(Errno.EOPNOTSUPP);
            return;
        }
        byte[] value = exchange.bytesAt(BODY + 8 + name.length() + 1L, size);
        tree.setAttribute(exchange.request(), node, name, value, flags);
        exchange.answer();
    }

    void extended(Exchange exchange, Node node) throws Refusal {
        String name = exchange.nameAt(BODY + 8);
        if (name.startsWith(ACL)) {
            exchange.refuse(Errno.EOPNOTSUPP);
        } else if (name.equals(CAPABILITY)) {
            exchange.refuse(Errno.ENODATA);
        } else {
            answer(exchange, tree.attribute(node, name));
        }
    }

    void listExtended(Exchange exchange, Node node) throws Refusal {
        answer(exchange, tree.attributeNames(node));
    }

    /** Answers with the bytes, or with their number when that is what was asked. */
    private static void answer(Exchange exchange, byte[] value) {
        int room = exchange.intAt(BODY);
        if (room == 0) {
            exchange.put(0, value.length);
            exchange.put(4, 0);
            exchange.answer(8);
        } else if (value.length > room) {
            exchange.refuse(Errno.ERANGE);
        } else {
            exchange.answer(value);
        }
    }

    void removeExtended(Exchange exchange, Node node) throws Refusal {
        tree.removeAttribute(exchange.request(), node, exchange.nameAt(BODY));
        exchange.answer();
    }
}
