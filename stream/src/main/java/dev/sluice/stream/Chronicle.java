package dev.sluice.stream;

import org.jspecify.annotations.Nullable;

/** Is told what happens to streams; called with the workflow's lock held, so quickly. */
interface Chronicle {
    /** It will never be complete, since a step has failed; null when several have. */
    void failed(Stream stream, @Nullable String step);

    /** What has failed is made once more, so that is not to be told. */
    void renewed(Stream stream);

    /** What a step could not get it may get now that it begins anew. */
    void renewed(String step);

    /** Somebody wanted a file that has failed. */
    void hit(Stream stream, @Nullable Session session);

    /** A wait has lasted longer than it may. */
    void timedOut(Stream stream, @Nullable Session session);

    /** Steps wait for each other; a sentence that says so, and who has got an error. */
    void deadlocked(String sentence, @Nullable Session victim);

    /** Somebody wanted bytes again that had been given back when all had read them. */
    void gone(Stream stream, @Nullable Session session);

    /** A file is not kept to be looked at, because not all of its bytes are left. */
    void lost(Stream stream);

    /** What somebody has written by a mapping is nowhere. */
    void unstored(Handle handle, Refusal reason);

    /** It is made anew, so that does not matter any more. */
    void stored(RegularFile file);

    /** A writer has changed what a reader already got. */
    void changed(Stream stream, long offset, @Nullable Session writer);

    /** Somebody has written into a file that was complete, and that a consumer has had as it was. */
    void late(Stream stream, long offset, @Nullable Session writer);

    /** A step has put another file in the place of one of which a reader already got something. */
    void replaced(Stream stream, @Nullable String reader, boolean wasComplete, Session writer);
}
