package dev.sluice.jvm;

import dev.sluice.linux.Errno;
import dev.sluice.stream.Attributes;
import dev.sluice.stream.Node;
import dev.sluice.stream.Refusal;
import dev.sluice.stream.Tree;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes a path of the managed directory from name to name, as the kernel would: with symbolic links, and {@code ..} of where
 * these lead. On its way it waits for a name of which nobody knows yet what it will be. Used once, by one thread.
 */
final class Walk {
    private static final int MOST_LINKS = 40;

    /**
     * Where a path has led.
     *
     * @param parent the directory of its last name
     * @param name its last name, as trees have it; empty when there is none, as of the managed directory itself
     * @param node what it leads to, or null when there is nothing of that name
     * @param path its path without links and dots
     */
    record Place(Node parent, String name, @Nullable Node node, String path) {
        /** {@return what is there} */
        Node there(String asked) throws NoSuchFileException {
            if (node == null) {
                throw new NoSuchFileException(asked);
            }
            return node;
        }
    }

    private record Room(Node directory, String name) {}

    private final Tree tree;
    private final Call call;
    private final Path root;
    private final String asked;
    private final Deque<String> ahead = new ArrayDeque<>();

    /** The directories from the root on. */
    private final List<Room> behind = new ArrayList<>();

    private int links;
    private boolean isPatient = true;

    Walk(Tree tree, Call call, Path root, String asked) {
        this.tree = tree;
        this.call = call;
        this.root = root;
        this.asked = asked;
        behind.add(new Room(tree.root(), ""));
        push(asked);
    }

    /** What would have to be waited for on the way is not there. */
    Walk atOnce() {
        isPatient = false;
        return this;
    }

    private void push(String path) {
        String[] names = path.split("/", -1);
        for (int i = names.length - 1; i >= 0; i--) {
            if (!names[i].isEmpty()) {
                ahead.push(names[i]);
            }
        }
    }

    Place go(boolean followsLast) throws Refusal, IOException {
        while (!ahead.isEmpty()) {
            String name = ahead.pop();
            if (name.equals("..")) {
                up();
            } else if (!name.equals(".")) {
                Place end = enter(name, followsLast);
                if (end != null) {
                    return end;
                }
            }
        }
        Room last = behind.getLast();
        Room parent = behind.size() == 1 ? last : behind.get(behind.size() - 2);
        return new Place(
                parent.directory, behind.size() == 1 ? "" : Names.toTree(last.name), last.directory, path(null));
    }

    /** {@return the end of the path, if it is there} */
    private @Nullable Place enter(String name, boolean followsLast) throws Refusal, IOException {
        boolean isLast = ahead.isEmpty();
        Node parent = behind.getLast().directory;
        String treeName = Names.toTree(name);
        Node found = tree.lookup(call, parent, treeName);
        if (found == null) {
            if (isLast) {
                return new Place(parent, treeName, null, path(name));
            }
            throw new NoSuchFileException(asked);
        }
        if (found.isDirectory()) {
            behind.add(new Room(found, name));
            return null;
        }
        byte[] target = isLast && !followsLast ? null : target(found);
        if (target == null) {
            if (isLast) {
                return new Place(parent, treeName, found, path(name));
            }
            if (!isUnknown(tree, call, found)) {
                throw new NotDirectoryException(asked);
            }
            if (!isPatient) {
                throw new NoSuchFileException(asked);
            }
            await(tree, call, found);
            ahead.push(name);
            return null;
        }
        if (++links > MOST_LINKS) {
            throw new FileSystemLoopException(asked);
        }
        follow(Names.text(target));
        return null;
    }

    /**
     * Is it a name that nobody has made yet, and of which the flow speaks by a pattern only? Then a file may come, as the node
     * says, or a directory, or a link.
     */
    static boolean isUnknown(Tree tree, Call call, Node node) throws Refusal {
        if (!node.isRegular()) {
            return false;
        }
        Attributes attributes = new Attributes();
        tree.peek(call, node, attributes);
        return attributes.isSupposed();
    }

    /** Waits until there is something of such a name, which is to be looked up again then. */
    static void await(Tree tree, Call call, Node node) throws Refusal, IOException {
        call.patiently(() -> {
            tree.await(call, node);
            return null;
        });
    }

    private byte @Nullable [] target(Node node) throws Refusal {
        if (node.isRegular()) {
            return null;
        }
        try {
            return tree.target(node);
        } catch (Refusal e) {
            if (e.errno() == Errno.EINVAL) {
                return null; // a pipe, a socket, a device
            }
            throw e;
        }
    }

    private void follow(String target) throws IOException {
        push(target);
        if (target.startsWith("/")) {
            behind.subList(1, behind.size()).clear();
            outside(Path.of("/"));
        }
    }

    private void up() throws IOException {
        if (behind.size() > 1) {
            behind.removeLast();
            return;
        }
        Path parent = root.getParent();
        if (parent != null) {
            outside(parent);
        }
    }

    /**
     * Goes on outside, as long as that may lead back in: the directories above have no links among them, so {@code ..} is what
     * it seems to be.
     */
    private void outside(Path from) throws IOException {
        Path at = from;
        while (!at.equals(root)) {
            String name = ahead.poll();
            if (name == null || !root.startsWith(at)) {
                throw leadsOutside(at, name);
            }
            if (name.equals("..")) {
                Path parent = at.getParent();
                at = parent == null ? at : parent;
            } else if (!name.equals(".")) {
                at = at.resolve(name);
            }
        }
    }

    private Door.LeadsOutside leadsOutside(Path at, @Nullable String next) {
        Path outside = next == null ? at : at.resolve(next);
        for (String name : ahead) {
            outside = outside.resolve(name);
        }
        return new Door.LeadsOutside(asked, outside);
    }

    private String path(@Nullable String name) {
        StringBuilder path = new StringBuilder();
        for (Room room : behind.subList(1, behind.size())) {
            path.append(path.isEmpty() ? "" : "/").append(room.name);
        }
        if (name != null) {
            path.append(path.isEmpty() ? "" : "/").append(name);
        }
        return path.toString();
    }
}
