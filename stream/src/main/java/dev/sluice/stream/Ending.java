package dev.sluice.stream;

import java.util.List;

/**
 * What has happened to a workflow's files.
 *
 * @param kept the paths of the files that are in the underlying directory now
 * @param dropped how many files were let go
 * @param incidents what went wrong, as sentences; also what should stay and could not be written
 * @param warnings what may be wrong, as sentences
 */
public record Ending(List<String> kept, int dropped, List<String> incidents, List<String> warnings) {
    /** What stays in the underlying directory when a workflow has ended. */
    public enum Keep {
        /** Every file that is complete, also temporary ones. */
        ALL,
        /** What the flow calls permanent, and what no step consumes; after a failure everything, to look at. */
        PERMANENT,
        /** Nothing that flows. */
        NONE
    }

    /** Copies the lists. */
    public Ending {
        kept = List.copyOf(kept);
        incidents = List.copyOf(incidents);
        warnings = List.copyOf(warnings);
    }
}
