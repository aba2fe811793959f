package dev.sluice.stream;

import dev.sluice.language.CommitRule;
import dev.sluice.language.Contracts;
import dev.sluice.stream.Gate.Phase;
import dev.sluice.stream.Workflow.Snapshot.FileState;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All streams, by their paths, and which of them are to be looked at when something happens: so nobody goes through all of
 * them. Owned by the workflow's lock.
 */
final class Register {
    private final Contracts contracts;
    private final Map<String, Stream> byPath = new HashMap<>();
    private final Matching matching = new Matching();

    /** Those that may still change: not settled. */
    private final Set<Stream> unsettled = new LinkedHashSet<>();

    /** Those of them that are not there yet. */
    private final Set<Stream> missed = new LinkedHashSet<>();

    /** The directories of which the flow says only what comes into them. */
    private final Set<Stream> implied = new LinkedHashSet<>();

    /** Those whose commit hangs on other files. */
    private final Dependents dependents = new Dependents(this::isComplete);

    Register(Contracts contracts) {
        this.contracts = contracts;
    }

    /** {@return the stream of a path, or null} */
    @Nullable
    Stream at(String path) {
        return byPath.get(path);
    }

    /** One is at its path from now on. {@return the one that was there before, or null} */
    @Nullable
    Stream enter(Stream stream) {
        Stream before = byPath.put(stream.path(), stream);
        if (before != null) {
            matching.went(before);
        }
        matching.came(stream);
        if (stream.phase == Phase.COMMITTED) {
            doubt(stream);
        }
        if (stream.isImplied) {
            implied.add(stream);
        } else if (!stream.isSettled()) {
            maySettle(stream);
        }
        return before;
    }

    /** It may change again. */
    void maySettle(Stream stream) {
        unsettled.add(stream);
        if (stream.phase == Phase.EXPECTED) {
            missed.add(stream);
        }
        if (stream.contract.commit() instanceof CommitRule.OnFile rule) {
            depends(stream, rule);
        }
    }

    private void depends(Stream stream, CommitRule.OnFile rule) {
        for (String file : rule.files()) {
            if (Contracts.isPattern(file)) {
                matching.follow(file, byPath.values());
            }
        }
        dependents.add(stream, rule.files());
    }

    /** What hangs on it may be complete now: that is looked at when something is. */
    private void doubt(Stream stream) {
        if (!dependents.isEmpty()) {
            dependents.doubt(matching.names(stream));
        }
    }

    void become(Stream stream, Phase phase) {
        stream.phase = phase;
        if (phase != Phase.EXPECTED) {
            missed.remove(stream);
        }
        matching.changed(stream);
    }

    /** It changes no more. */
    void settled(Stream stream) {
        unsettled.remove(stream);
        dependents.remove(stream);
    }

    /** Its path is another one's, or nobody's, and what hangs on it does so no more. */
    void leavesPath(Stream stream) {
        doubt(stream);
        byPath.remove(stream.path(), stream);
        matching.went(stream);
        dependents.remove(stream);
    }

    /** A stream's file has got another name or is gone. */
    void forget(Stream stream) {
        leavesPath(stream);
        unsettled.remove(stream);
        missed.remove(stream);
        implied.remove(stream);
    }

    /** Are all complete that a stream's commit hangs on? */
    boolean areComplete(Stream stream, CommitRule.OnFile rule) {
        return dependents.areComplete(stream, rule.files());
    }

    private boolean isComplete(String path) {
        Stream exact = byPath.get(path);
        if (exact != null) {
            return exact.phase == Phase.COMMITTED;
        }
        Boolean are = Contracts.isPattern(path) ? matching.areComplete(path, byPath.values()) : null;
        return are == null ? contracts.file(path).producers().isEmpty() : are;
    }

    /**
     * One is complete.
     *
     * @param look looks at one that hangs on it, whether it is complete as well
     */
    void completed(Stream stream, Consumer<Stream> look) {
        if (!dependents.isEmpty()) {
            dependents.completed(matching.names(stream), look);
        }
    }

    List<Stream> unsettled() {
        return List.copyOf(unsettled);
    }

    List<Stream> missed() {
        return List.copyOf(missed);
    }

    Set<Stream> implied() {
        return implied;
    }

    /** {@return how many files and directories flow, without those of which the flow says only what comes into them} */
    int count() {
        return byPath.size() - implied.size();
    }

    /** {@return how far they are: some of them, those first for which somebody waits, then those that may still change} */
    List<FileState> states(List<Wait> waits, int most) {
        Set<Stream> chosen = new LinkedHashSet<>();
        for (Wait wait : waits) {
            choose(chosen, wait.stream, most);
        }
        unsettled.forEach(stream -> choose(chosen, stream, most));
        for (Stream stream : byPath.values()) {
            if (chosen.size() >= most) {
                break;
            }
            if (!stream.isImplied) {
                choose(chosen, stream, most);
            }
        }
        return chosen.stream().map(Stream::state).toList();
    }

    private static void choose(Set<Stream> chosen, Stream stream, int most) {
        if (chosen.size() < most) {
            chosen.add(stream);
        }
    }
}
