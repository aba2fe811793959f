package dev.sluice.fuse;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Mounts;
import dev.sluice.stream.Node;
import dev.sluice.stream.Parked;
import dev.sluice.stream.Refusal;
import dev.sluice.stream.Session;
import dev.sluice.stream.Tree;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Brings the kernel's requests to a {@link Tree}. Called by many threads. */
final class Door implements Service {
    private final Tree tree;
    private final Mount.Callers callers;
    private final Tier tier;
    private final Nodes nodes;
    private final NameRequests names;
    private final FileRequests files;
    private final AttributeRequests attributes;
    private final Lookups lookups = new Lookups();
    private final ListingRequests listings;
    private volatile boolean passes;

    Door(Tree tree, Mount.Callers callers, Tier tier) {
        this.tree = tree;
        this.callers = callers;
        this.tier = tier;
        nodes = new Nodes(tree.root());
        files = new FileRequests(tree);
        names = new NameRequests(tree, nodes, files, lookups);
        attributes = new AttributeRequests(tree, files, lookups);
        listings = new ListingRequests(tree, nodes);
    }

    /** May the kernel move bytes by itself? */
    boolean passes() {
        return passes;
    }

    Nodes nodes() {
        return nodes;
    }

    @Override
    public void agreed(Agreement agreement, Device device) {
        // The device itself is no ordinary file: that is refused only where ordinary ones would be taken.
        passes = tier != Tier.COPY
                && agreement.passesThrough()
                && Mounts.openBacking(device.fd(), device.fd()) == Errno.EINVAL.negated();
        files.agreed(device, passes);
    }

    @Override
    public void checkTier(Path directory) throws FileSystemException {
        if (tier == Tier.PASSTHROUGH && !passes) {
            throw new FileSystemException(
                    directory.toString(),
                    null,
                    "mounting in the tier passthrough failed: it needs Linux 6.9 or later, and the right to"
                            + " administrate (root); use the tier auto or copy");
        }
    }

    @Override
    public @Nullable Session session(int task) {
        return callers.session(task);
    }

    @Override
    public LongStream numbers(Node node) {
        return nodes.numbers(node);
    }

    @Override
    public boolean cancel(FuseRequest request) {
        return tree.cancel(request);
    }

    @Override
    public void ended() {
        files.closeAll();
        listings.closeAll();
    }

    @Override
    public boolean serve(Exchange exchange) {
        try {
            dispatch(exchange);
            return true;
        } catch (Refusal e) {
            exchange.refuse(e.errno());
            return true;
        } catch (Parked e) {
            return false;
        }
    }

    private void dispatch(Exchange exchange) throws Refusal, Parked {
        switch (exchange.request().opcode()) {
            case Opcode.FORGET -> names.forget(exchange);
            case Opcode.BATCH_FORGET -> names.forgetMany(exchange);
            case Opcode.STATFS -> attributes.space(exchange);
            case Opcode.READ,
                    Opcode.WRITE,
                    Opcode.FLUSH,
                    Opcode.FSYNC,
                    Opcode.FALLOCATE,
                    Opcode.LSEEK,
                    Opcode.COPY_FILE_RANGE -> ofFile(exchange);
            case Opcode.RELEASE -> files.release(exchange);
            case Opcode.READDIR -> listings.list(exchange, false);
            case Opcode.READDIRPLUS -> listings.list(exchange, true);
            case Opcode.RELEASEDIR -> listings.release(exchange);
            case Opcode.FSYNCDIR -> exchange.answer();
            case Opcode.IOCTL -> exchange.refuse(Errno.ENOTTY);
            default -> ofNode(exchange);
        }
    }

    private void ofFile(Exchange exchange) throws Refusal, Parked {
        OpenFile file = files.find(exchange.longAt(Exchange.BODY));
        if (file == null) {
            exchange.refuse(Errno.EBADF);
            return;
        }
        switch (exchange.request().opcode()) {
            case Opcode.READ -> files.read(exchange, file);
            case Opcode.WRITE -> files.write(exchange, file);
            case Opcode.FLUSH -> files.closing(exchange, file);
            case Opcode.FSYNC -> files.sync(exchange, file);
            case Opcode.FALLOCATE -> files.allocate(exchange, file);
            case Opcode.LSEEK -> files.seek(exchange, file);
            default -> files.copy(exchange, file);
        }
    }

    private void ofNode(Exchange exchange) throws Refusal, Parked {
        Known known = nodes.find(exchange.node());
        if (known == null) {
            exchange.refuse(Errno.ESTALE);
            return;
        }
        Node node = known.node();
        int opcode = exchange.request().opcode();
        if (opcode != Opcode.LOOKUP && opcode != Opcode.GETATTR) {
            lookups.forget(exchange.request().task());
        }
        switch (opcode) {
            case Opcode.LOOKUP -> names.lookup(exchange, node);
            case Opcode.GETATTR -> attributes.get(exchange, known);
            case Opcode.SETATTR -> attributes.set(exchange, known);
            case Opcode.READLINK -> names.target(exchange, known);
            case Opcode.SYMLINK -> names.makeSymbolicLink(exchange, node);
            case Opcode.MKNOD -> names.makeOther(exchange, node);
            case Opcode.MKDIR -> names.makeDirectory(exchange, node);
            case Opcode.UNLINK -> names.remove(exchange, node);
            case Opcode.RMDIR -> names.removeDirectory(exchange, node);
            case Opcode.RENAME -> names.rename(exchange, node, false);
            case Opcode.RENAME2 -> names.rename(exchange, node, true);
            case Opcode.LINK -> names.link(exchange, node);
            case Opcode.CREATE -> names.create(exchange, node);
            case Opcode.TMPFILE -> names.createUnnamed(exchange, node);
            case Opcode.OPEN -> files.open(exchange, known);
            case Opcode.OPENDIR -> listings.open(exchange, node);
            case Opcode.ACCESS -> attributes.access(exchange, node);
            case Opcode.SETXATTR -> attributes.setExtended(exchange, node);
            case Opcode.GETXATTR -> attributes.extended(exchange, node);
            case Opcode.LISTXATTR -> attributes.listExtended(exchange, node);
            case Opcode.REMOVEXATTR -> attributes.removeExtended(exchange, node);
            default -> exchange.refuse(Errno.ENOSYS);
        }
    }
}
