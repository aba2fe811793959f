package dev.sluice.fuse;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.stream.Request;
import dev.sluice.stream.Session;
import org.jspecify.annotations.Nullable;

/**
 * A request as the kernel sent it. While it is served, one thread owns it; once it waits, whoever {@linkplain #takeUp takes
 * it up}.
 */
final class FuseRequest extends Request {
    private enum State {
        /** A thread serves it. */
        SERVED,
        /** It waits. */
        WAITS,
        /** It waits no more, and will be served again. */
        TAKEN_UP
    }

    private final Connection connection;
    private long unique;
    private Device device;
    private int opcode;
    private int user;
    private int group;
    private int task;
    private int umask;
    private boolean knowsSession;
    private @Nullable Session session;

    /** The request's own bytes, once it has waited. */
    private byte @Nullable [] bytes;

    /** The unique number of the request that its caller has given up. */
    private volatile long interrupted;

    @GuardedBy("this")
    private State state = State.SERVED;

    /** Was it resumed before it was known to wait? */
    @GuardedBy("this")
    private boolean isResumed;

    FuseRequest(Connection connection, Device device) {
        this.connection = connection;
        this.device = device;
    }

    /** One more request begins. */
    void begin(Device from, int what, long number, int itsUser, int itsGroup, int itsTask) {
        device = from;
        opcode = what;
        unique = number;
        user = itsUser;
        group = itsGroup;
        task = itsTask;
        umask = 0;
        knowsSession = false;
        session = null;
    }

    /** Served again, from its start. */
    synchronized void beginAgain() {
        state = State.SERVED;
        isResumed = false;
    }

    long unique() {
        return unique;
    }

    Device device() {
        return device;
    }

    int opcode() {
        return opcode;
    }

    @Override
    public int task() {
        return task;
    }

    @Override
    public int user() {
        return user;
    }

    @Override
    public int group() {
        return group;
    }

    @Override
    public int umask() {
        return umask;
    }

    /** {@return this, which makes something} */
    FuseRequest with(int itsUmask) {
        umask = itsUmask;
        return this;
    }

    @Override
    public @Nullable Session session() {
        if (!knowsSession) {
            session = connection.service().session(task);
            knowsSession = true;
        }
        return session;
    }

    void keep(byte @Nullable [] itsBytes) {
        bytes = itsBytes;
    }

    byte @Nullable [] kept() {
        return bytes;
    }

    /** From now on it waits; unless it was resumed already, then it does not, and this answers false. */
    synchronized boolean waits() {
        if (isResumed) {
            state = State.TAKEN_UP;
            isResumed = false;
            return false;
        }
        state = State.WAITS;
        return true;
    }

    /** {@return true to the one who ends its waiting, and has to serve or answer it now} */
    synchronized boolean takeUp() {
        if (state == State.WAITS) {
            state = State.TAKEN_UP;
            return true;
        }
        isResumed = true;
        return false;
    }

    synchronized boolean isWaiting() {
        return state == State.WAITS;
    }

    /** Its caller has given up the request of this number, which may be over by now. */
    void interrupt(long number) {
        interrupted = number;
    }

    boolean isInterrupted() {
        return interrupted == unique;
    }

    @Override
    protected boolean isOfKeeper() {
        return true;
    }

    @Override
    protected void resume() {
        connection.resume(this);
    }
}
