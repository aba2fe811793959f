package dev.sluice.stream;

import dev.sluice.language.FireRule;

/**
 * Decides whether a request may go on: a pure function of what is asked, who asks, how far the file is, and its fire rule.
 * There is no other place with rules of its own.
 */
final class Gate {
    private Gate() {}

    /** What is asked of a file or directory. */
    enum Ask {
        /** Open it for reading; a directory, for listing. */
        OPEN,
        /** Open it for writing, or change it. */
        WRITE,
        /** Read at a place, or list on. */
        READ,
        /** Its attributes, by its name. */
        STAT,
        /** Its attributes, by a descriptor that is open. */
        STAT_OPEN
    }

    /** Who asks, seen from the file. */
    enum Role {
        /** A step that produces it, or has written it. */
        PRODUCER,
        /** A step that consumes what another one produces. */
        CONSUMER,
        /** Anybody else. */
        BYSTANDER
    }

    /** How far a file is. */
    enum Phase {
        /** It is not there, and a step may still make it. */
        EXPECTED,
        /** It is there from before the run, and a step may still make it anew. */
        PRIOR,
        /** It is being written. */
        GROWING,
        /** It is complete. */
        COMMITTED,
        /** Who should complete it has failed. */
        FAILED,
        /** It is not there, and nobody is left to make it. */
        MISSING
    }

    /** What is to be done with a request. */
    enum Decision {
        /** Go on. */
        GO,
        /** Wait until the file's phase changes, or bytes come. */
        WAIT,
        /** It is not there: ENOENT. */
        ABSENT,
        /** What it needs will never be: EIO. */
        BROKEN
    }

    /**
     * Decides.
     *
     * @param ask what is asked
     * @param role who asks
     * @param phase how far the file is
     * @param fire its fire rule
     * @param isThere of {@link Ask#READ}: whether what it asks for is written
     * @return what is to be done
     */
    static Decision decide(Ask ask, Role role, Phase phase, FireRule fire, boolean isThere) {
        return switch (phase) {
            case MISSING -> Decision.ABSENT;
            case EXPECTED -> role == Role.CONSUMER && ask != Ask.WRITE ? Decision.WAIT : Decision.ABSENT;
            case PRIOR -> role == Role.CONSUMER && ask != Ask.WRITE ? Decision.WAIT : Decision.GO;
            case COMMITTED -> Decision.GO;
            case FAILED -> role == Role.CONSUMER && ask != Ask.WRITE ? Decision.BROKEN : Decision.GO;
            case GROWING -> role == Role.CONSUMER ? growing(ask, fire, isThere) : Decision.GO;
        };
    }

    private static Decision growing(Ask ask, FireRule fire, boolean isThere) {
        boolean streams = fire == FireRule.NO_UPDATE;
        boolean goes = switch (ask) {
            case WRITE -> true;
            case OPEN, STAT_OPEN -> streams;
            case READ -> streams && isThere;
            // A size that is not final would be taken for final.
            case STAT -> false;
        };
        return goes ? Decision.GO : Decision.WAIT;
    }
}
