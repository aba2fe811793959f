package dev.sluice.stream;

import dev.sluice.language.Contract;
import dev.sluice.language.FireRule;
import dev.sluice.linux.Errno;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Gate.Phase;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * When memory is short, lets who writes a streamed file wait until its readers have come further, and uses the room again of
 * what all of them have read. Owned by the workflow's lock.
 *
 * <p>A writer waits only as long as somebody reads: after a while without that, what it writes goes to disk. So no wait for
 * room hangs on another wait.
 */
final class Room {
    /** So long a writer waits while nobody reads. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Less than this is given back only when a reader has got all there is. */
    private static final long WORTH = 1 << 20;

    private static final int PARTS = 16;

    private final boolean isOn;
    private final Keep keep;
    private final Waiters waiters;
    private final Steps steps;
    private final Chronicle chronicle;

    /** Those whose writers wait, or have. */
    private final Set<Stream> pressed = new LinkedHashSet<>();

    Room(boolean isOn, Keep keep, Waiters waiters, Steps steps, Chronicle chronicle) {
        this.isOn = isOn;
        this.keep = keep;
        this.waiters = waiters;
        this.steps = steps;
        this.chronicle = chronicle;
    }

    /** Is any room used again? */
    boolean isOn() {
        return isOn;
    }

    /** Is a file's room used again when it has been read? */
    boolean isUsedAgain(Stream stream) {
        Contract contract = stream.contract;
        boolean stays = keep == Keep.ALL || (keep == Keep.PERMANENT && contract.isPermanent());
        return isOn
                && !stays
                && stream.phase == Phase.GROWING
                && stream.fire() == FireRule.NO_UPDATE
                && !contract.consumers().isEmpty();
    }

    /** Finds room up to a place for who is about to write, or lets him wait. Without any, what he writes goes to disk. */
    void find(Request request, Handle handle, Content content, long end) throws Parked {
        Stream stream = handle.file.stream;
        if (stream == null || !isUsedAgain(stream)) {
            return;
        }
        boolean isUnread = handle.wantsRoom && done(stream, handle.file) < stream.written.available(0);
        long wanted = isUnread ? end + least(content) : end;
        if (content.reserve(wanted)) {
            return;
        }
        giveBack(stream);
        if (content.reserve(wanted)) {
            return;
        }
        boolean mayWait = !request.isPressed && !request.isExpired;
        request.isPressed = false;
        request.isExpired = false;
        if (mayWait && !steps.areOver(stream.contract.consumers())) {
            pressed.add(stream);
            Wait wait = new Wait(request, stream, null, end);
            Parked parked = waiters.park(wait);
            watch(wait, stream.readings);
            throw parked;
        }
    }

    /** {@return how much room there has to be for lending it} */
    private static long least(Content content) {
        return Math.clamp(content.window() / PARTS, SmallFiles.MOST_BYTES, WORTH);
    }

    /** Finds room for who writes in place. {@return how much, at most what was wanted; 0 when readers have to come further} */
    int findSome(Stream stream, Content content, long from, int wanted) {
        long most = Math.min(wanted, content.window());
        long least = Math.min(most, least(content));
        for (boolean isGivenBack = content.givenBack() > 0; ; isGivenBack = true) {
            if (isGivenBack) {
                giveBack(stream);
            }
            for (long count = most; count >= least; count /= 2) {
                if (content.reserve(from + count)) {
                    return (int) count;
                }
            }
            if (isGivenBack) {
                return 0;
            }
        }
    }

    private void watch(Wait wait, long readings) {
        waiters.later(
                () -> {
                    waiters.enter();
                    try {
                        if (wait.request.wait != wait) {
                            return;
                        }
                        if (wait.stream.readings != readings) {
                            watch(wait, wait.stream.readings);
                        } else {
                            waiters.refuse(wait, request -> request.isPressed = true);
                        }
                    } finally {
                        waiters.leave();
                    }
                },
                PATIENCE);
    }

    /** A consumer has got bytes. */
    void read(Handle handle, long from, long to) {
        Stream stream = handle.file.stream;
        Session session = handle.session;
        if (stream == null || session == null || !handle.streams || !isUsedAgain(stream)) {
            return;
        }
        stream.readings++;
        if (handle.read == null) {
            handle.read = new Extents();
        }
        handle.read.add(from, to);
        stream.readBy(session, from, to);
        if (!pressed.isEmpty()) {
            long done = done(stream, handle.file);
            Content content = handle.file.content;
            boolean hasAll = done >= stream.written.available(0);
            boolean isWorth = hasAll || (content != null && done - content.givenBack() >= WORTH);
            if (content != null && isWorth && (content.giveBackUpTo(done) || hasAll)) {
                wake();
            }
        }
    }

    /** A session has ended: nobody waits for its reading any more. */
    void ended() {
        wake();
    }

    private void wake() {
        for (Stream stream : List.copyOf(pressed)) {
            waiters.wake(stream, wait -> wait.ask == null);
        }
        pressed.removeIf(stream -> stream.phase != Phase.GROWING);
    }

    private void giveBack(Stream stream) {
        RegularFile file = stream.file;
        if (file != null && file.content != null) {
            file.content.giveBackUpTo(done(stream, file));
        }
    }

    /** {@return up to where all have read who will} */
    private long done(Stream stream, RegularFile file) {
        long done = stream.written.available(0);
        for (String step : stream.contract.consumers()) {
            int reading = 0;
            for (Session session : stream.readBy.keySet()) {
                if (session.step().equals(step) && !session.hasEnded()) {
                    reading++;
                    done = Math.min(done, done(stream, file, session));
                }
            }
            if (steps.isToCome(step, reading)) {
                return 0; // it has not begun to read
            }
        }
        return done;
    }

    private static long done(Stream stream, RegularFile file, Session session) {
        long least = Long.MAX_VALUE;
        for (Handle handle : file.handles) {
            if (handle.session == session && handle.streams) {
                long read = handle.read == null ? 0 : handle.read.available(0);
                least = Math.min(least, handle.place < 0 ? read : Math.min(read, handle.place));
            }
        }
        Extents all = stream.readBy.get(session);
        return least < Long.MAX_VALUE || all == null ? least : all.available(0);
    }

    /** Refuses to read what has been given back. */
    void require(Request request, RegularFile file, long offset) throws Refusal {
        Stream stream = file.stream;
        if (file.content != null && stream != null && offset < file.content.givenBack()) {
            chronicle.gone(stream, request.session());
            throw Refusal.of(Errno.EIO);
        }
    }
}
