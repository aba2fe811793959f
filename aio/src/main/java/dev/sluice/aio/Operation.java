package dev.sluice.aio;

import dev.sluice.linux.Errno;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * One read, write or sync in flight, which is the future of its result too.
 *
 * <p>It owns its memory and a pin on its file until it is settled, which happens once, when the kernel has let go of
 * both. Therefore whoever cancels it, or completes it from outside (as {@code orTimeout} does), only <em>asks</em>: the
 * future completes with his outcome when the kernel has stopped, or with the real one when that came first.
 *
 * <p>Its plain fields belong to the thread that executes it: the one that started it, until it is handed to the
 * context, then the context's.
 */
final class Operation extends Stoppable<Long> {
    enum Kind {
        READ("reading"),
        WRITE("writing"),
        FORCE("bringing to the disk"),
        FORCE_DATA("bringing to the disk");

        private final String doing;

        Kind(String doing) {
            this.doing = doing;
        }
    }

    final Kind kind;
    final SharedFile file;
    final long position;
    final long length;

    /** The memory given to the kernel as it is; unused when there are pieces. */
    final MemorySegment memory;

    /** Several buffers, or such as have to be copied. */
    final @Nullable Pieces pieces;

    /** The caller's buffers, whose positions move on success; none for segments. */
    private final ByteBuffer @Nullable [] buffers;

    private final @Nullable ByteBuffer buffer;

    long done;
    private boolean ended;
    private @Nullable Throwable failure;

    /** Where its pin on the file was taken; -1 when it holds none. */
    int stripe = -1;

    /** The context's own bookkeeping: under which number the ring knows it, and the next in its queue. */
    long ringId = -1;

    @Nullable
    Operation next;

    /** Held so that the file is not taken for forgotten while it is used. */
    @SuppressWarnings({"unused", "FieldCanBeLocal"})
    private final AsyncFile owner;

    private Operation(
            AsyncFile owner,
            Kind kind,
            MemorySegment memory,
            @Nullable Pieces pieces,
            @Nullable ByteBuffer buffer,
            ByteBuffer @Nullable [] buffers,
            long position) {
        super(owner.context());
        this.kind = kind;
        this.owner = owner;
        this.file = owner.shared();
        this.memory = memory;
        this.pieces = pieces;
        this.buffer = buffer;
        this.buffers = buffers;
        this.position = position;
        this.length = pieces == null ? memory.byteSize() : pieces.length();
    }

    static Operation force(AsyncFile file, boolean metadata) {
        Kind kind = metadata ? Kind.FORCE : Kind.FORCE_DATA;
        return new Operation(file, kind, MemorySegment.NULL, null, null, null, 0);
    }

    /**
     * Makes a transfer.
     *
     * @param pinned whether the memory may be given to the kernel although it is confined, since its thread waits
     */
    static Operation of(AsyncFile file, Kind kind, MemorySegment memory, long position, boolean pinned) {
        return new Operation(
                file,
                kind,
                memory,
                Pieces.copiedUnlessUsable(memory, kind, pinned, file.shared().isCalledElsewhere()),
                null,
                null,
                position);
    }

    static Operation of(AsyncFile file, Kind kind, ByteBuffer buffer, long position, boolean pinned) {
        MemorySegment memory = MemorySegment.ofBuffer(buffer);
        return new Operation(
                file,
                kind,
                memory,
                Pieces.copiedUnlessUsable(memory, kind, pinned, file.shared().isCalledElsewhere()),
                buffer,
                null,
                position);
    }

    static Operation of(AsyncFile file, Kind kind, ByteBuffer[] buffers, long position, boolean pinned) {
        ByteBuffer[] own = buffers.clone();
        return new Operation(
                file,
                kind,
                MemorySegment.NULL,
                Pieces.of(own, kind, pinned, file.shared().isCalledElsewhere()),
                null,
                own,
                position);
    }

    /** Takes the pin on the file; when that is closed, ends the operation. */
    boolean pinFile() {
        if (context().isClosed()) {
            endWith(contextClosedException());
            return false;
        }
        stripe = file.pin();
        if (stripe < 0) {
            endWith(file.closedException());
            return false;
        }
        return true;
    }

    Failures.Closed contextClosedException() {
        return new Failures.Closed(file.name() + ": " + action() + " was not started: " + context() + " is closed");
    }

    Failures.ClosedInUse contextClosedInUseException() {
        return new Failures.ClosedInUse(file.name() + ": " + context() + " was closed while " + action());
    }

    /** Where the next call's bytes lie in the file. */
    long offset() {
        return position + done;
    }

    /**
     * Takes the result of a call.
     *
     * @param result bytes moved, 0 at the end, or a negated error number
     * @return true when the operation has ended and is to be settled; false when it needs another call
     */
    boolean advance(long result) {
        if (result < 0) {
            return ended(result);
        }
        if (kind != Kind.READ && kind != Kind.WRITE) {
            return end();
        }
        if (result == 0) {
            if (kind == Kind.WRITE && length > 0) {
                failure = new FileSystemException(file.name(), null, action() + " failed: the kernel took no byte");
            }
            return end();
        }
        if (pieces != null && kind == Kind.READ) {
            try {
                pieces.arrived(done, result);
            } catch (Throwable e) {
                return endWithThrown(e);
            }
        }
        done += result;
        if (done >= length || isShortForGood()) {
            return end();
        }
        return isAsked(); // then it has not ended, but stopped half-way
    }

    /** True where the kernel's short answer is the answer, and asking for the rest would wait or fail. */
    private boolean isShortForGood() {
        return kind == Kind.READ && (!file.isPositional() || file.isUnaligned(done));
    }

    private boolean ended(long result) {
        if (!isAsked() && (result == Errno.EINTR.negated() || result == Errno.EAGAIN.negated())) {
            return false;
        }
        if (isAsked() && (result == Errno.ECANCELED.negated() || result == Errno.EINTR.negated())) {
            return true; // it has not ended, but stopped: a force that was stopped must not pass for done
        }
        return endWith(Errno.exception(result, file.name(), action()));
    }

    /** Ends the operation with what it has done. */
    boolean end() {
        ended = true;
        return true;
    }

    /** Ends the operation with an error of ours. */
    boolean endWith(Throwable reason) {
        failure = reason;
        return end();
    }

    /** Ends the operation with what using its memory or its channel has thrown. */
    boolean endWithThrown(Throwable reason) {
        return endWith(
                pieces != null && reason.getClass() == IllegalStateException.class
                        ? new IOException(file.name() + ": the buffer of " + action() + " was freed", reason)
                        : reason);
    }

    /** What the blocking forms answer; only after it has ended. */
    long value() {
        return done == 0 && length > 0 && kind == Kind.READ ? -1 : done;
    }

    /** Gives back what the operation owns, and completes the future, on the calling thread. */
    void settle() {
        assert ended || isAsked() : "an operation was settled before it ended: " + action();
        try {
            letGo();
        } catch (Throwable e) {
            failure = e;
            ended = true;
        }
        if (stripe >= 0) {
            file.giveBack(stripe);
            stripe = -1;
            file.releaseWhenClosed();
        }
        if (ended && failure == null) {
            succeed(file.box(value()));
        } else {
            fail(failure);
        }
    }

    private void letGo() {
        if (pieces != null) {
            pieces.release();
        }
        if (ended && failure == null) {
            movePositions();
        }
        if (kind == Kind.WRITE) {
            file.changed();
        }
    }

    private void movePositions() {
        try {
            if (buffer != null) {
                buffer.position(buffer.position() + (int) done);
            } else if (buffers != null) {
                long rest = done;
                for (ByteBuffer each : buffers) {
                    int step = (int) Math.min(rest, each.remaining());
                    each.position(each.position() + step);
                    rest -= step;
                }
            }
        } catch (IllegalArgumentException e) {
            failure = new IllegalStateException(
                    file.name() + ": " + action() + " has ended, but its buffer was changed meanwhile", e);
        }
    }

    @Override
    void stop() {
        if (!file.open.isStopped(this)) {
            context().stop(this);
        }
    }

    @Override
    String describe() {
        return file.name() + ": " + action();
    }

    /** What is done, without to which file. */
    String action() {
        return switch (kind) {
            case READ, WRITE -> kind.doing + " " + length + " bytes" + (file.isPositional() ? " at " + position : "");
            case FORCE, FORCE_DATA -> kind.doing;
        };
    }

    @Override
    public String toString() {
        return describe() + " (" + (isDone() ? "done" : done + " bytes so far") + ")";
    }
}
