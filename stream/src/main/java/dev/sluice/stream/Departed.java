package dev.sluice.stream;

import java.util.HashMap;
import java.util.Map;

/**
 * What has been read under a path that leads to it no more. Had its steps run one after the other, its reader would have got
 * what comes there next. Owned by the workflow's lock.
 */
final class Departed {
    private final Map<String, Stream> byPath = new HashMap<>();
    private final Chronicle chronicle;

    Departed(Chronicle chronicle) {
        this.chronicle = chronicle;
    }

    /** A path does not lead to a stream any more. */
    void leave(Stream stream) {
        if (stream.given.end() > 0) {
            byPath.put(stream.path(), stream);
        }
    }

    /** Somebody writes what a path leads to now. Who has read there before, and put something else there himself, knows it. */
    void compare(Stream stream, Session writer) {
        Stream before = byPath.isEmpty() ? null : byPath.remove(stream.path());
        if (before != null && before.file != stream.file && !writer.step().equals(before.reader)) {
            chronicle.replaced(before, writer);
        }
    }
}
