package dev.sluice.stream;

import dev.sluice.stream.Workflow.Snapshot.FileState;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The streams that are told of when there may be too many to tell of all: the first ones. One thread at a time. */
final class Chosen {
    private final Set<Stream> chosen = new LinkedHashSet<>();
    private final int most;

    Chosen(int most) {
        this.most = most;
    }

    /** Adds as many as there is room for; of directories of which the flow says only what comes into them, those with a wait. */
    void addAll(Collection<Stream> streams) {
        for (Stream stream : streams) {
            if (chosen.size() >= most) {
                return;
            }
            if (!stream.isImplied || !stream.waits.isEmpty()) {
                chosen.add(stream);
            }
        }
    }

    /** {@return how far they are} */
    List<FileState> states() {
        return chosen.stream().map(Stream::state).toList();
    }
}
