package dev.sluice.stream;

import static dev.sluice.stream.Underlying.bytes;
import static dev.sluice.stream.Underlying.check;

import dev.sluice.linux.Attributes;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Metadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what. The kernel does not ask it of us, because asking a file's attributes may wait; so it is asked here, as the
 * kernel would. Owned by the workflow's lock.
 */
final class Permissions {
    static final int READ = 4;
    static final int WRITE = 2;
    static final int EXECUTE = 1;
    private static final int OWNER_SHIFT = 6;
    private static final int GROUP_SHIFT = 3;
    private static final int STICKY = 01000;
    private static final int EXECUTABLE = 0111;
    private static final int US = user();

    private final Underlying underlying;
    private final Attributes seen = new Attributes();

    Permissions(Underlying underlying) {
        this.underlying = underlying;
    }

    private static int user() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException | RuntimeException e) {
            return -1; // then every owner is set, also where it is ours
        }
    }

    /** Does what is made belong to its owner already, without more ado? */
    static boolean isOurs(Request request) {
        return request.user() == US && US != 0;
    }

    /** Gives what was made below to who asked for it. */
    static void give(int folder, String name, Request request, int group, int mode) throws Refusal {
        if (!isOurs(request)) {
            check(Metadata.setOwner(folder, bytes(name), request.user(), group));
        }
        check(Metadata.setMode(folder, bytes(name), mode));
    }

    /**
     * Can we put another file in the place of one, with the same owner and group, as whoever asks could write it?
     *
     * @param was what that file is like
     */
    boolean mayReplace(Request request, Directory parent, Attributes was) throws Refusal {
        if (US == 0) {
            return true;
        }
        ask(parent);
        return was.user() == US
                && isIn(request, was.group())
                && grants(request, seen.mode(), seen.user(), seen.group(), WRITE | EXECUTE);
    }

    /** Is who asks a member of a group? */
    private static boolean isIn(Request request, int group) {
        return isRoot(request) || request.group() == group || hasGroup(request, group);
    }

    private static boolean isRoot(Request request) {
        return request.user() == 0;
    }

    void search(Request request, Directory directory) throws Refusal {
        require(request, directory, EXECUTE);
    }

    /** May it make, move and remove names in a directory? */
    void change(Request request, Directory directory) throws Refusal {
        require(request, directory, WRITE | EXECUTE);
    }

    private void ask(Directory directory) throws Refusal {
        check(seen.ask(underlying.folder(directory)));
    }

    void require(Request request, Node node, int wanted) throws Refusal {
        boolean isPlainUse = isRoot(request) && (wanted & EXECUTE) == 0;
        if (isPlainUse || (isRoot(request) && node instanceof Directory)) {
            return;
        }
        reach(request, node);
        switch (node) {
            case Directory directory -> {
                if (!Naming.isThere(directory) || directory.parent == null) {
                    return; // nothing is in it, and nothing will be made in it
                }
                ask(directory);
                require(request, seen.mode(), seen.user(), seen.group(), wanted);
            }
            case RegularFile file -> {
                if (file.content != null) {
                    require(request, file.mode, file.user, file.group, wanted);
                } else if (!file.links.isEmpty()) {
                    RegularFile.Link link = file.links.getFirst();
                    check(seen.ask(underlying.folder(link.parent()), bytes(link.name())));
                    require(request, seen.mode(), seen.user(), seen.group(), wanted);
                } else if (Openings.descriptor(file, null) >= 0) {
                    check(seen.ask(Openings.descriptor(file, null)));
                    require(request, seen.mode(), seen.user(), seen.group(), wanted);
                }
            }
            case OtherFile other -> {
                RegularFile.Link link = other.link();
                if (link != null) {
                    check(seen.ask(underlying.folder(link.parent()), bytes(link.name())));
                    require(request, seen.mode(), seen.user(), seen.group(), wanted);
                }
            }
        }
    }

    /** May it search the directories that a node is in? The kernel, which keeps names, has not asked for each of them again. */
    private void reach(Request request, Node node) throws Refusal {
        if (isRoot(request)) {
            return;
        }
        switch (node) {
            case Directory directory -> {
                if (!directory.isRoot()) {
                    searchAll(request, directory.parent);
                }
            }
            case OtherFile other -> reach(request, other.links);
            case RegularFile file -> reach(request, file.links);
        }
    }

    /** By one of its names, which is enough. */
    private void reach(Request request, List<RegularFile.Link> links) throws Refusal {
        Refusal refused = null;
        for (RegularFile.Link link : links) {
            try {
                searchAll(request, link.parent());
                return;
            } catch (Refusal e) {
                refused = e;
            }
        }
        if (refused != null) {
            throw refused;
        }
    }

    private void searchAll(Request request, @Nullable Directory from) throws Refusal {
        Directory at = from;
        while (at != null && Naming.isThere(at)) {
            ask(at);
            require(request, seen.mode(), seen.user(), seen.group(), EXECUTE);
            at = at.isRoot() ? null : at.parent;
        }
    }

    private static void require(Request request, int mode, int owner, int group, int wanted) throws Refusal {
        if (!grants(request, mode, owner, group, wanted)) {
            throw Refusal.of(Errno.EACCES);
        }
    }

    private static boolean grants(Request request, int mode, int owner, int group, int wanted) {
        if (isRoot(request)) {
            return (wanted & EXECUTE) == 0 || (mode & EXECUTABLE) != 0;
        }
        int granted;
        if (request.user() == owner) {
            granted = mode >> OWNER_SHIFT;
        } else if (isIn(request, group)) {
            granted = mode >> GROUP_SHIFT;
        } else {
            granted = mode;
        }
        return (granted & wanted) == wanted;
    }

    /** In a directory that is everybody's, only its owner may remove a file. */
    void sticky(Request request, Directory parent, Node node) throws Refusal {
        if (isRoot(request)) {
            return;
        }
        ask(parent);
        if ((seen.mode() & STICKY) != 0 && seen.user() != request.user() && owner(node) != request.user()) {
            throw Refusal.of(Errno.EPERM);
        }
    }

    /** May it change mode and times? */
    void own(Request request, Node node) throws Refusal {
        if (!isRoot(request) && owner(node) != request.user()) {
            throw Refusal.of(Errno.EPERM);
        }
    }

    /** May it say that it is new? Its owner may, and who may write it. */
    void touch(Request request, Node node) throws Refusal {
        if (!isRoot(request) && owner(node) != request.user()) {
            require(request, node, WRITE);
        }
    }

    /** May its owner give it to a group? To one of his own, or it stays where it is. */
    boolean mayHaveGroup(Request request, Node node, int group) throws Refusal {
        return isIn(request, group) || group == group(node);
    }

    /** Is who asks a member of a file's group? Else its set-group bit is not his to give. */
    boolean isInGroupOf(Request request, Node node) throws Refusal {
        return isIn(request, group(node));
    }

    private int group(Node node) throws Refusal {
        int _ = owner(node);
        boolean isHere = node instanceof RegularFile file && (file.content != null || file.links.isEmpty());
        return isHere ? ((RegularFile) node).group : seen.group();
    }

    private int owner(Node node) throws Refusal {
        switch (node) {
            case Directory directory -> ask(directory);
            case RegularFile file -> {
                if (file.content != null || file.links.isEmpty()) {
                    return file.user;
                }
                RegularFile.Link link = file.links.getFirst();
                check(seen.ask(underlying.folder(link.parent()), bytes(link.name())));
            }
            case OtherFile other -> {
                RegularFile.Link link = other.link();
                if (link == null) {
                    throw Refusal.of(Errno.ENOENT);
                }
                check(seen.ask(underlying.folder(link.parent()), bytes(link.name())));
            }
        }
        return seen.user();
    }

    private static boolean hasGroup(Request request, int group) {
        String wanted = Integer.toUnsignedString(group);
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/" + request.task() + "/status"));
            for (String line : lines) {
                if (line.startsWith("Groups:")) {
                    return List.of(line.substring("Groups:".length()).trim().split(" "))
                            .contains(wanted);
                }
            }
        } catch (IOException e) {
            // The process has ended: it has no groups.
        }
        return false;
    }
}
