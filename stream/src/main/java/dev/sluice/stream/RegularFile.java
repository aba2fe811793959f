package dev.sluice.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A regular file of the tree, or one that is expected. Its bytes are in the underlying directory, or else in memory.
 * Owned by the workflow's lock.
 */
final class RegularFile extends Node {
    /** A name it has. */
    record Link(Directory parent, String name) {}

    final List<Link> links = new ArrayList<>(1);

    /** Had by who appends to it, while the workflow's lock is not; null while nobody has. */
    @Nullable
    Lock end;

    /** Its bytes in memory; null when they are in the underlying directory. */
    @Nullable
    Content content;

    /** What the flow says of it; null when nothing. */
    @Nullable
    Stream stream;

    /** By what processes that read and write it in place learn of each other; null when none does. */
    @Nullable
    Watermark watermark;

    /** Of one in memory, what the underlying directory would know. */
    int mode;

    int user;
    int group;
    long size;
    final Times times = new Times();

    /** Extended attributes of one in memory; null when it has none. */
    java.util.@Nullable Map<String, byte[]> attributes;

    /** Number of the underlying file if that one has several names; else 0. */
    long inodeBelow;

    /** Closes by writers so far, but for programs that failed. */
    private int closes;

    /** Has the last writer failed? Then what there is must not be taken for all. */
    private boolean isAbandoned;

    /** Has somebody written what could not be stored, without being told? Then it never is complete. */
    boolean hasLost;

    /** Was it made while the workflow ran? */
    boolean isNew;

    /** How many are busy with its bytes without having it open. */
    int pins;

    /** How often its bytes or names have changed, and what else is known of it, while it was in memory. */
    private long changes;

    private long descriptions;

    /** How often they had when it was brought to the underlying directory; -1 when it never was. */
    private long broughtChanges = -1;

    private long broughtDescriptions = -1;

    /** What is known of what happens to it; null when nothing. */
    @Nullable
    Trail trail;

    final List<Handle> handles = new ArrayList<>(1);

    RegularFile(long id) {
        super(id);
    }

    /** It has other bytes now, or another name. */
    void changed() {
        changes++;
    }

    /** It has another mode, owner or time now, or another attribute. */
    void described() {
        descriptions++;
    }

    long changes() {
        return changes;
    }

    long descriptions() {
        return descriptions;
    }

    /** It is in the underlying directory as it was after so many changes and descriptions. */
    void brought(long afterChanges, long afterDescriptions) {
        broughtChanges = afterChanges;
        broughtDescriptions = afterDescriptions;
    }

    /** {@return whether its bytes, as they are now, are in the underlying directory as well} */
    boolean isBrought() {
        return broughtChanges == changes;
    }

    /** Its bytes are there, whatever it was called when they were brought. */
    void broughtAsItIs() {
        broughtChanges = changes;
    }

    /** {@return whether it is in memory, and all of it in the underlying directory} */
    boolean isKept() {
        return content != null && isBrought();
    }

    /** {@return whether there is something below under each of its names} */
    boolean isBelowByAllNames() {
        return links.stream().allMatch(link -> {
            Entry entry = link.parent().entry(link.name());
            return entry != null && entry.isBelow;
        });
    }

    /** {@return whether nobody is expected to write it any more} */
    boolean isComplete() {
        return (stream == null || stream.isOrphan) ? writers() == 0 : stream.phase == Gate.Phase.COMMITTED;
    }

    /** {@return whether what else is known of it is there as well} */
    boolean isDescribed() {
        return broughtDescriptions == descriptions;
    }

    /** {@return whether it is in memory, though the flow does not speak of it: it got its name later} */
    boolean isStray() {
        return content != null && (stream == null || stream.isOrphan) && !links.isEmpty();
    }

    /** A writer has closed it. */
    void closed(Handle writer) {
        isAbandoned = writer.isAbandoned;
        closes += isAbandoned ? 0 : 1;
    }

    /** {@return how many closes by writers count now} */
    int closes() {
        return isAbandoned ? 0 : closes;
    }

    int writers() {
        int writers = 0;
        for (Handle handle : handles) {
            if (handle.writes()) {
                writers++;
            }
        }
        return writers;
    }

    /** Can a step ask by a descriptor? The kernel, which keeps names, does not always look one up before it asks by it. */
    boolean mayBeOpenIn(@Nullable Session session) {
        return handles.stream().anyMatch(handle -> handle.session == null || handle.session == session);
    }

    /** {@return its size, also where the kernel writes by itself, which nobody is told of} */
    long sizeNow() {
        for (Handle handle : handles) {
            int fd = handle.backing() >= 0 ? handle.backing() : handle.fd;
            if (handle.writes() && !handle.isDirect() && fd >= 0) {
                dev.sluice.linux.Attributes found = new dev.sluice.linux.Attributes();
                return found.ask(fd) == 0 ? Math.max(size, found.size()) : size;
            }
        }
        return size;
    }

    /** Does a step write it without being seen? */
    boolean isWrittenUnseen(String step) {
        return handles.stream()
                .anyMatch(handle -> handle.writes()
                        && !handle.isDirect()
                        && handle.session != null
                        && handle.session.step().equals(step));
    }

    boolean isInMemory() {
        return content != null;
    }
}
