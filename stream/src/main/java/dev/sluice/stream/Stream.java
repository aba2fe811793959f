package dev.sluice.stream;

import dev.sluice.language.Contract;
import dev.sluice.language.FireRule;
import dev.sluice.language.Rule.Kind;
import dev.sluice.stream.Gate.Ask;
import dev.sluice.stream.Gate.Decision;
import dev.sluice.stream.Gate.Phase;
import dev.sluice.stream.Gate.Role;
import dev.sluice.stream.Workflow.Snapshot.FileState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of a path that the flow speaks of: how far it is, who wrote it, who waits. Owned by the workflow's lock. */
final class Stream {
    final Contract contract;
    Phase phase;

    /** What the flow says of other names of its file. */
    private List<Contract> others = List.of();

    /** What has been written while it grew; of a file that is in the underlying directory, all there is. */
    final Extents written = new Extents();

    /** What consumers have got of it before it was complete. */
    final Extents given = new Extents();

    /** The consumer who got something last. */
    @Nullable
    String reader;

    /** The consumer who got, or could have got, all of it when it was complete; what comes after that he has missed. */
    @Nullable
    String taker;

    /** The steps that have written it. */
    Set<String> writers = Set.of();

    /** The runs of steps that have opened it for writing. */
    private Set<Session> authors = Set.of();

    /** Does its name lead to another file now, since a step has begun anew? Who has it open goes on with it. */
    boolean isLetGo;

    /** Is its file elsewhere now? Then its name has to be looked up again. */
    boolean isGone;

    /** Has its file no name any more? */
    boolean isOrphan;

    /**
     * Is it nothing but a guess that it is a file? The flow speaks of it by a pattern or a directory only; so what comes may be
     * a directory as well.
     */
    boolean isSupposed;

    /** Has something of another kind come under its name, which who waits finds when he looks it up again? */
    boolean isOfOtherKind;

    /** The file, once it is there; null for a directory. */
    @Nullable
    RegularFile file;

    /** How often a consumer has got bytes, and, where room is used again, which. */
    long readings;

    Map<Session, Extents> readBy = Map.of();

    /** What is known of what happens to it; null when nothing. */
    @Nullable
    Trail trail;

    final List<Wait> waits = new ArrayList<>(0);

    /** Is it a directory of which the flow says only what comes into it? Each step waits for those of whom it consumes. */
    final boolean isImplied;

    private final Steps steps;

    Stream(Contract contract, Phase phase, Steps steps) {
        this.contract = contract;
        this.phase = phase;
        this.steps = steps;
        isImplied = contract.producers().isEmpty();
    }

    /** {@return for whom a step waits here} */
    List<String> producers(@Nullable Session session) {
        return !isImplied
                ? contract.producers()
                : session == null ? List.of() : contract.producersInside(session.step());
    }

    String path() {
        return contract.path();
    }

    void wroteBy(Session session) {
        writtenBy(session.step());
        if (!authors.contains(session)) {
            Set<Session> more = new LinkedHashSet<>(authors);
            more.add(session);
            authors = Set.copyOf(more);
        }
    }

    /** A step has written it. Most files have one writer, and there may be a million of them: so there is nothing to spare. */
    void writtenBy(String step) {
        if (writers.isEmpty()) {
            writers = Set.of(step);
        } else if (!writers.contains(step)) {
            Set<String> more = new LinkedHashSet<>(writers);
            more.add(step);
            writers = more;
        }
    }

    /** A step's run has got some of it. */
    void readBy(Session session, long from, long to) {
        if (readBy.isEmpty()) {
            readBy = new HashMap<>();
        }
        readBy.computeIfAbsent(session, _ -> new Extents()).add(from, to);
    }

    /** Its file has one more name, of which the flow says this. */
    void also(Contract other) {
        List<Contract> more = new ArrayList<>(others);
        more.add(other);
        others = List.copyOf(more);
    }

    /** A consumer has it before him, as it is when it is complete. */
    void takenBy(@Nullable Session session) {
        if (phase == Phase.COMMITTED && session != null && role(session) == Role.CONSUMER) {
            taker = session.step();
        }
    }

    /** Does somebody write who should have been done when a consumer had the whole of it? */
    boolean isLate(@Nullable Session writer) {
        return taker != null && !isOrphan && (writer == null || contract.isProducer(writer.step()));
    }

    /** The same bytes are read and written under this name now. */
    void inheritsBytes(Stream other) {
        written.addAll(other.written);
        given.addAll(other.given);
        reader = other.reader;
        taker = other.taker;
        readBy = other.readBy;
    }

    /** What was written under another name has become this. */
    void inherits(Stream other) {
        other.writers.forEach(this::writtenBy);
        other.authors.forEach(this::wroteBy);
    }

    Set<Session> authors() {
        return authors;
    }

    /** Does a step read it, or what comes into it, whoever has ended by now? */
    boolean isReadBy(@Nullable Session session) {
        return session != null
                && (contract.isConsumer(session.step())
                        || !contract.producersInside(session.step()).isEmpty());
    }

    FireRule fire() {
        return contract.fire();
    }

    Role role(@Nullable Session session) {
        if (session == null) {
            return Role.BYSTANDER;
        }
        String step = session.step();
        if (isImplied) {
            List<String> awaited = contract.producersInside(step);
            return awaited.isEmpty() || steps.areOver(awaited) ? Role.BYSTANDER : Role.CONSUMER;
        }
        if (contract.isProducer(step)
                || writers.contains(step)
                || others.stream().anyMatch(other -> other.isProducer(step))) {
            return Role.PRODUCER;
        }
        // Who reads what comes into a directory needs the directory.
        boolean consumes = contract.isConsumer(step)
                || !contract.producersInside(step).isEmpty()
                || others.stream().anyMatch(other -> other.isConsumer(step));
        return consumes ? Role.CONSUMER : Role.BYSTANDER;
    }

    /** Has the name by which somebody asks for it been taken from it? Who has it open has asked for it by that. */
    boolean isElsewhere(Ask ask, @Nullable Session session) {
        if (isGone || ask == Ask.READ || ask == Ask.STAT_OPEN) {
            return isGone;
        }
        return isLetGo || (ask != Ask.WRITE && isLostTo(session));
    }

    private boolean isLostTo(@Nullable Session session) {
        RegularFile lost = file;
        return isOrphan
                && lost != null
                && lost.links.isEmpty()
                && role(session) == Role.CONSUMER
                && lost.handles.stream().noneMatch(handle -> handle.session == session);
    }

    /** Does a step read its file under a name that it has now? */
    boolean isConsumedAs(Session session) {
        RegularFile here = file;
        return here != null && here.stream != this && here.stream != null && here.stream.role(session) == Role.CONSUMER;
    }

    Decision decide(Ask ask, @Nullable Session session, boolean isThere) {
        if (isImplied && (ask == Ask.OPEN || ask == Ask.READ) && hasFailedInside(session)) {
            return Decision.BROKEN; // what is there must not be taken for all
        }
        Role role = role(session);
        // Who has begun to read it as a consumer goes on so, whatever its name is now.
        boolean isReader = ask == Ask.READ && role == Role.BYSTANDER && contract.kind() == Kind.FILE;
        return Gate.decide(ask, isReader ? Role.CONSUMER : role, phase, fire(), isThere);
    }

    private boolean hasFailedInside(@Nullable Session session) {
        List<String> awaited = producers(session);
        return steps.hasFailed(awaited) && steps.areOver(awaited);
    }

    /** Has somebody its file open for writing? */
    boolean isWritten() {
        RegularFile here = file;
        return here != null && here.writers() > 0;
    }

    /** Is there nothing more to come? */
    boolean isSettled() {
        return phase == Phase.COMMITTED || phase == Phase.FAILED || phase == Phase.MISSING;
    }

    /** {@return how far it is, for people} */
    FileState state() {
        String name = switch (phase) {
            case EXPECTED -> "expected";
            case PRIOR -> "before";
            case GROWING -> "growing";
            case COMMITTED -> "complete";
            case FAILED -> "failed";
            case MISSING -> "missing";
        };
        Set<String> readers = new LinkedHashSet<>();
        RegularFile here = file;
        if (here != null) {
            for (Handle handle : here.handles) {
                if (handle.session != null && !handle.writes()) {
                    readers.add(handle.session.step());
                }
            }
        }
        return new FileState(
                path(),
                name,
                here == null ? 0 : here.size,
                contract.producers(),
                contract.consumers(),
                List.copyOf(readers),
                waits.size());
    }

    @Override
    public String toString() {
        return path() + " " + phase;
    }
}
