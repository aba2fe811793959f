package dev.sluice.jvm;

import dev.sluice.stream.Refusal;
import dev.sluice.stream.Tree;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A listing of a directory of a tree; one thread at a time, but it may be closed by any. */
final class TreeListing implements Door.Listing {
    /** So many entries are asked for at once. */
    private static final int SOME = 256;

    private final Tree tree;
    private final Caller caller;
    private final String path;
    private final dev.sluice.stream.Listing listing;
    private final Consumer<TreeListing> whenClosed;
    private final Deque<String> names = new ArrayDeque<>();
    private final Users users = new Users();
    private long cookie;
    private boolean isOver;

    TreeListing(
            Tree tree,
            Caller caller,
            String path,
            dev.sluice.stream.Listing listing,
            Consumer<TreeListing> whenClosed) {
        this.tree = tree;
        this.caller = caller;
        this.path = path;
        this.listing = listing;
        this.whenClosed = whenClosed;
    }

    @Override
    public @Nullable String next() throws IOException {
        while (names.isEmpty() && !isOver) {
            fill();
        }
        return names.poll();
    }

    /** {@return how many names there are before the next ones have to be asked for, and perhaps waited for} */
    int atHand() {
        return names.size();
    }

    private void fill() throws IOException {
        Call call = new Call(tree, caller, path);
        users.enter(call);
        try {
            long before = cookie;
            int[] room = {SOME};
            call.patiently(() -> {
                tree.list(call, listing, cookie, (name, _, _, next) -> {
                    if (room[0]-- == 0) {
                        return false;
                    }
                    cookie = next;
                    if (!name.equals(".") && !name.equals("..")) {
                        names.add(Names.ofTree(name));
                    }
                    return true;
                });
                return null;
            });
            isOver = cookie == before;
        } catch (Refusal e) {
            throw Faults.of(e.errno(), path, null);
        } finally {
            users.leave(call);
        }
    }

    @Override
    public void close() {
        if (users.close(ClosedChannelException::new)) {
            whenClosed.accept(this);
            tree.close(listing);
        }
    }
}
