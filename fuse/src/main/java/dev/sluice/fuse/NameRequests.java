package dev.sluice.fuse;

import static dev.sluice.fuse.Exchange.BODY;

import dev.sluice.linux.Errno;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Attributes;
import dev.sluice.stream.Handle;
import dev.sluice.stream.Node;
import dev.sluice.stream.Parked;
import dev.sluice.stream.Refusal;
import dev.sluice.stream.Tree;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The requests about names: finding, making, moving and removing files. Called by many threads. */
final class NameRequests {
    private static final List<String> PACKED = List.of(".gz", ".bz2", ".xz", ".zst", ".lz4", ".lzma", ".lz", ".Z");

    private final Tree tree;
    private final Nodes nodes;
    private final FileRequests files;
    private final Lookups lookups;

    NameRequests(Tree tree, Nodes nodes, FileRequests files, Lookups lookups) {
        this.tree = tree;
        this.nodes = nodes;
        this.files = files;
        this.lookups = lookups;
    }

    void lookup(Exchange exchange, Node parent) throws Refusal {
        String name = exchange.nameAt(BODY);
        Node found = tree.lookup(exchange.request(), parent, name);
        if (found == null) {
            exchange.refuse(Errno.ENOENT);
        } else {
            lookups.remember(exchange.request().task(), found.id());
            answer(exchange, describe(exchange, found, name));
        }
    }

    /** Answers with a file, of which the kernel knows from now on. */
    private void answer(Exchange exchange, Node node) throws Refusal {
        answer(exchange, describe(exchange, node));
    }

    private void answer(Exchange exchange, Known known) {
        if (!exchange.answer(Described.ENTRY)) {
            nodes.forget(known.number(), 1);
        }
    }

    private Known describe(Exchange exchange, Node node) throws Refusal {
        return describe(exchange, node, "");
    }

    /** Nobody calls a directory so; and who unpacks such a file in its place (gunzip, unxz) refuses to follow a link to it. */
    private static boolean isPacked(String name) {
        return PACKED.stream().anyMatch(name::endsWith);
    }

    /** Describes what was looked up by a name; an empty one is that of something that is there. */
    private Known describe(Exchange exchange, Node node, String name) throws Refusal {
        Attributes attributes = exchange.attributes();
        tree.peek(exchange.request(), node, attributes);
        boolean isSupposed = attributes.isSupposed() && !name.isEmpty() && !isPacked(name);
        Known known = isSupposed ? nodes.suppose(node, name) : nodes.tell(node, attributes.isFollowed());
        Described.entry(exchange, known.number(), attributes);
        if (isSupposed) {
            Described.supposed(exchange);
        }
        return known;
    }

    void forget(Exchange exchange) {
        nodes.forget(exchange.node(), exchange.longAt(BODY));
    }

    void forgetMany(Exchange exchange) {
        int count = exchange.intAt(BODY);
        for (int i = 0; i < count; i++) {
            long at = BODY + 8 + i * 16L;
            nodes.forget(exchange.farAt(at), exchange.farAt(at + 8));
        }
    }

    void target(Exchange exchange, Known link) throws Refusal, Parked {
        if (link.isSupposed()) {
            tree.await(exchange.request(), link.node());
            exchange.answer(link.supposedName().getBytes(StandardCharsets.ISO_8859_1));
        } else {
            exchange.answer(tree.target(link.node()));
        }
    }

    void makeSymbolicLink(Exchange exchange, Node parent) throws Refusal, Parked {
        String name = exchange.nameAt(BODY);
        String target = exchange.nameAt(BODY + name.length() + 1);
        answer(
                exchange,
                tree.makeSymbolicLink(exchange.request(), parent, name, target.getBytes(StandardCharsets.ISO_8859_1)));
    }

    void makeOther(Exchange exchange, Node parent) throws Refusal, Parked {
        int mode = exchange.intAt(BODY);
        int device = exchange.intAt(BODY + 4);
        FuseRequest request = exchange.request().with(exchange.intAt(BODY + 8));
        answer(exchange, tree.makeOther(request, parent, exchange.nameAt(BODY + 16), mode, device));
    }

    void makeDirectory(Exchange exchange, Node parent) throws Refusal, Parked {
        FuseRequest request = exchange.request().with(exchange.intAt(BODY + 4));
        answer(exchange, tree.makeDirectory(request, parent, exchange.nameAt(BODY + 8), exchange.intAt(BODY)));
    }

    void remove(Exchange exchange, Node parent) throws Refusal, Parked {
        tree.remove(exchange.request(), parent, exchange.nameAt(BODY));
        exchange.answer();
    }

    void removeDirectory(Exchange exchange, Node parent) throws Refusal, Parked {
        tree.removeDirectory(exchange.request(), parent, exchange.nameAt(BODY));
        exchange.answer();
    }

    void rename(Exchange exchange, Node parent, boolean hasFlags) throws Refusal, Parked {
        Known newParent = nodes.find(exchange.longAt(BODY));
        if (newParent == null) {
            exchange.refuse(Errno.ESTALE);
            return;
        }
        int flags = hasFlags ? exchange.intAt(BODY + 8) : 0;
        int at = hasFlags ? BODY + 16 : BODY + 8;
        String name = exchange.nameAt(at);
        String newName = exchange.nameAt(at + name.length() + 1);
        tree.rename(exchange.request(), parent, name, newParent.node(), newName, flags);
        exchange.answer();
    }

    void link(Exchange exchange, Node parent) throws Refusal, Parked {
        Known file = nodes.find(exchange.longAt(BODY));
        if (file == null) {
            exchange.refuse(Errno.ESTALE);
            return;
        }
        tree.link(exchange.request(), file.node(), parent, exchange.nameAt(BODY + 8));
        answer(exchange, file.node());
    }

    void create(Exchange exchange, Node parent) throws Refusal, Parked {
        int flags = exchange.intAt(BODY);
        int mode = exchange.intAt(BODY + 4);
        String name = exchange.nameAt(BODY + 16);
        Handle handle;
        try {
            handle = tree.create(exchange.request().with(exchange.intAt(BODY + 8)), parent, name, flags, mode);
        } catch (Refusal e) {
            if (e.errno() != Errno.EEXIST || (flags & OpenFlag.EXCLUSIVE.bits()) != 0) {
                throw e;
            }
            handle = openExisting(exchange, parent, name, flags, e); // somebody else has been quicker
        }
        answer(exchange, handle, flags);
    }

    private Handle openExisting(Exchange exchange, Node parent, String name, int flags, Refusal refusal)
            throws Refusal, Parked {
        Node node = tree.lookup(exchange.request(), parent, name);
        if (node == null) {
            throw refusal;
        }
        return tree.open(exchange.request(), node, flags & ~OpenFlag.CREATE.bits());
    }

    void createUnnamed(Exchange exchange, Node parent) throws Refusal, Parked {
        int flags = exchange.intAt(BODY);
        FuseRequest request = exchange.request().with(exchange.intAt(BODY + 8));
        answer(exchange, tree.createUnnamed(request, parent, flags, exchange.intAt(BODY + 4)), flags);
    }

    /** Answers with a file that is new and open. */
    private void answer(Exchange exchange, Handle handle, int flags) throws Refusal {
        Node node = handle.node();
        Known known;
        try {
            known = describe(exchange, node);
        } catch (Refusal e) {
            tree.close(handle);
            throw e;
        }
        long number = files.opened(exchange, known, handle, flags, Described.ENTRY);
        if (!exchange.answer(Described.ENTRY + FileRequests.OPENED)) {
            files.release(number);
            nodes.forget(known.number(), 1);
        }
    }
}
