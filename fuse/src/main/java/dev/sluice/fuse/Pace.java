package dev.sluice.fuse;

/**
 * How long a thread at the device looks for the next request before it falls asleep. A program that asks one thing after the
 * other waits for each answer, and most of that time goes by until a processor has woken up. So as long as one program's
 * requests come quickly, the thread stays awake for them; when that was in vain too soon, it becomes slower to do it again.
 * Owned by its thread.
 */
final class Pace {
    /** So long a thread looks; it takes a processor for that. */
    static final long AWAKE_NANOS = 50_000;

    /** A request that comes later is not quick. */
    static final long QUICK_NANOS = 100_000;

    /** After so many quick ones in a row, it stays awake; after more, when that was in vain. */
    static final int LEAST = 16;

    static final int MOST = 256;

    /** Looking in vain is no matter when it has found so many before: less than one part in twenty is lost. */
    static final int WORTH = 64;

    private final boolean mayStayAwake;
    private int asker;
    private int quick;
    private int needed = LEAST;

    /** For how many requests it has stayed awake with success, since it was in vain. */
    private int found;

    /** For a machine with so many processors; with one, who stays awake keeps the asker from it. */
    Pace(int processors) {
        mayStayAwake = processors > 1;
    }

    /** {@return for how long to look for the next request; 0 when not at all} */
    long awakeNanos() {
        return mayStayAwake && quick >= needed ? AWAKE_NANOS : 0;
    }

    /**
     * A request has come.
     *
     * @param from the thread that asks; 0 when nobody waits for the answer
     * @param waited for how long it was waited for
     * @param isLong whether it takes long
     */
    void came(int from, long waited, boolean isLong) {
        boolean isOfTheSame = from == 0 || from == asker;
        asker = from == 0 ? asker : from;
        found = awakeNanos() > 0 ? found + 1 : found;
        quick = isOfTheSame && !isLong && waited < QUICK_NANOS ? Math.min(quick + 1, MOST) : 0;
    }

    /** None has come while it was looked for. */
    void missed() {
        needed = found >= WORTH ? LEAST : Math.min(2 * needed, MOST);
        found = 0;
        quick = 0;
    }
}
