package dev.sluice.stream;

import static dev.sluice.stream.Underlying.bytes;
import static dev.sluice.stream.Underlying.check;

import dev.sluice.language.FireRule;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Metadata;
import dev.sluice.linux.Names;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Gate.Role;
import org.jspecify.annotations.Nullable;

/** What files show of themselves, and how that is changed: attributes, plain and extended. Owned by the workflow's lock. */
final class Shown {
    private static final int BLOCK = 512;
    private static final int SET_USER = 04000;
    private static final int SET_GROUP = 02000;
    private static final int GROUP_EXECUTES = 010;
    private static final int PERMISSIONS = 07777;
    private static final int DIRECTORY_MODE = 0755;
    private static final int FILE_MODE = 0644;

    private final Underlying underlying;
    private final Permissions permissions;
    private final Bytes bytes;
    private final dev.sluice.linux.Attributes seen = new dev.sluice.linux.Attributes();

    Shown(Underlying underlying, Permissions permissions, Bytes bytes) {
        this.underlying = underlying;
        this.permissions = permissions;
        this.bytes = bytes;
    }

    /** Fills in what a file is like now. */
    void fill(Node node, @Nullable Session session, Attributes into) throws Refusal {
        Stream stream = Tree.stream(node);
        if (node instanceof RegularFile file && file.content != null) {
            bytes.lending().absorb(file);
            ofMemory(file, into);
        } else if (stream != null && isAbsent(stream)) {
            ofExpected(node, into);
        } else {
            ofSeen(asked(node), into);
            into.links = hasName(node) ? into.links : 0;
            if (node instanceof Directory directory) {
                directory.fill(into, stream != null && stream.isReadBy(session));
            }
        }
        into.inode = node.id;
        into.settled = stream == null || (stream.isSettled() && stream.phase != Gate.Phase.MISSING);
        into.named = stream == null || into.settled || isThere(stream);
        into.streaming =
                stream != null && !into.settled && node instanceof RegularFile && stream.fire() == FireRule.NO_UPDATE;
        into.length = into.size;
        into.supposed = stream != null && stream.isSupposed && isAbsent(stream) && node instanceof RegularFile;
        into.followed = false;
        if (stream != null && !into.settled && node instanceof RegularFile && stream.role(session) == Role.CONSUMER) {
            into.followed = into.streaming;
            into.size = 0; // as files of /proc do whose size nobody knows; programs then read up to the end
        }
    }

    /** Something that is there; who is to wait for it under this fire rule does so however he has come to it. */
    private static boolean isThere(Stream stream) {
        return !isAbsent(stream) && !stream.isGone && stream.fire() == FireRule.UPDATE;
    }

    private static boolean isAbsent(Stream stream) {
        return stream.phase == Gate.Phase.EXPECTED || stream.phase == Gate.Phase.MISSING;
    }

    private static void ofMemory(RegularFile file, Attributes into) {
        into.mode = file.mode;
        into.links = file.links.size();
        into.user = file.user;
        into.group = file.group;
        into.size = file.size;
        Content content = file.content;
        into.blocks = content == null ? 0 : (content.taken(file.size) + BLOCK - 1) / BLOCK;
        into.device = 0;
        into.accessedSeconds = Times.seconds(file.times.accessed);
        into.accessedNanos = Times.nanos(file.times.accessed);
        into.modifiedSeconds = Times.seconds(file.times.modified);
        into.modifiedNanos = Times.nanos(file.times.modified);
        into.changedSeconds = Times.seconds(file.times.changed);
        into.changedNanos = Times.nanos(file.times.changed);
    }

    private static void ofExpected(Node node, Attributes into) {
        into.mode = node.isDirectory() ? Attributes.DIRECTORY | DIRECTORY_MODE : Attributes.REGULAR | FILE_MODE;
        into.links = 1;
        into.user = 0;
        into.group = 0;
        into.size = 0;
        into.blocks = 0;
        into.device = 0;
        into.accessedSeconds = 0;
        into.accessedNanos = 0;
        into.modifiedSeconds = 0;
        into.modifiedNanos = 0;
        into.changedSeconds = 0;
        into.changedNanos = 0;
    }

    private static void ofSeen(dev.sluice.linux.Attributes seen, Attributes into) {
        into.mode = seen.mode();
        into.links = seen.links();
        into.user = seen.user();
        into.group = seen.group();
        into.size = seen.size();
        into.blocks = seen.blocks();
        into.device = seen.deviceNumber();
        into.accessedSeconds = seen.accessSeconds();
        into.accessedNanos = seen.accessNanos();
        into.modifiedSeconds = seen.modificationSeconds();
        into.modifiedNanos = seen.modificationNanos();
        into.changedSeconds = seen.changeSeconds();
        into.changedNanos = seen.changeNanos();
    }

    /** What is below of a node, or was when it had a name. */
    private dev.sluice.linux.Attributes asked(Node node) throws Refusal {
        if (!hasName(node) && node.last != null) {
            return node.last;
        }
        check(ask(node));
        return seen;
    }

    static boolean hasName(Node node) {
        return switch (node) {
            case Directory directory -> directory.parent != null;
            case OtherFile other -> other.link() != null;
            case RegularFile file -> !file.links.isEmpty();
        };
    }

    private int ask(Node node) throws Refusal {
        return switch (node) {
            case Directory directory -> seen.ask(underlying.folder(directory));
            case OtherFile other -> {
                RegularFile.Link link = other.link();
                yield link == null
                        ? Errno.ENOENT.negated()
                        : seen.ask(underlying.folder(link.parent()), bytes(link.name()));
            }
            case RegularFile file -> {
                if (!file.links.isEmpty()) {
                    RegularFile.Link link = file.links.getFirst();
                    yield seen.ask(underlying.folder(link.parent()), bytes(link.name()));
                }
                int fd = Openings.descriptor(file, null);
                yield fd < 0 ? Errno.ENOENT.negated() : seen.ask(fd);
            }
        };
    }

    void change(Request request, Node node, @Nullable Handle handle, Change asked) throws Refusal {
        allow(request, node, handle, asked);
        boolean setsGroup = asked.has(Change.MODE) && (asked.mode() & SET_GROUP) != 0;
        Change change = setsGroup && !permissions.isInGroupOf(request, node)
                ? asked.withMode(asked.mode() & ~SET_GROUP) // not refused, as anywhere
                : asked;
        if (change.has(Change.SIZE)) {
            resize(node, handle, change.size());
        }
        if (node instanceof RegularFile file && file.content != null) {
            inMemory(file, change);
        } else {
            below(node, handle, change);
            if (node instanceof Directory directory) {
                check(ask(directory));
                directory.described(change, seen);
            }
        }
    }

    private void allow(Request request, Node node, @Nullable Handle handle, Change change) throws Refusal {
        if (change.has(Change.USER | Change.GROUP) && request.user() != 0) {
            boolean keepsUser = !change.has(Change.USER) || change.user() == request.user();
            boolean hasGroup = !change.has(Change.GROUP) || permissions.mayHaveGroup(request, node, change.group());
            permissions.own(request, node);
            if (!keepsUser || !hasGroup) {
                throw Refusal.of(Errno.EPERM);
            }
        }
        boolean setsTime = (change.has(Change.ACCESSED) && !change.has(Change.ACCESSED_NOW))
                || (change.has(Change.MODIFIED) && !change.has(Change.MODIFIED_NOW));
        if (change.has(Change.MODE) || setsTime) {
            permissions.own(request, node);
        }
        if (change.has(Change.ACCESSED_NOW | Change.MODIFIED_NOW) && !change.has(Change.SIZE)) {
            permissions.touch(request, node);
        }
        if (change.has(Change.SIZE) && handle == null) {
            permissions.require(request, node, Permissions.WRITE);
        }
    }

    private void resize(Node node, @Nullable Handle handle, long size) throws Refusal {
        if (!(node instanceof RegularFile file)) {
            throw Refusal.of(node.isDirectory() ? Errno.EISDIR : Errno.EINVAL);
        }
        if (size < 0) {
            throw Refusal.of(Errno.EINVAL);
        }
        if (file.content == null) {
            int fd = handle == null || handle.fd < 0 ? -1 : handle.fd;
            if (fd >= 0) {
                check(dev.sluice.linux.Linux.ftruncate(fd, size));
            } else {
                int opened = opened(file, OpenFlag.WRITE_ONLY.bits());
                try {
                    check(dev.sluice.linux.Linux.ftruncate(opened, size));
                } finally {
                    dev.sluice.linux.Linux.close(opened);
                }
            }
        }
        bytes.truncate(file, size);
    }

    /** Opens a file below, for a moment. */
    int opened(Node node, int flags) throws Refusal {
        return switch (node) {
            case Directory directory ->
                check(Names.open(
                        underlying.folder(directory),
                        bytes("."),
                        OpenFlag.READ_ONLY.bits() | OpenFlag.DIRECTORY.bits() | OpenFlag.CLOSE_ON_EXEC.bits(),
                        0));
            case OtherFile other -> {
                RegularFile.Link link = other.link();
                yield link == null
                        ? check(Errno.ENOENT.negated())
                        : opened(link.parent(), link.name(), OpenFlag.PATH_ONLY.bits());
            }
            case RegularFile file -> {
                if (file.links.isEmpty()) {
                    int fd = Openings.descriptor(file, null);
                    yield fd < 0 ? check(Errno.ENOENT.negated()) : check(Names.reopen(fd, flags));
                }
                RegularFile.Link link = file.links.getFirst();
                yield opened(link.parent(), link.name(), flags);
            }
        };
    }

    private int opened(@Nullable Directory parent, String name, int flags) throws Refusal {
        if (parent == null) {
            throw Refusal.of(Errno.ENOENT);
        }
        return underlying.open(parent, name, flags, 0);
    }

    /** Who writes a file that runs with its owner's rights takes these from it, whosever it is. */
    void killSetId(RegularFile file) throws Refusal {
        int mode = file.content != null ? file.mode : asked(file).mode();
        int kept = mode & ~((mode & GROUP_EXECUTES) == 0 ? SET_USER : SET_USER | SET_GROUP);
        if (kept != mode) {
            Change change = new Change(Change.MODE, 0, kept & PERMISSIONS, 0, 0, 0, 0, 0, 0);
            if (file.content != null) {
                inMemory(file, change);
            } else {
                below(file, null, change);
            }
        }
    }

    private static void inMemory(RegularFile file, Change change) {
        long now = Times.now();
        if (change.has(Change.MODE)) {
            file.mode = (file.mode & Attributes.TYPE) | (change.mode() & PERMISSIONS);
        }
        if (change.has(Change.USER | Change.GROUP)) {
            file.mode &= (file.mode & GROUP_EXECUTES) == 0 ? ~SET_USER : ~(SET_USER | SET_GROUP);
        }
        if (change.has(Change.USER)) {
            file.user = change.user();
        }
        if (change.has(Change.GROUP)) {
            file.group = change.group();
        }
        if (change.has(Change.ACCESSED)) {
            file.times.accessed =
                    change.has(Change.ACCESSED_NOW) ? now : Times.of(change.accessedSeconds(), change.accessedNanos());
        }
        if (change.has(Change.MODIFIED)) {
            file.times.modified =
                    change.has(Change.MODIFIED_NOW) ? now : Times.of(change.modifiedSeconds(), change.modifiedNanos());
        }
        file.times.changed = now;
        file.described();
    }

    private void below(Node node, @Nullable Handle handle, Change change) throws Refusal {
        int place = Openings.NO_DESCRIPTOR;
        if (handle != null) {
            place = handle.fd;
        }
        int opened = -1;
        try {
            if (place < 0) {
                if (!change.has(~Change.SIZE)) {
                    return;
                }
                opened = opened(node, OpenFlag.PATH_ONLY.bits());
                place = opened;
            }
            if (change.has(Change.USER | Change.GROUP)) {
                check(Metadata.setOwner(
                        place,
                        change.has(Change.USER) ? change.user() : Metadata.SAME,
                        change.has(Change.GROUP) ? change.group() : Metadata.SAME));
            }
            if (change.has(Change.MODE)) {
                check(Metadata.setMode(place, change.mode() & PERMISSIONS));
            }
            if (change.has(Change.ACCESSED | Change.MODIFIED)) {
                check(Metadata.setTimes(
                        place,
                        change.accessedSeconds(),
                        nanos(change, Change.ACCESSED, Change.ACCESSED_NOW, change.accessedNanos()),
                        change.modifiedSeconds(),
                        nanos(change, Change.MODIFIED, Change.MODIFIED_NOW, change.modifiedNanos())));
            }
        } finally {
            if (opened >= 0) {
                dev.sluice.linux.Linux.close(opened);
            }
        }
    }

    private static int nanos(Change change, int given, int now, int nanos) {
        return !change.has(given) ? Metadata.OMIT : change.has(now) ? Metadata.NOW : nanos;
    }

    /** {@return where a symbolic link leads} */
    byte[] target(Node node) throws Refusal {
        RegularFile.Link link = node instanceof OtherFile other ? other.link() : null;
        if (link == null) {
            throw Refusal.of(Errno.EINVAL);
        }
        byte[] target = new byte[4096];
        int length = check(Names.readLink(underlying.folder(link.parent()), bytes(link.name()), target));
        return java.util.Arrays.copyOf(target, length);
    }
}
