package dev.sluice.stream;

import dev.sluice.linux.Attributes;
import dev.sluice.linux.Entries;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.Metadata;
import dev.sluice.linux.Names;
import dev.sluice.linux.OpenFlag;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The directory below: what is on the disk. Every name is looked up in its own directory's descriptor and never through a
 * symbolic link, so nothing leads out of it. Owned by the workflow's lock.
 */
final class Underlying {
    private static final int FOLDER =
            OpenFlag.PATH_ONLY.bits() | OpenFlag.DIRECTORY.bits() | OpenFlag.CLOSE_ON_EXEC.bits();

    /** The longest value of an extended attribute, and the longest list of their names. */
    static final int VALUE_MAX = 64 << 10;

    private static final int PERMISSIONS = 07777;

    private static final List<String> STAYING = List.of("user.", "trusted.", Defaults.OF_FILE);

    /** So many directories have a descriptor when nobody is at work: there may be more of them than a process may have open. */
    static final int MOST_FOLDERS = 500;

    /** And so many when few descriptors are left. */
    private static final int FEW_FOLDERS = 32;

    private final Entries entries = new Entries();

    /** The directories that have one, the one that was used last at the end; without the managed directory itself. */
    private final Map<Directory, Boolean> open = new LinkedHashMap<>(16, 0.75f, true);

    private boolean isShort;

    /** {@return the bytes of a name} */
    static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String name(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Makes a refusal of a negated error number. */
    static int check(int result) throws Refusal {
        if (result < 0) {
            throw refusal(result);
        }
        return result;
    }

    static long check(long result) throws Refusal {
        if (result < 0) {
            throw refusal(result);
        }
        return result;
    }

    static Refusal refusal(long result) {
        return Refusal.of(Errno.of((int) -result));
    }

    /** {@return a directory's descriptor, which the directory keeps, until it is {@linkplain #trim trimmed}} */
    int folder(Directory directory) throws Refusal {
        if (directory.fd < 0) {
            Directory parent = directory.parent;
            if (parent == null) {
                throw Refusal.of(Errno.ENOENT);
            }
            directory.fd =
                    check(Names.open(folder(parent), bytes(directory.name), FOLDER | OpenFlag.NO_FOLLOW.bits(), 0));
            open.put(directory, true);
            isShort |= !Descriptors.OURS.leavesEnough(directory.fd);
        } else {
            open.get(directory); // used again
        }
        return directory.fd;
    }

    /** Closes what was not used for long. For when no descriptor of a directory is in use; what is needed is opened again. */
    void trim() {
        while (open.size() > (isShort ? FEW_FOLDERS : MOST_FOLDERS)) {
            close(open.keySet().iterator().next());
        }
        isShort = false;
    }

    /** Reads the names of a directory that has not been asked about before. */
    void load(Directory directory) throws Refusal {
        if (directory.isLoaded) {
            return;
        }
        int fd = check(Names.open(
                folder(directory),
                bytes("."),
                OpenFlag.READ_ONLY.bits() | OpenFlag.DIRECTORY.bits() | OpenFlag.CLOSE_ON_EXEC.bits(),
                0));
        try {
            check(entries.start(fd));
            while (check(entries.next()) == 1) {
                Entry entry = directory.add(name(entries.name()), entries.type(), entries.inode());
                entry.isBelow = true;
            }
        } finally {
            Linux.close(fd);
        }
        directory.isLoaded = true;
    }

    /** Opens a regular file, never waiting for the other end of what may have taken its place. */
    int open(Directory parent, String name, int flags, int mode) throws Refusal {
        int result = Names.open(
                folder(parent),
                bytes(name),
                flags | OpenFlag.CLOSE_ON_EXEC.bits() | OpenFlag.NO_FOLLOW.bits() | OpenFlag.NON_BLOCKING.bits(),
                mode);
        return check(Descriptors.OURS.take(result));
    }

    /** What the kernel writes of an open file to an address. */
    @FunctionalInterface
    interface Answer {
        long into(int fd, long address, long length);
    }

    /** {@return it, of which there are at most {@link #VALUE_MAX} bytes} */
    static byte[] answer(int fd, Answer answer) throws Refusal {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(VALUE_MAX);
            long length = check(answer.into(fd, memory.address(), VALUE_MAX));
            return memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** {@return the extended attributes of a file that belong to it and not to its bytes, or null when there are none} */
    @Nullable
    Map<String, byte[]> extended(Directory parent, String name) throws Refusal {
        int fd = open(parent, name, OpenFlag.PATH_ONLY.bits(), 0);
        try {
            Map<String, byte[]> found = new TreeMap<>();
            for (String attribute : attributeNames(fd).split("\0", -1)) {
                if (STAYING.stream().anyMatch(attribute::startsWith)) {
                    Answer value = (of, address, length) -> Metadata.extended(of, bytes(attribute), address, length);
                    found.put(attribute, answer(fd, value));
                }
            }
            return found.isEmpty() ? null : found;
        } finally {
            Linux.close(fd);
        }
    }

    /** {@return the permissions with which something is made in a directory} */
    int permitted(Request request, Directory parent, int mode) throws Refusal {
        Defaults defaults = defaults(parent);
        return PERMISSIONS & (defaults == null ? mode & ~request.umask() : defaults.permitted(mode));
    }

    /** {@return what a directory lays down for all that is made in it, or null when nothing} */
    @Nullable
    Defaults defaults(Directory directory) throws Refusal {
        if (!directory.areDefaultsKnown) {
            Answer asked =
                    (of, address, length) -> Metadata.extended(of, bytes(Defaults.OF_DIRECTORY), address, length);
            try {
                directory.defaults = new Defaults(answer(folder(directory), asked));
            } catch (Refusal e) {
                if (e.errno() != Errno.ENODATA && e.errno() != Errno.EOPNOTSUPP) {
                    throw e;
                }
            }
            directory.areDefaultsKnown = true;
        }
        return directory.defaults;
    }

    private static String attributeNames(int fd) throws Refusal {
        try {
            return name(answer(fd, Metadata::listExtended));
        } catch (Refusal e) {
            if (e.errno() == Errno.EOPNOTSUPP) {
                return ""; // that file system has none
            }
            throw e;
        }
    }

    /** Takes away what was brought of a file that is not complete any more: half of it must not be taken for all. */
    void withdraw(RegularFile file) throws Refusal {
        for (RegularFile.Link link : file.links) {
            Entry entry = link.parent().entry(link.name());
            if (entry != null && entry.isBelow) {
                check(Names.remove(folder(link.parent()), bytes(link.name())));
                entry.isBelow = false;
            }
        }
    }

    /** What is neither in memory nor open here is about to lose a name: keeps what it is like. */
    void lasts(Node node, Directory parent, String name) throws Refusal {
        if (!(node instanceof RegularFile)) {
            Attributes last = new Attributes();
            check(last.ask(folder(parent), bytes(name)));
            node.last = last;
        }
    }

    /** Removes an empty directory. */
    void remove(Directory directory, Directory parent, String name) throws Refusal {
        lasts(directory, parent, name);
        check(Names.removeDirectory(folder(parent), bytes(name)));
    }

    /** Forgets a directory's descriptor. */
    void close(Directory directory) {
        if (directory.fd >= 0) {
            Linux.close(directory.fd);
            directory.fd = -1;
            open.remove(directory);
        }
    }
}
