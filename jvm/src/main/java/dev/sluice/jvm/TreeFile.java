package dev.sluice.jvm;

import dev.sluice.linux.Errno;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Attributes;
import dev.sluice.stream.Change;
import dev.sluice.stream.Handle;
import dev.sluice.stream.Refusal;
import dev.sluice.stream.Tree;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An open file of a tree. Safe for use by many threads; it is closed when nobody is at it any more. */
final class TreeFile implements Door.OpenFile {
    private static final int ACCESS = 3;
    private static final Pool POOL = new Pool();

    private final Tree tree;
    private final Caller caller;
    private final String path;
    private final Handle handle;
    private final boolean reads;
    private final boolean writes;
    private final boolean appends;
    private final Consumer<TreeFile> whenClosed;
    private final Users users = new Users();

    /** Opened for {@link #backing} alone, when it had none at first; guarded by this. */
    private @Nullable Handle whole;

    private volatile boolean isAbandoned;

    TreeFile(Tree tree, Caller caller, String path, Handle handle, int flags, Consumer<TreeFile> whenClosed) {
        this.tree = tree;
        this.caller = caller;
        this.path = path;
        this.handle = handle;
        int access = flags & ACCESS;
        reads = access != OpenFlag.WRITE_ONLY.bits();
        writes = access != OpenFlag.READ_ONLY.bits();
        appends = (flags & OpenFlag.APPEND.bits()) != 0;
        this.whenClosed = whenClosed;
    }

    @FunctionalInterface
    private interface Work<T extends @Nullable Object> {
        T with(Call call) throws Refusal, IOException;
    }

    private <T extends @Nullable Object> T use(Work<T> work) throws IOException {
        Call call = new Call(tree, caller, path);
        users.enter(call);
        try {
            return work.with(call);
        } catch (Refusal e) {
            throw Faults.of(e.errno(), path, null);
        } finally {
            users.leave(call);
        }
    }

    private void require(boolean may) throws IOException {
        if (!may) {
            throw Faults.of(Errno.EBADF, path, null);
        }
    }

    private static void requirePlace(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("a place in a file is not negative: " + position);
        }
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        requirePlace(position);
        require(reads);
        return use(call -> {
            if (!into.hasRemaining()) {
                return 0;
            }
            int count = into.isDirect() ? readDirect(call, into, position) : readCopied(call, into, position);
            return count == 0 ? -1 : count;
        });
    }

    /** {@return where bytes are to be read, or null when they are to be had by {@link #read} alone} */
    Tree.@Nullable Loan lend(long position, int length) throws IOException {
        requirePlace(position);
        require(reads);
        return use(call -> call.patiently(() -> tree.lend(call, handle, position, length)));
    }

    /** {@return where bytes may be written by who writes them himself, or null} */
    Tree.@Nullable Loan lendRoom(long position, int length) throws IOException {
        requirePlace(position);
        require(writes);
        return use(_ -> tree.lendRoom(handle, position, length));
    }

    /** They are written. */
    void wrote(long position, int length) throws IOException {
        use(call -> {
            tree.wrote(call, handle, position, length);
            return null;
        });
    }

    /** What was lent once is read, from one place to another. */
    void passed(long from, long to) throws IOException {
        use(_ -> {
            tree.passed(handle, from, to);
            return null;
        });
    }

    private int readDirect(Call call, ByteBuffer into, long position) throws Refusal, IOException {
        long address = MemorySegment.ofBuffer(into).address();
        int length = into.remaining();
        try {
            int count = call.patiently(() -> tree.read(call, handle, position, length, () -> address));
            into.position(into.position() + count);
            return count;
        } finally {
            Reference.reachabilityFence(into);
        }
    }

    private int readCopied(Call call, ByteBuffer into, long position) throws Refusal, IOException {
        ByteBuffer memory = POOL.take();
        try {
            memory.limit(Math.min(memory.capacity(), into.remaining()));
            int count = readDirect(call, memory, position);
            into.put(memory.flip());
            return count;
        } finally {
            POOL.giveBack(memory);
        }
    }

    @Override
    public long write(ByteBuffer from, long position) throws IOException {
        requirePlace(position);
        require(writes);
        return use(call -> {
            long at = position;
            while (from.hasRemaining()) {
                at += from.isDirect() ? writeDirect(call, from, at) : writeCopied(call, from, at);
            }
            return appends ? peek(call).size() : at;
        });
    }

    private int writeDirect(Call call, ByteBuffer from, long position) throws Refusal, IOException {
        long address = MemorySegment.ofBuffer(from).address();
        int length = from.remaining();
        try {
            int count = call.patiently(() -> tree.write(call, handle, position, length, () -> address, appends));
            from.position(from.position() + count);
            return count;
        } finally {
            Reference.reachabilityFence(from);
        }
    }

    private int writeCopied(Call call, ByteBuffer from, long position) throws Refusal, IOException {
        ByteBuffer memory = POOL.take();
        try {
            int length = Math.min(memory.capacity(), from.remaining());
            memory.put(0, from, from.position(), length).limit(length);
            int count = writeDirect(call, memory, position);
            from.position(from.position() + count);
            return count;
        } finally {
            POOL.giveBack(memory);
        }
    }

    private Attributes peek(Call call) throws Refusal {
        Attributes attributes = new Attributes();
        tree.peek(call, handle.node(), attributes);
        return attributes;
    }

    @Override
    public Door.Status status() throws IOException {
        return use(call -> TreeDoor.status(peek(call)));
    }

    @Override
    public long size() throws IOException {
        return use(call -> {
            Attributes attributes = new Attributes();
            call.patiently(() -> {
                tree.attributes(call, handle.node(), false, attributes);
                return null;
            });
            return attributes.size();
        });
    }

    @Override
    public void truncate(long size) throws IOException {
        requirePlace(size);
        require(writes);
        use(call -> {
            Change change = new Change(Change.SIZE, size, 0, 0, 0, 0, 0, 0, 0);
            return call.patiently(() -> {
                tree.change(call, handle.node(), handle, change, new Attributes());
                return null;
            });
        });
    }

    @Override
    public void change(Door.Wish wish) throws IOException {
        use(call -> call.patiently(() -> {
            tree.change(call, handle.node(), handle, wish.change(), new Attributes());
            return null;
        }));
    }

    @Override
    public void sync(boolean dataOnly) throws IOException {
        use(_ -> {
            tree.sync(handle, dataOnly);
            return null;
        });
    }

    @Override
    public @Nullable Path backing() throws IOException {
        return use(call -> {
            int fd = reads && !writes ? backing(call) : -1;
            return fd < 0 ? null : Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + fd);
        });
    }

    /** Who has opened it while it grew has none; who opens it now may have one. */
    private synchronized int backing(Call call) throws Refusal {
        if (handle.backing() >= 0 || handle.isSmall()) {
            return handle.backing();
        }
        if (whole == null) {
            Attributes attributes = peek(call);
            if (!attributes.isSettled()) {
                return -1;
            }
            whole = call.now(() -> tree.open(call, handle.node(), OpenFlag.READ_ONLY.bits()), null);
            if (whole != null && !whole.hasTheBytesOf(handle)) {
                tree.close(whole);
                whole = null;
            }
        }
        return whole == null ? -1 : whole.backing();
    }

    /** Who has it open has failed, and closes it next. */
    void abandon() {
        isAbandoned = true;
    }

    @Override
    public void close() {
        if (!users.close(AsynchronousCloseException::new)) {
            return;
        }
        whenClosed.accept(this);
        if (isAbandoned) {
            tree.abandon(handle);
        } else if (handle.isWatched()) {
            tree.closing(new Call(tree, caller, path), handle);
        }
        tree.close(handle);
        synchronized (this) {
            if (whole != null) {
                tree.close(whole);
            }
        }
    }
}
