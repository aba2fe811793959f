package dev.sluice.stream;

import static dev.sluice.stream.Underlying.bytes;
import static dev.sluice.stream.Underlying.check;

import dev.sluice.linux.Attributes;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.Metadata;
import dev.sluice.linux.Names;
import dev.sluice.linux.OpenFlag;
import dev.sluice.linux.Transfers;
import dev.sluice.stream.Gate.Phase;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Writes files into the underlying directory so that nobody ever sees half of one: under another name, which is changed when all
 * is on the disk. Safe for use by many threads, which take the workflow's lock where it says so.
 */
final class Aside {
    private static final int BUFFER = 1 << 20;
    private static final int PERMISSIONS = 07777;
    private static final int FRESH = 0600;
    private static final String PREFIX = ".sluice-aside-";
    private static final Pattern LEFT = Pattern.compile(Pattern.quote(PREFIX) + "[0-9a-f]+");
    private static final int NAME_MAX = 255;

    private final AtomicLong brought = new AtomicLong();
    /** Owned by its own lock. */
    private final Set<String> unkept = new LinkedHashSet<>();

    private final Waiters waiters;
    private final Directory top;
    private final Underlying underlying;

    Aside(Waiters waiters, Directory top, Underlying underlying) {
        this.waiters = waiters;
        this.top = top;
        this.underlying = underlying;
    }

    /** {@return a name with something behind it, and shorter where it would be too long} */
    static String name(String name, String suffix) {
        return name.substring(0, Math.min(name.length(), NAME_MAX - suffix.length())) + suffix;
    }

    /** {@return what of files could not be kept though their bytes were, in sentences} */
    List<String> unkept(int most) {
        synchronized (unkept) {
            return List.copyOf(unkept).subList(0, Math.min(most, unkept.size()));
        }
    }

    private void unkept(RegularFile file, String what, int result) {
        if (result < 0 && !file.links.isEmpty()) {
            RegularFile.Link link = file.links.getFirst();
            synchronized (unkept) {
                unkept.add(Directory.path(link.parent(), link.name()) + " is on the disk without " + what + ": "
                        + Errno.describe(result));
            }
        }
    }

    /** What is written aside: a file's bytes and attributes at one moment. */
    record Picture(
            RegularFile file,
            Content content,
            long changes,
            long descriptions,
            long size,
            int mode,
            int user,
            int group,
            Map<String, byte[]> attributes) {
        static Picture of(RegularFile file, Content content) {
            return new Picture(
                    file,
                    content,
                    file.changes(),
                    file.descriptions(),
                    file.size,
                    file.mode,
                    file.user,
                    file.group,
                    file.attributes == null ? Map.of() : Map.copyOf(file.attributes));
        }
    }

    /** Removes what a run that was killed has left half done, but in other file systems. {@return how many files} */
    int cleanUp() throws Refusal {
        underlying.load(top);
        int removed = 0;
        for (Entry entry : List.copyOf(top.entries())) {
            if (LEFT.matcher(entry.name).matches()) {
                check(Names.remove(underlying.folder(top), bytes(entry.name)));
                top.remove(entry);
                removed++;
            }
        }
        return removed;
    }

    /**
     * Writes a file aside, without the lock, and gives it its name, with it.
     *
     * @return whether it has its name now, or needs none any more; not when it was changed meanwhile
     */
    boolean bring(Picture picture, String suffix) throws Refusal {
        try {
            return bring(picture, suffix, top);
        } catch (Refusal e) {
            Directory home = e.errno() == Errno.EXDEV ? home(picture) : top;
            if (home == top) {
                throw e;
            }
            return bring(picture, suffix, home); // another file system is mounted there
        }
    }

    private Directory home(Picture picture) {
        waiters.enter();
        try {
            List<RegularFile.Link> links = picture.file().links;
            return links.isEmpty() ? top : links.getFirst().parent();
        } finally {
            waiters.leave();
        }
    }

    private boolean bring(Picture picture, String suffix, Directory where) throws Refusal {
        int root;
        waiters.enter();
        try {
            underlying.load(where); // nobody is shown what comes later
            keepTimes(where);
            root = open(underlying.folder(where));
        } finally {
            waiters.leave();
        }
        try {
            return bring(picture, suffix, root);
        } finally {
            Linux.close(root);
        }
    }

    private boolean bring(Picture picture, String suffix, int root) throws Refusal {
        // A file may be brought twice at the same time, when it has been written again.
        byte[] aside = bytes(PREFIX + Long.toHexString(brought.incrementAndGet()));
        Names.remove(root, aside);
        int fd = check(Names.open(
                root,
                aside,
                OpenFlag.WRITE_ONLY.bits()
                        | OpenFlag.CREATE.bits()
                        | OpenFlag.EXCLUSIVE.bits()
                        | OpenFlag.NO_FOLLOW.bits()
                        | OpenFlag.CLOSE_ON_EXEC.bits(),
                FRESH));
        Map<Directory, Integer> folders = new HashMap<>();
        try {
            int _ = Metadata.removeExtended(fd, bytes(Defaults.OF_FILE)); // that of another directory
            write(fd, picture.content(), picture.size());
            describe(fd, picture);
            check(Linux.fsync(fd));
            waiters.enter();
            try {
                return name(picture, root, aside, suffix, folders);
            } finally {
                waiters.leave();
            }
        } finally {
            Linux.close(fd);
            if (folders.isEmpty()) {
                Names.remove(root, aside);
            }
            for (int folder : folders.values()) {
                Linux.fsync(folder); // so that the names are on the disk as well
                Linux.close(folder);
            }
        }
    }

    /**
     * Gives what was written aside all the names of its file, unless it has been changed meanwhile.
     *
     * @param folders gets descriptors of the directories in which there is a new name
     */
    private boolean name(Picture picture, int root, byte[] aside, String suffix, Map<Directory, Integer> folders)
            throws Refusal {
        RegularFile file = picture.file();
        Stream stream = file.stream;
        if (file.links.isEmpty()) {
            return true;
        }
        boolean isReady = stream == null || stream.isOrphan || stream.phase == Phase.COMMITTED;
        if (suffix.isEmpty() && (!isReady || file.changes() != picture.changes())) {
            return false;
        }
        RegularFile.Link first = file.links.getFirst();
        int folder = underlying.folder(first.parent());
        describeTimes(root, aside, file);
        keepTimes(first.parent());
        int opened = open(folder);
        int renamed = Names.rename(root, aside, folder, bytes(name(first.name(), suffix)), 0);
        if (renamed < 0) {
            Linux.close(opened);
        }
        check(renamed);
        folders.put(first.parent(), opened);
        if (suffix.isEmpty()) {
            below(first);
            for (RegularFile.Link link : file.links) {
                if (!link.equals(first)) {
                    underlying.trim();
                    int other = underlying.folder(link.parent());
                    keepTimes(link.parent());
                    Names.remove(other, bytes(link.name()));
                    check(Names.link(
                            underlying.folder(first.parent()), bytes(first.name()), other, bytes(link.name())));
                    if (!folders.containsKey(link.parent())) { // there may be very many names in it
                        folders.put(link.parent(), open(other));
                    }
                    below(link);
                }
            }
            file.brought(picture.changes(), picture.descriptions());
        }
        return true;
    }

    /**
     * Gives what is below the attributes that the file has now. Called with the lock held.
     *
     * @return whether it could; else it may be brought anew
     */
    boolean describe(Picture picture) throws Refusal {
        RegularFile file = picture.file();
        RegularFile.Link first = file.links.getFirst();
        int folder = underlying.folder(first.parent());
        int flags = OpenFlag.READ_ONLY.bits() | OpenFlag.NO_FOLLOW.bits() | OpenFlag.CLOSE_ON_EXEC.bits();
        int fd = Names.open(folder, bytes(first.name()), flags, 0);
        if (fd == Errno.EACCES.negated()) {
            return false; // its mode lets nobody read it
        }
        check(fd);
        try {
            describe(fd, picture);
            describeTimes(folder, bytes(first.name()), file);
            check(Linux.fsync(fd));
            file.brought(picture.changes(), picture.descriptions());
            return true;
        } finally {
            Linux.close(fd);
        }
    }

    /** A directory is not changed by what is brought there: it came to it before. */
    private void keepTimes(Directory directory) throws Refusal {
        Attributes seen = new Attributes();
        if (!directory.hasTimesOfItsOwn()) {
            check(seen.ask(underlying.folder(directory)));
            directory.keepTimes(seen);
        }
    }

    /** Gives a directory below, and those in it, the times that it had for who worked in it. Called with the lock held. */
    void giveTimes(Directory directory) throws Refusal {
        for (Entry entry : directory.entries()) {
            if (entry.node instanceof Directory inside) {
                giveTimes(inside);
            }
        }
        if (directory.hasTimesOfItsOwn()) {
            long modified = directory.modified();
            int _ = Metadata.setTimes( // who may not has not changed it himself
                    underlying.folder(directory),
                    bytes("."),
                    0,
                    Metadata.OMIT,
                    Times.seconds(modified),
                    Times.nanos(modified));
            underlying.trim();
        }
    }

    private static int open(int folder) throws Refusal {
        int flags = OpenFlag.READ_ONLY.bits() | OpenFlag.DIRECTORY.bits() | OpenFlag.CLOSE_ON_EXEC.bits();
        return check(Names.open(folder, bytes("."), flags, 0));
    }

    private static void below(RegularFile.Link link) {
        Entry entry = link.parent().entry(link.name());
        if (entry != null) {
            entry.isBelow = true;
        }
    }

    private void describeTimes(int root, byte[] aside, RegularFile file) {
        int result = Metadata.setTimes(
                root,
                aside,
                Times.seconds(file.times.accessed),
                Times.nanos(file.times.accessed),
                Times.seconds(file.times.modified),
                Times.nanos(file.times.modified));
        unkept(file, "its times", result);
    }

    private static void write(int fd, Content content, long size) throws Refusal {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BUFFER);
            long at = 0;
            while (at < size) {
                long data = content.nextData(at, size);
                if (data < 0) {
                    break;
                }
                long most = Math.clamp(content.nextHole(data, size) - data, 1, BUFFER); // a hole stays one
                long count = check(content.read(buffer.address(), Math.min(most, size - data), data));
                if (count == 0) {
                    break; // what is behind is a hole
                }
                for (long done = 0; done < count; ) {
                    done += check(Transfers.pwrite(fd, buffer.address() + done, count - done, data + done));
                }
                at = data + count;
            }
            check(Linux.ftruncate(fd, size));
        }
    }

    private void describe(int fd, Picture picture) {
        RegularFile file = picture.file();
        int owned = Metadata.setOwner(fd, picture.user(), picture.group());
        if (owned != Errno.EPERM.negated()) { // only root can give files away
            unkept(file, "its owner", owned);
        }
        try (Arena arena = Arena.ofConfined()) {
            for (Map.Entry<String, byte[]> attribute : picture.attributes().entrySet()) {
                MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_BYTE, attribute.getValue());
                int result = Metadata.setExtended(
                        fd, bytes(attribute.getKey()), value.address(), attribute.getValue().length, 0);
                unkept(file, "its attribute " + attribute.getKey(), result);
            }
        }
        // Last: it may forbid to write attributes, and is the mask of an access control list.
        unkept(file, "its mode", Metadata.setMode(fd, picture.mode() & PERMISSIONS));
    }
}
