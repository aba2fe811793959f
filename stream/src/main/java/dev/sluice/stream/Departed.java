package dev.sluice.stream;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has been read under a path that leads to it no more. Had its steps run one after the other, its reader would have got
 * what comes there next. Owned by the workflow's lock.
 */
final class Departed {
    /**
     * What has gone.
     *
     * @param file the number of its file, which no other one gets
     * @param reader the step that has read it last, or null for a process of none
     * @param wasComplete whether that had it as complete
     */
    private record Left(long file, @Nullable String reader, boolean wasComplete) {}

    private final Map<String, Left> byPath = new HashMap<>();
    private final Chronicle chronicle;

    Departed(Chronicle chronicle) {
        this.chronicle = chronicle;
    }

    /** A path does not lead to a stream any more. */
    void leave(Stream stream) {
        boolean wasComplete = stream.taker != null;
        if ((wasComplete || stream.given.end() > 0) && stream.file != null) {
            String reader = wasComplete ? stream.taker : stream.reader;
            byPath.put(stream.path(), new Left(stream.file.id(), reader, wasComplete));
        }
    }

    /** Somebody writes what a path leads to now. Who has read there before, and put something else there himself, knows it. */
    void compare(Stream stream, Session writer) {
        Left before = byPath.isEmpty() ? null : byPath.remove(stream.path());
        if (before == null || writer.step().equals(before.reader)) {
            return;
        }
        if (stream.file == null || stream.file.id() != before.file) {
            chronicle.replaced(stream, before.reader, before.wasComplete, writer);
        }
    }
}
