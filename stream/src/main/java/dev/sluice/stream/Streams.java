package dev.sluice.stream;

import dev.sluice.language.CommitRule;
import dev.sluice.language.Contract;
import dev.sluice.language.Contracts;
import dev.sluice.language.Rule;
import dev.sluice.linux.Errno;
import dev.sluice.stream.Gate.Ask;
import dev.sluice.stream.Gate.Decision;
import dev.sluice.stream.Gate.Phase;
import dev.sluice.stream.Workflow.Snapshot.FileState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the flow speaks of: finds a path's stream, lets requests through its gate, and moves it from phase to phase. Owned by
 * the workflow's lock.
 */
final class Streams {
    private final Contracts contracts;
    private final Map<String, Set<String>> ahead;
    private final Steps steps;
    private final Waiters waiters;
    private final Chronicle chronicle;
    private final Recorder recorder;
    final Departed departed;
    private @Nullable Contract last;
    private Consumer<RegularFile> whenComplete = _ -> {};
    private Consumer<String> whenMade = _ -> {};
    private Consumer<RegularFile> whenSettling = _ -> {};
    private Consumer<RegularFile> whenUnsettled = _ -> {};
    private final Register register;
    final Rescuers rescuers;

    Streams(
            Contracts contracts,
            Map<String, Set<String>> ahead,
            Steps steps,
            Waiters waiters,
            Chronicle chronicle,
            Recorder recorder) {
        this.contracts = contracts;
        this.ahead = ahead;
        this.steps = steps;
        this.waiters = waiters;
        this.chronicle = chronicle;
        this.recorder = recorder;
        register = new Register(contracts);
        rescuers = new Rescuers(contracts, register);
        departed = new Departed(chronicle);
    }

    /** Who is told of each file that is complete. */
    void tell(Consumer<RegularFile> other) {
        whenComplete = other;
    }

    /** Who is told of each file that is about to be complete, or to fail. */
    void tellSettling(Consumer<RegularFile> other) {
        whenSettling = other;
    }

    /** Who is told of each file that was settled, or none of the flow's, and grows now. */
    void tellUnsettled(Consumer<RegularFile> other) {
        whenUnsettled = other;
    }

    /** Who is told of the path of each file that is made. */
    void tellMade(Consumer<String> other) {
        whenMade = other;
    }

    /** What a file is made for was mostly asked just before, when its name was looked up. */
    private Contract ofFile(String path) {
        Contract known = last;
        if (known == null || !known.path().equals(path)) {
            known = contracts.file(path);
            last = known;
        }
        return known;
    }

    private boolean flows(Contract contract) {
        return !contract.isExcluded() && (!contract.producers().isEmpty() || isImplied(contract));
    }

    /** Is it a directory of which the flow says only what comes into it? */
    private boolean isImplied(Contract contract) {
        return contract.kind() == Rule.Kind.DIRECTORY
                && contract.producers().isEmpty()
                && contracts.steps().stream()
                        .anyMatch(step -> !contract.producersInside(step).isEmpty());
    }

    /** {@return the stream of a file that is there, or null when it does not flow} */
    @Nullable
    Stream of(@Nullable Directory parent, String name, Rule.Kind kind, Phase phase) {
        String path = Directory.path(parent, name);
        Contract contract = kind == Rule.Kind.FILE ? ofFile(path) : contracts.directory(path);
        return flows(contract) ? begin(contract, phase) : null;
    }

    /** {@return what the flow says of a file, or null when it does not flow} */
    @Nullable
    Contract contract(Directory parent, String name) {
        Contract contract = ofFile(Directory.path(parent, name));
        return flows(contract) ? contract : null;
    }

    private Stream begin(Contract contract, Phase phase) {
        Stream stream = new Stream(contract, steps.found(contract, phase), steps);
        Stream before = register.enter(stream);
        if (before != null && before.phase == Phase.EXPECTED) {
            gone(before); // it was expected in a directory that is elsewhere now
        }
        return stream;
    }

    /** A step begins anew, so it may change again. */
    void renew(Stream stream, Phase phase) {
        register.become(stream, phase);
        register.maySettle(stream);
        stream.taker = null; // who has read it is repeated, or knows that it is made anew
    }

    /** A step begins anew, and its name is free for what that makes. */
    void letGo(Stream stream) {
        stream.isLetGo = true;
        if (!stream.isSettled()) {
            register.become(stream, Phase.FAILED); // nobody goes on with it
        }
        forget(stream);
        waiters.wakeAll(stream);
    }

    /** A stream's file has got another name or is gone. */
    void forget(Stream stream) {
        register.forget(stream);
    }

    /**
     * {@return the stream of a path that is not there, which a step may wait for; or null when it need not}
     * Its contract's kind says as what it is expected.
     */
    @Nullable
    Stream expected(@Nullable Session session, Directory parent, String name) {
        if (session == null) {
            return null;
        }
        String step = session.step();
        String path = Directory.path(parent, name);
        if (!ahead.getOrDefault(step, Set.of()).contains(path)) {
            Contract contract = ofFile(path);
            if (!isAwaited(contract, step)) {
                return null;
            }
            Stream stream = begin(contract, Phase.EXPECTED);
            stream.isSupposed = !contracts.names(path);
            return stream;
        }
        Contract directory = contracts.directory(path);
        List<String> makers = directory.producers().isEmpty() ? directory.producersInside(step) : directory.producers();
        boolean comes = !directory.isExcluded() && !areOver(makers, step);
        return comes ? begin(directory, Phase.EXPECTED) : null;
    }

    private boolean isAwaited(Contract contract, String step) {
        return !contract.isExcluded()
                && contract.isConsumer(step)
                && !contract.isProducer(step)
                && !areOver(contract.producers(), step);
    }

    /** Have all steps but this one ended? */
    private boolean areOver(List<String> producers, String but) {
        return producers.stream().allMatch(step -> step.equals(but) || steps.isOver(step));
    }

    /** Lets a request through when something is there, be it of another kind than was supposed. {@return whether it is not} */
    boolean comesAsSupposed(Request request, @Nullable Stream stream) throws Refusal, Parked {
        try {
            pass(request, stream, Ask.OPEN, false, 0);
            return true;
        } catch (Refusal e) {
            if (e.errno() == Errno.ESTALE) {
                return false;
            }
            throw e;
        }
    }

    /** Lets a request through, or says why not. */
    void pass(Request request, @Nullable Stream stream, Ask ask, boolean isThere, long offset) throws Refusal, Parked {
        Stream awaited = request.awaited;
        request.awaited = null;
        Stream named = awaited == null ? stream : awaited;
        if (named == null) {
            return;
        }
        requireHope(request, named);
        if (named != stream || named.isElsewhere(ask, request.session())) {
            requireHere(request, named, stream, ask);
        }
        if (stream == null) {
            return;
        }
        Decision decision = stream.decide(ask, request.session(), isThere);
        switch (decision) {
            case GO -> {}
            case WAIT -> throw waiters.park(new Wait(request, stream, ask, offset));
            case ABSENT -> throw Refusal.of(Errno.ENOENT);
            case BROKEN -> {
                chronicle.hit(stream, request.session());
                throw Refusal.of(Errno.EIO);
            }
        }
    }

    /** The same for who asks by what he has open: whatever that is called by now, he goes on with it. */
    void passOpen(Request request, @Nullable Stream stream, Ask ask) throws Refusal, Parked {
        request.awaited = null;
        pass(request, stream, ask, false, 0);
    }

    private void requireHope(Request request, Stream stream) throws Refusal {
        if (request.isExpired) {
            request.isExpired = false;
            chronicle.timedOut(stream, request.session());
            throw Refusal.of(Errno.ETIMEDOUT);
        }
        if (request.isDeadlocked) {
            request.isDeadlocked = false;
            throw Refusal.of(Errno.EDEADLK);
        }
    }

    /**
     * Who asks by a name gets what it leads to now. The kernel looks a name up again only once, and a writer may replace his file as
     * often as he likes: so who would wait again does so here, for the name, and looks it up when there is what he needs.
     */
    private void requireHere(Request request, Stream named, @Nullable Stream stream, Ask ask) throws Refusal, Parked {
        Session session = request.session();
        if (named.isOfOtherKind) {
            throw Refusal.of(Errno.ESTALE);
        }
        boolean isByName = ask == Ask.OPEN || ask == Ask.STAT;
        Stream next = isByName && session != null && !named.isConsumedAs(session) ? next(named, session) : null;
        if (next != null && next == stream) {
            return;
        }
        if (next != null && next.decide(ask, session, false) == Decision.WAIT) {
            throw waiters.park(new Wait(request, next, ask, 0));
        }
        throw Refusal.of(Errno.ESTALE);
    }

    /** {@return what is, or is to come, where a file was} */
    private @Nullable Stream next(Stream named, Session session) {
        Stream next = register.at(named.path());
        boolean comes =
                next == null && named.contract.kind() == Rule.Kind.FILE && isAwaited(named.contract, session.step());
        return comes ? begin(named.contract, Phase.EXPECTED) : next;
    }

    /** Somebody begins to write: from now on it grows, also when it was complete before. */
    void grows(Stream stream, @Nullable Session session) {
        if (session != null) {
            boolean isNew = !stream.writers.contains(session.step());
            stream.wroteBy(session);
            departed.compare(stream, session);
            if (isNew) { // who writes it himself waits for it no more
                waiters.wake(stream, wait -> isOf(wait, session.step()));
            }
        }
        whenMade.accept(stream.path());
        if (stream.phase != Phase.GROWING) {
            Phase before = stream.phase;
            register.become(stream, Phase.GROWING);
            recorder.grows(stream);
            if (stream.file != null) {
                stream.file.changed();
                unsettled(stream.file, before);
            }
            if (!stream.isImplied) {
                register.maySettle(stream);
            }
            if (before == Phase.EXPECTED || before == Phase.PRIOR || before == Phase.MISSING) {
                waiters.wakeAll(stream);
            }
        }
    }

    private static boolean isOf(Wait wait, String step) {
        Session session = wait.request.session();
        return session != null && session.step().equals(step);
    }

    private void unsettled(RegularFile file, Phase before) {
        if (before == Phase.COMMITTED || before == Phase.FAILED) {
            unsettled(file);
        }
    }

    /** It is not what it was taken for, and nobody may go by what he was told of it. */
    void unsettled(RegularFile file) {
        whenUnsettled.accept(file);
    }

    /** Is it to be taken for complete now? */
    void consider(Stream stream, int closes, int writers, long entries) {
        if (stream.phase != Phase.GROWING || stream.isImplied) {
            return;
        }
        if (stream.isOrphan) {
            orphaned(stream, writers);
            return;
        }
        boolean isComplete = switch (stream.contract.commit()) {
            case CommitRule.OnClose rule -> closes >= rule.closes() && writers == 0;
            case CommitRule.OnTermination _ -> false;
            // Those may have been complete before, and it is looked at whenever something else is.
            case CommitRule.OnFile rule -> !stream.isWritten() && register.areComplete(stream, rule);
            case CommitRule.OnNFiles rule -> entries >= rule.files();
        };
        if (isComplete || areOver(stream)) {
            commit(stream);
        }
    }

    /** How many entries a directory has for its rule: excluded ones are none of the flow's. */
    long counted(Stream stream, Directory directory) {
        return stream.contract.commit() instanceof CommitRule.OnNFiles
                ? directory.sizeWithout(path -> contracts.file(path).isExcluded())
                : directory.size();
    }

    /** Have all ended who can still write it? */
    private boolean areOver(Stream stream) {
        return steps.areOver(stream.contract.producers()) && steps.areOver(stream.writers);
    }

    void commit(Stream stream) {
        if (stream.file != null && stream.file.hasLost) {
            settle(stream, Phase.FAILED);
            return;
        }
        settling(stream.file);
        register.become(stream, Phase.COMMITTED);
        recorder.settled(stream, true);
        register.settled(stream);
        waiters.wakeAll(stream);
        if (stream.file != null) {
            whenComplete.accept(stream.file);
        }
        register.completed(stream, other -> consider(other, 0, 0, 0));
    }

    /** A file of which the flow does not speak is in memory: it is taken for complete whenever nobody writes it. */
    void stray(RegularFile file) {
        Stream stream = file.stream;
        if (stream != null && stream.isOrphan && stream.phase == Phase.COMMITTED && !file.links.isEmpty()) {
            file.stream = null; // its readers have the whole of it
        }
        if (file.isStray() && file.writers() == 0) {
            whenComplete.accept(file);
        }
    }

    /** It is to be looked at whether it is to stay, though it was complete before. */
    void again(RegularFile file) {
        if (file.stream != null && file.stream.phase == Phase.COMMITTED) {
            whenComplete.accept(file);
        }
    }

    /** What is known of a file from its stream as it was counts for the last time. */
    void settling(@Nullable RegularFile file) {
        if (file != null && file.watermark != null) {
            whenSettling.accept(file);
        }
    }

    private void settle(Stream stream, Phase phase) {
        settling(stream.file);
        register.become(stream, phase);
        if (phase != Phase.MISSING) {
            recorder.settled(stream, phase == Phase.COMMITTED);
        }
        register.settled(stream);
        waiters.wakeAll(stream);
    }

    /** A step is over: what hung on it alone is complete now, or never will be. */
    void over(String step) {
        register.implied().forEach(waiters::wakeAll); // each step waits there for others than the next one does
        for (Stream stream : register.unsettled()) {
            if (stream.isSettled()) {
                continue; // has followed another one's commit
            }
            boolean hasWritten = stream.writers.contains(step);
            if (stream.phase == Phase.GROWING && hasWritten && steps.hasFailed(step)) {
                settle(stream, Phase.FAILED);
                chronicle.failed(stream, step);
            } else if (areOver(stream)) {
                over(stream);
            }
        }
    }

    private void over(Stream stream) {
        boolean hasFailed = steps.hasFailed(stream.contract.producers()) || steps.hasFailed(stream.writers);
        switch (stream.phase) {
            case EXPECTED -> settle(stream, Phase.MISSING);
            case PRIOR, GROWING -> {
                if (hasFailed) {
                    settle(stream, Phase.FAILED);
                    chronicle.failed(stream, null);
                } else {
                    commit(stream);
                }
            }
            case COMMITTED, FAILED, MISSING -> {}
        }
    }

    /** Bytes have come. */
    void written(Stream stream) {
        waiters.wake(stream, wait -> wait.ask == Ask.READ && stream.written.available(wait.offset) > 0);
    }

    /** An entry has come. */
    void listed(Stream stream) {
        waiters.wake(stream, wait -> wait.ask == Ask.READ);
    }

    /** What it was is elsewhere or gone: who waits for it looks its name up again. */
    void gone(Stream stream) {
        stream.isGone = true;
        forget(stream);
        waiters.wakeAll(stream);
    }

    /** A directory has come to a path: who waits for something in there looks it up again. */
    void arrived(String prefix) {
        for (Stream stream : register.missed()) {
            if (stream.path().startsWith(prefix)) {
                gone(stream);
            }
        }
    }

    /** Its last name is gone: who has it open reads what there is, once nobody writes any more. */
    void orphaned(Stream stream, int writers) {
        stream.isOrphan = true;
        register.leavesPath(stream);
        departed.leave(stream);
        if (writers == 0) {
            settle(stream, Phase.COMMITTED);
        } else { // who asks by its name waits for what comes there next
            waiters.wake(stream, wait -> wait.ask == Ask.OPEN || wait.ask == Ask.STAT);
        }
    }

    /** {@return how many files and directories flow} */
    int count() {
        return register.count();
    }

    /** {@return how far they are, for some of them} */
    List<FileState> states(int most) {
        return register.states(waiters.all(), most);
    }
}
