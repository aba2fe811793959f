package dev.sluice.stream;

import org.jspecify.annotations.Nullable;

/**
 * One request of a process, as a door brings it.
 *
 * <p>An operation on {@link Tree} either answers, or throws {@link Refusal}, or throws {@link Parked}; then the request
 * belongs to the workflow until it is {@linkplain #resume resumed} or {@linkplain Tree#cancel cancelled}, whichever comes
 * first, and never both. One thread at a time brings a request.
 */
@SuppressWarnings("exports") // users need not have JSpecify
public abstract class Request {
    /** What it waits for; owned by the workflow's lock. */
    @Nullable
    Wait wait;

    /** What its name led to when it began to wait, until it asks again; null when it has not waited. Owned by the workflow's lock. */
    @Nullable
    Stream awaited;

    /** Has it waited longer than it may? Owned by the workflow's lock. */
    boolean isExpired;

    /** Would it wait for ever, because steps wait for each other? Owned by the workflow's lock. */
    boolean isDeadlocked;

    /** Has it waited for room in vain? Owned by the workflow's lock. */
    boolean isPressed;

    /** For doors. */
    protected Request() {}

    /** {@return the number of the calling thread, as the kernel gives it; 0 when it is not known} */
    public abstract int task();

    /** {@return the user who owns what is created} */
    public abstract int user();

    /** {@return the group of what is created} */
    public abstract int group();

    /** {@return the permissions that it denies to what it makes, unless the directory lays down others; none if not overridden} */
    public int umask() {
        return 0;
    }

    /** {@return whether who {@linkplain Workflow.Keeper keeps} what it is told asks, and so knows itself what it changes} */
    protected boolean isOfKeeper() {
        return false;
    }

    /** {@return the step in whose name it asks, or null for a process that belongs to none} */
    public abstract @Nullable Session session();

    /** Asks again. Called at most once for each time it was parked, by any thread, which holds no lock; must not block. */
    protected abstract void resume();
}
