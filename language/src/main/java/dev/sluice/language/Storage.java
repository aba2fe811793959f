package dev.sluice.language;

import java.util.List;

/**
 * Where files' bytes are kept while they flow.
 *
 * @param memory files kept in memory
 * @param disk files kept in the file system; a flow file says {@code fs}
 */
public record Storage(List<String> memory, List<String> disk) {
    /** What a flow says that does not speak of storage. */
    public static final Storage UNSAID = new Storage(List.of(), List.of());

    /** Where one file's bytes are kept. */
    public enum Place {
        /** The flow does not say: in memory, and on disk what does not fit. */
        AUTOMATIC,
        /** In memory. */
        MEMORY,
        /** In the file system. */
        DISK
    }

    /** Copies the lists. */
    public Storage {
        memory = List.copyOf(memory);
        disk = List.copyOf(disk);
    }
}
