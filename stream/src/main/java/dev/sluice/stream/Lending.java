package dev.sluice.stream;

import dev.sluice.linux.Errno;
import dev.sluice.stream.Gate.Phase;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Lets processes read and write files in place: lends them bytes that are there, room for more, and the gauge by which they learn
 * of each other without asking. What it knows is owned by the workflow's lock.
 *
 * <p>What was lent counts as read, and what comes within a loan does so as soon as the server knows of it; so it is still found
 * when bytes change that somebody has got.
 */
final class Lending {
    /** So far beyond what is there a reader may go without asking, if the server itself moves the gauge. */
    private static final long AHEAD = 256L << 20;

    private final Waiters waiters;
    private final Room room;
    private final Chronicle chronicle;
    private final Recorder recorder;
    private final Witness witness;
    private final Bytes bytes;

    Lending(Waiters waiters, Room room, Chronicle chronicle, Recorder recorder, Witness witness, Bytes bytes) {
        this.waiters = waiters;
        this.room = room;
        this.chronicle = chronicle;
        this.recorder = recorder;
        this.witness = witness;
        this.bytes = bytes;
    }

    /** Says from where somebody may read bytes himself. */
    Tree.@Nullable Loan lend(Request request, Handle handle, long offset, int length) throws Refusal, Parked {
        Bytes.Share share = bytes.share(request, handle, offset, length);
        Content content = share.content();
        long most = share.length();
        boolean isOnce = false;
        if (content != null && room.isOn()) {
            waiters.enter();
            try {
                isOnce = isOnce(handle.file);
                if (isOnce && most > 0) {
                    handle.place = handle.place < 0 ? offset : Math.min(handle.place, offset);
                }
            } finally {
                waiters.leave();
            }
            if (isOnce && !(handle.streams && handle.session != null)) {
                return null; // nobody waits for what he has read
            }
            most = isOnce ? Math.min(most, content.window()) : most;
        }
        if (most == 0) {
            return null;
        }
        int fd = content == null ? handle.fd : content.lendSome(offset, most, isOnce);
        dev.sluice.linux.Attributes found = new dev.sluice.linux.Attributes();
        if (fd < 0 || found.ask(fd) < 0) {
            return null;
        }
        int count = (int) most;
        recorder.read(handle, offset, count);
        int _ = witness.read(handle, offset, count);
        Tree.Page page = content == null ? null : page(handle, content, offset + count);
        return new Tree.Loan(fd, found.inode(), count, isOnce, page);
    }

    /** Is a file's room used again? Called with the lock held. */
    private boolean isOnce(RegularFile file) {
        Stream stream = file.stream;
        return stream != null && room.isUsedAgain(stream);
    }

    /** Somebody does not come back to what he was lent. */
    void passed(Handle handle, long from, long to) throws Refusal {
        waiters.enter();
        try {
            RegularFile file = handle.file;
            absorb(file);
            Stream stream = file.stream;
            if (from < 0 || to < from) {
                throw Refusal.of(Errno.EINVAL);
            }
            long end = stream == null ? from : Math.min(to, stream.written.available(0)); // it may have been cut
            if (from < end) {
                handle.place = handle.place < 0 ? -1 : Math.max(handle.place, end);
                room.read(handle, from, end);
            }
        } finally {
            waiters.leave();
        }
    }

    /** The gauge by which a reader goes on behind what is there, if he is the one to be told by it. */
    private Tree.@Nullable Page page(Handle handle, Content content, long end) {
        waiters.enter();
        try {
            RegularFile file = handle.file;
            Stream stream = file.stream;
            boolean mayBe = stream != null
                    && stream.phase == Phase.GROWING
                    && handle.streams
                    && file.content == content
                    && content.isInMemory()
                    && !witness.isThere();
            if (!mayBe || stream == null) {
                return null;
            }
            absorb(file);
            long level = stream.written.available(0);
            Watermark mark = file.watermark;
            if (mark == null && end == level) {
                mark = Watermark.open(null, level);
                file.watermark = mark;
            }
            if (mark == null || end > mark.known()) {
                return null;
            }
            long ahead = isOnce(file) ? Math.min(AHEAD, content.window()) : AHEAD;
            long to = mark.tenant == null ? mark.known() + ahead : mark.tenant.lentTo;
            handle.aheadFrom = handle.aheadTo == 0 ? end : Math.min(handle.aheadFrom, end);
            handle.aheadTo = Math.max(handle.aheadTo, to);
            if (end < mark.known()) {
                got(handle, stream, end, mark.known());
            }
            return new Tree.Page(mark.fd, mark.inode, to);
        } finally {
            waiters.leave();
        }
    }

    /** Says where somebody may write himself who is alone in writing, behind all there is: nobody has read there. */
    Tree.@Nullable Loan lendRoom(Handle handle, long offset, int length) {
        RegularFile file = handle.file;
        waiters.enter();
        try {
            absorb(file);
            Content content = file.content;
            Stream stream = file.stream;
            boolean mayBe = content != null
                    && handle.writes()
                    && !handle.appends()
                    && file.writers() == 1
                    && offset >= file.size
                    && (stream == null || !stream.given.meet(offset, offset + length));
            int count = length;
            handle.wantsRoom = false;
            if (mayBe && content != null && stream != null && room.isUsedAgain(stream)) {
                count = room.findSome(stream, content, offset, length);
                handle.wantsRoom = count == 0;
                if (count == 0) {
                    return new Tree.Loan(-1, 0, 0, true, null);
                }
            }
            int fd = mayBe && content != null ? content.lendRoom(offset + count) : -1;
            dev.sluice.linux.Attributes found = new dev.sluice.linux.Attributes();
            if (fd < 0 || found.ask(fd) < 0) {
                return null;
            }
            handle.lentFrom = handle.lentTo == offset ? handle.lentFrom : offset;
            handle.lentTo = offset + count;
            Watermark mark = stream == null ? null : tenancy(handle, file, stream, offset);
            Tree.Page page = mark == null ? null : new Tree.Page(mark.fd, mark.inode, handle.lentTo);
            return new Tree.Loan(fd, found.inode(), count, false, page);
        } finally {
            waiters.leave();
        }
    }

    /** The gauge that a writer moves, if he goes on where all ends that is there. */
    private @Nullable Watermark tenancy(Handle handle, RegularFile file, Stream stream, long offset) {
        Watermark mark = file.watermark;
        long level = stream.written.available(0);
        if (mark != null && mark.tenant == handle && offset == level) {
            return mark;
        }
        retire(file); // behind a gap nobody moves it, since it would tell that the gap is written
        if (stream.phase == Phase.GROWING && offset == level && file.size == level && !witness.isThere()) {
            file.watermark = Watermark.open(handle, level);
        }
        return file.watermark;
    }

    /** Somebody has written where he was let. {@return how much of it was not known by the gauge} */
    int wrote(Handle handle, int writer, long offset, int length) throws Refusal {
        waiters.enter();
        try {
            if (length < 0 || offset < handle.lentFrom || offset > handle.lentTo - length) {
                throw Refusal.of(Errno.EINVAL);
            }
            handle.writer = writer;
            handle.isAbandoned = false;
            RegularFile file = handle.file;
            absorb(file);
            Watermark mark = file.watermark;
            long end = offset + length;
            long from = mark != null && mark.tenant == handle ? Math.clamp(mark.known(), offset, end) : offset;
            if (from < end) {
                take(file, handle, from, end);
            }
            return (int) (end - from);
        } finally {
            waiters.leave();
        }
    }

    private void take(RegularFile file, Handle writer, long from, long to) {
        Stream stream = file.stream;
        if (stream != null && stream.given.meet(from, to)) {
            chronicle.changed(stream, from, writer.session); // another one has written there meanwhile
        }
        bytes.written(writer, file.content, from, to - from, false);
    }

    /** Takes over what the writer of a file has said by its gauge. Called with the lock held, before anybody asks how far it is. */
    void absorb(RegularFile file) {
        Watermark mark = file.watermark;
        Handle tenant = mark == null ? null : mark.tenant;
        if (mark == null || tenant == null) {
            return;
        }
        long from = mark.known();
        long to = mark.told();
        if (from < to) {
            mark.follow(to);
            take(file, tenant, from, to);
            for (long at = from; at < to; at += Integer.MAX_VALUE) {
                recorder.written(tenant, at, (int) Math.min(to - at, Integer.MAX_VALUE));
            }
            passed(file, from, to);
            Stream stream = file.stream;
            if (file.watermark == mark) {
                mark.gauge.want(stream != null && !stream.waits.isEmpty());
            }
        }
    }

    /** Somebody is about to wait for bytes: who writes them by himself is to tell of them at once. Called with the lock held. */
    void want(RegularFile file) {
        Watermark mark = file.watermark;
        if (mark != null && mark.tenant != null) {
            mark.gauge.want(true);
            VarHandle.fullFence(); // he says what he has written and then looks whether that is wanted
            absorb(file);
            mark.gauge.want(true);
        }
    }

    /** Bytes have come, by whomever. Called with the lock held. */
    void grown(Handle writer, Stream stream) {
        RegularFile file = writer.file;
        Watermark mark = file.watermark;
        Content content = file.content;
        if (mark == null) {
            return;
        }
        long from = mark.known();
        long level = stream.written.available(0);
        boolean isOthers = mark.tenant != null && mark.tenant != writer && level > from;
        if (isOthers || content == null || !content.isInMemory()) {
            retire(file); // another one has written, or it goes on where nobody reads by himself
        } else if (level > from) {
            passed(file, from, level);
            mark.raise(level);
        }
    }

    /** Who reads by the gauge has got what it has passed. */
    private void passed(RegularFile file, long from, long to) {
        Stream stream = file.stream;
        if (stream == null) {
            return;
        }
        for (Handle handle : file.handles) {
            long start = Math.max(from, handle.aheadFrom);
            long end = Math.min(to, handle.aheadTo);
            if (start < end) {
                got(handle, stream, start, end);
            }
        }
    }

    private void got(Handle handle, Stream stream, long from, long to) {
        stream.given.add(from, to);
        stream.reader = handle.session == null ? null : handle.session.step();
        for (long at = from; at < to; at += Integer.MAX_VALUE) {
            recorder.read(handle, at, (int) Math.min(to - at, Integer.MAX_VALUE));
        }
    }

    /** What a file's gauge says counts for the last time: who goes by it has to ask. Called with the lock held. */
    void retire(RegularFile file) {
        absorb(file);
        Watermark mark = file.watermark;
        if (mark != null) {
            file.watermark = null;
            mark.retire();
        }
    }

    /** An open file is about to be closed. Called with the lock held. */
    void closing(Handle handle) {
        RegularFile file = handle.file;
        absorb(file);
        Watermark mark = file.watermark;
        if (mark == null) {
            return;
        }
        boolean isUsed = false;
        for (Handle other : file.handles) {
            isUsed |= other != handle && (other == mark.tenant || (mark.tenant == null && other.aheadTo > 0));
        }
        if (!isUsed) {
            retire(file);
        }
    }
}
