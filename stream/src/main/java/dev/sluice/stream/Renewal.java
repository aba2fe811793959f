package dev.sluice.stream;

import dev.sluice.stream.Gate.Phase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Lets a step that runs once more begin anew: the names that an earlier run has given are free again, and who asks for them
 * waits. Owned by the workflow's lock.
 */
final class Renewal {
    private final Naming naming;
    private final Streams streams;
    private final Steps steps;
    private final Chronicle chronicle;

    Renewal(Naming naming, Streams streams, Steps steps, Chronicle chronicle) {
        this.naming = naming;
        this.streams = streams;
        this.steps = steps;
        this.chronicle = chronicle;
    }

    /**
     * Begins, after the step's new run has been counted.
     *
     * @param step the step
     * @param isRepeated which of its earlier runs is repeated
     * @return what may have changed in the eyes of who keeps what was settled
     */
    List<Node> of(String step, Predicate<Session> isRepeated) {
        chronicle.renewed(step);
        List<Node> renewed = new ArrayList<>();
        inside(naming.root, step, session -> session.step().equals(step) && isRepeated.test(session), renewed);
        return renewed;
    }

    private void inside(Directory directory, String step, Predicate<Session> isRepeated, List<Node> renewed) {
        for (Node node : nodes(directory)) {
            Stream stream = Tree.stream(node);
            if (stream != null && !stream.isImplied && of(node, stream, step, isRepeated)) {
                chronicle.renewed(stream);
                renewed.add(node);
            }
            if (node instanceof Directory below) {
                inside(below, step, isRepeated, renewed);
            }
        }
    }

    private static Collection<Node> nodes(Directory directory) {
        List<Node> nodes = new ArrayList<>(directory.expected());
        for (Entry entry : directory.entries()) {
            if (entry.node != null) {
                nodes.add(entry.node);
            }
        }
        return nodes;
    }

    private boolean of(Node node, Stream stream, String step, Predicate<Session> isRepeated) {
        boolean isHis = stream.contract.isProducer(step) || stream.writers.contains(step);
        boolean isRepetition =
                !stream.authors().isEmpty() && stream.authors().stream().allMatch(isRepeated);
        if (!isHis) {
            return false;
        }
        if (node instanceof RegularFile file && isRepetition) {
            naming.letGo(file);
            streams.letGo(stream);
            Openings.release(file);
            return true;
        }
        Phase before = stream.phase;
        Phase now = switch (before) {
            case MISSING -> Phase.EXPECTED;
            case FAILED -> isBroken(stream) ? before : isUntouched(node, stream) ? Phase.PRIOR : Phase.GROWING;
            case COMMITTED -> isUntouched(node, stream) ? Phase.PRIOR : isRepetition ? Phase.GROWING : before;
            case EXPECTED, PRIOR, GROWING -> before;
        };
        if (now != before) {
            streams.renew(stream, now);
        }
        return now != before;
    }

    /** Is there another run that has failed and must be repeated before it can be complete? */
    private boolean isBroken(Stream stream) {
        return steps.hasFailed(stream.contract.producers()) || steps.hasFailed(stream.writers);
    }

    /** Is it from before, and has nobody written it? */
    private static boolean isUntouched(Node node, Stream stream) {
        return node instanceof RegularFile file
                && !file.isInMemory()
                && stream.authors().isEmpty();
    }
}
