package dev.sluice.stream;

import static dev.sluice.stream.Underlying.bytes;
import static dev.sluice.stream.Underlying.check;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.Metadata;
import dev.sluice.linux.Names;
import dev.sluice.linux.OpenFlag;
import dev.sluice.linux.Transfers;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Gate.Phase;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brings to the underlying directory what stays: each file whole, written under another name, brought to the disk and then
 * renamed. What is known to stay is brought as soon as it is complete, by a thread of its own. Its state is owned by the
 * workflow's lock.
 */
final class Results {
    private static final int BUFFER = 1 << 20;
    private static final int PERMISSIONS = 07777;
    private static final int FRESH = 0600;
    private static final String ASIDE = ".sluice-aside-";
    private static final String INCOMPLETE = ".incomplete";

    private final Waiters waiters;
    private final Naming naming;
    private final Underlying underlying;
    private final Incidents incidents;
    private final Keep keep;
    private final ExecutorService keeper =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("keeper").factory());
    private final Map<String, String> troubles = new TreeMap<>();

    Results(Waiters waiters, Naming naming, Underlying underlying, Incidents incidents, Keep keep) {
        this.waiters = waiters;
        this.naming = naming;
        this.underlying = underlying;
        this.incidents = incidents;
        this.keep = keep;
    }

    /** Removes what a run that was killed has left half done. {@return how many files} */
    int cleanUp() throws Refusal {
        underlying.load(naming.root);
        int removed = 0;
        for (Entry entry : List.copyOf(naming.root.entries())) {
            if (entry.name.startsWith(ASIDE)) {
                check(Names.remove(underlying.folder(naming.root), bytes(entry.name)));
                naming.root.remove(entry);
                removed++;
            }
        }
        return removed;
    }

    /** A file is complete. */
    void complete(RegularFile file) {
        Stream stream = file.stream;
        if (stream != null && keep != Keep.NONE && (keep == Keep.ALL || staysAnyway(stream))) {
            keeper.execute(() -> bringNow(file));
        }
    }

    private static boolean staysAnyway(Stream stream) {
        return stream.contract.isPermanent() || stream.contract.consumers().isEmpty();
    }

    /** What is written aside: a file's bytes and attributes at one moment. */
    private record Picture(
            RegularFile file,
            Content content,
            long size,
            int mode,
            int user,
            int group,
            Map<String, byte[]> attributes) {
        static Picture of(RegularFile file, Content content) {
            return new Picture(
                    file,
                    content,
                    file.size,
                    file.mode,
                    file.user,
                    file.group,
                    file.attributes == null ? Map.of() : Map.copyOf(file.attributes));
        }
    }

    private void bringNow(RegularFile file) {
        Picture picture;
        waiters.enter();
        try {
            picture = picture(file);
            if (picture == null) {
                return;
            }
            file.pins++;
        } finally {
            waiters.leave();
        }
        try {
            bring(picture, "");
        } catch (Refusal e) {
            waiters.enter();
            try {
                troubles.put(String.valueOf(path(file)), String.valueOf(e.getMessage()));
            } finally {
                waiters.leave();
            }
        } finally {
            waiters.enter();
            try {
                file.pins--;
                Openings.release(file);
            } finally {
                waiters.leave();
            }
        }
    }

    private static @Nullable Picture picture(RegularFile file) {
        Stream stream = file.stream;
        Content content = file.content;
        boolean isReady = stream != null
                && stream.phase == Phase.COMMITTED
                && content != null
                && content.givenBack() == 0
                && !file.isBrought
                && !file.links.isEmpty();
        return isReady && content != null ? Picture.of(file, content) : null;
    }

    private static @Nullable String path(RegularFile file) {
        return file.links.isEmpty()
                ? null
                : Streams.path(
                        file.links.getFirst().parent(), file.links.getFirst().name());
    }

    /** Writes a file aside, without the lock, and gives it its name, with it. */
    private void bring(Picture picture, String suffix) throws Refusal {
        RegularFile file = picture.file();
        int root;
        waiters.enter();
        try {
            root = underlying.folder(naming.root);
        } finally {
            waiters.leave();
        }
        byte[] aside = bytes(ASIDE + Long.toHexString(file.id));
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
        boolean isNamed = false;
        try {
            write(fd, picture.content(), picture.size());
            describe(fd, picture);
            check(Linux.fsync(fd));
            waiters.enter();
            try {
                isNamed = name(file, root, aside, suffix);
            } finally {
                waiters.leave();
            }
        } finally {
            Linux.close(fd);
            if (!isNamed) {
                Names.remove(root, aside);
            }
        }
    }

    /** Gives what was written aside all the names of its file, unless it has been changed meanwhile. */
    private boolean name(RegularFile file, int root, byte[] aside, String suffix) throws Refusal {
        Stream stream = file.stream;
        if (stream == null || file.links.isEmpty() || (suffix.isEmpty() && stream.phase != Phase.COMMITTED)) {
            return false;
        }
        RegularFile.Link first = file.links.getFirst();
        int folder = underlying.folder(first.parent());
        describeTimes(root, aside, file);
        check(Names.rename(root, aside, folder, bytes(first.name() + suffix), 0));
        if (suffix.isEmpty()) {
            below(first);
            for (RegularFile.Link link : file.links) {
                if (!link.equals(first)) {
                    int other = underlying.folder(link.parent());
                    Names.remove(other, bytes(link.name()));
                    check(Names.link(folder, bytes(first.name()), other, bytes(link.name())));
                    below(link);
                }
            }
            file.isBrought = true;
        }
        int opened = Names.open(
                folder,
                bytes("."),
                OpenFlag.READ_ONLY.bits() | OpenFlag.DIRECTORY.bits() | OpenFlag.CLOSE_ON_EXEC.bits(),
                0);
        if (opened >= 0) {
            Linux.fsync(opened); // so that the name is on the disk as well
            Linux.close(opened);
        }
        return true;
    }

    private static void below(RegularFile.Link link) {
        Entry entry = link.parent().entry(link.name());
        if (entry != null) {
            entry.isBelow = true;
        }
    }

    private static void describeTimes(int root, byte[] aside, RegularFile file) throws Refusal {
        check(Metadata.setTimes(
                root,
                aside,
                Times.seconds(file.times.accessed),
                Times.nanos(file.times.accessed),
                Times.seconds(file.times.modified),
                Times.nanos(file.times.modified)));
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
                long count = check(content.read(buffer.address(), Math.min(BUFFER, size - data), data));
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

    private static void describe(int fd, Picture picture) throws Refusal {
        int owned = Metadata.setOwner(fd, picture.user(), picture.group());
        if (owned < 0 && owned != Errno.EPERM.negated()) { // only root can give files away
            check(owned);
        }
        check(Metadata.setMode(fd, picture.mode() & PERMISSIONS));
        try (Arena arena = Arena.ofConfined()) {
            for (Map.Entry<String, byte[]> attribute : picture.attributes().entrySet()) {
                MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_BYTE, attribute.getValue());
                check(Metadata.setExtended(
                        fd, bytes(attribute.getKey()), value.address(), attribute.getValue().length, 0));
            }
        }
    }

    /**
     * Brings what is left of what stays, and lets the rest go.
     *
     * @param hasSucceeded whether all steps have done their work
     */
    Ending finish(boolean hasSucceeded) throws IOException {
        keeper.shutdown();
        try {
            while (!keeper.awaitTermination(1, TimeUnit.DAYS)) {}
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while results are brought to the disk; run again", e);
        }
        List<String> kept = new ArrayList<>();
        int[] dropped = {0};
        waiters.enter();
        try {
            finish(naming.root, hasSucceeded, kept, dropped);
            if (!troubles.isEmpty()) {
                throw new IOException(troubles.entrySet().stream()
                        .map(trouble -> trouble.getKey() + " could not be brought to the disk: " + trouble.getValue()
                                + "; make room or mend the permissions, and run again")
                        .reduce((one, other) -> one + "\n" + other)
                        .orElseThrow());
            }
            return new Ending(kept, dropped[0], incidents.all(), List.of());
        } finally {
            waiters.leave();
        }
    }

    private void finish(Directory directory, boolean hasSucceeded, List<String> kept, int[] dropped) {
        for (Entry entry : List.copyOf(directory.entries())) {
            if (entry.node instanceof Directory inside) {
                finish(inside, hasSucceeded, kept, dropped);
            } else if (entry.node instanceof RegularFile file && file.stream != null) {
                String path = Streams.path(directory, entry.name);
                try {
                    if (finish(directory, entry, file, file.stream, hasSucceeded)) {
                        kept.add(path);
                    } else {
                        dropped[0]++;
                    }
                } catch (Refusal e) {
                    troubles.put(path, String.valueOf(e.getMessage()));
                }
            }
        }
    }

    /** {@return whether it stays} */
    private boolean finish(Directory directory, Entry entry, RegularFile file, Stream stream, boolean hasSucceeded)
            throws Refusal {
        boolean isComplete = stream.phase == Phase.COMMITTED;
        boolean stays = keep == Keep.ALL || (keep == Keep.PERMANENT && (staysAnyway(stream) || !hasSucceeded));
        Content content = file.content;
        if (stays && content != null && content.givenBack() > 0) {
            incidents.lost(stream);
            if (hasSucceeded) { // it has got the name of a file that stays
                throw Refusal.of(Errno.ENODATA);
            }
            return false;
        }
        if (stays && isComplete) {
            if (content != null && !file.isBrought) {
                bring(Picture.of(file, content), "");
            }
            return true;
        }
        if (!isComplete && stays && content != null && !hasSucceeded) {
            bring(Picture.of(file, content), INCOMPLETE); // to look at; what was there before stays
            return false;
        }
        if (isComplete && entry.isBelow) {
            check(Names.remove(underlying.folder(directory), bytes(entry.name)));
            entry.isBelow = false;
        }
        return false;
    }

    void close() {
        keeper.shutdownNow();
        close(naming.root);
    }

    private void close(Directory directory) {
        for (Entry entry : directory.entries()) {
            if (entry.node instanceof Directory inside) {
                close(inside);
            } else if (entry.node instanceof RegularFile file && file.content != null) {
                file.content.close();
                file.content = null;
            }
        }
        if (!directory.isRoot()) {
            underlying.close(directory);
        }
    }
}
