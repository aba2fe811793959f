package dev.sluice.stream;

import dev.sluice.language.Contract;
import dev.sluice.language.Rule;
import dev.sluice.stream.Workflow.Recording;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to a file, or to several that are told of together: when, and how much. Times are nanoseconds since all
 * began. Owned by the workflow's lock.
 */
final class Trail {
    static final long NEVER = -1;

    /** Its path; of several, where the first of them was. */
    String path;

    /** What the flow says of it; null when nothing. */
    final @Nullable Contract contract;

    /** Are there several? */
    final boolean isGroup;

    /** How many. */
    int files;

    long created = NEVER;
    long closed = NEVER;
    long committed = NEVER;
    boolean hasFailed;

    /** The file, to look how large it is; null of several, and where there is none. */
    @Nullable
    RegularFile file;

    /** Its size when it was looked at last; of several, those that are complete. */
    private long bytes;

    /** What it is a part of now, since both were about the same file. */
    @Nullable
    Trail goesOn;

    private final List<Traffic> traffic = new ArrayList<>(2);

    Trail(String path, @Nullable Contract contract, boolean isGroup) {
        this.path = path;
        this.contract = contract;
        this.isGroup = isGroup;
    }

    Traffic of(String step) {
        for (Traffic each : traffic) {
            if (each.step.equals(step)) {
                return each;
            }
        }
        Traffic made = new Traffic(step);
        traffic.add(made);
        return made;
    }

    /** It begins to grow: also one that was complete, which is made anew then. */
    void grows(long now) {
        if (created == NEVER || (!isGroup && (committed != NEVER || hasFailed))) {
            created = now;
            closed = NEVER;
            committed = NEVER;
            hasFailed = false;
        }
    }

    void settled(long now, boolean well, long size) {
        committed = now;
        hasFailed |= !well;
        bytes = isGroup ? bytes + size : size;
    }

    /** Somebody has closed it who has written it. */
    void closed(long now, long size) {
        closed = now;
        if (!isGroup) {
            bytes = size;
        }
    }

    /** Its file was another one's until now. */
    void takeOver(Trail before) {
        created = before.created == NEVER ? created : before.created;
        closed = before.closed;
        committed = NEVER;
        hasFailed = false;
        for (Traffic each : before.traffic) {
            if (traffic.stream().noneMatch(mine -> mine.step.equals(each.step))) {
                traffic.add(each);
            } else {
                of(each.step).add(each);
            }
        }
        before.goesOn = this;
    }

    /** The trail of the same file that goes on. */
    Trail last() {
        Trail at = this;
        while (at.goesOn != null) {
            at = at.goesOn;
        }
        return at;
    }

    private long size() {
        if (file != null) {
            bytes = contract == null ? Math.max(bytes, file.sizeNow()) : file.sizeNow();
        }
        return bytes;
    }

    private boolean isDirectory() {
        return contract != null && contract.kind() == Rule.Kind.DIRECTORY;
    }

    Recording.File picture() {
        long size = size();
        RegularFile here = file;
        List<Recording.Share> shares = new ArrayList<>();
        long first = NEVER;
        long read = NEVER;
        for (Traffic each : traffic) {
            boolean isWriting = here != null && here.isWrittenUnseen(each.step);
            if (isWriting && size > each.written()) {
                first = earlier(first, created);
            }
            first = earlier(first, each.firstWritten());
            read = earlier(read, each.firstRead());
            shares.add(new Recording.Share(
                    each.step,
                    each.read(),
                    isWriting ? Math.max(size, each.written()) : each.written(),
                    each.isReadAssumed(),
                    each.isWriteAssumed() || isWriting,
                    each.readsInOrder() && !isGroup,
                    each.writesInOrder() && !isGroup));
        }
        return new Recording.File(
                path,
                contract != null,
                isDirectory(),
                isGroup ? files : 1,
                contract == null ? List.of() : contract.producers(),
                contract == null ? List.of() : contract.consumers(),
                contract == null ? "" : contract.commit().toString(),
                contract == null ? "" : contract.fire().toString(),
                size,
                created,
                first,
                closed,
                committed,
                read,
                hasFailed,
                shares);
    }

    private static long earlier(long one, long other) {
        return one == NEVER ? other : other == NEVER ? one : Math.min(one, other);
    }
}
