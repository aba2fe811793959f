package dev.sluice.stream;

import dev.sluice.language.CommitRule;
import dev.sluice.language.Contracts;
import dev.sluice.stream.Gate.Phase;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which steps can end a wait. Owned by the workflow's lock. */
final class Rescuers {
    private final Contracts contracts;
    private final Register register;

    Rescuers(Contracts contracts, Register register) {
        this.contracts = contracts;
        this.register = register;
    }

    /**
     * {@return the steps that can end a wait for a stream: those that make and write it, and those by whom that may be complete
     * on which its commit hangs}
     */
    Set<String> of(Stream stream, @Nullable Session session) {
        Set<String> steps = new LinkedHashSet<>(stream.producers(session));
        add(stream, steps, new HashSet<>());
        return steps;
    }

    private void add(Stream stream, Set<String> into, Set<Stream> seen) {
        into.addAll(stream.contract.producers());
        into.addAll(stream.writers);
        if (!seen.add(stream) || stream.phase != Phase.GROWING) {
            return; // it has to be there first
        }
        switch (stream.contract.commit()) {
            case CommitRule.OnFile rule
            when !stream.isWritten() -> rule.files().forEach(file -> addOf(file, into, seen));
            case CommitRule.OnNFiles _ -> into.addAll(contracts.steps()); // whoever makes something in it
            case CommitRule.OnFile _, CommitRule.OnClose _, CommitRule.OnTermination _ -> {}
        }
    }

    private void addOf(String file, Set<String> into, Set<Stream> seen) {
        Stream stream = register.at(file);
        if (stream != null) {
            if (stream.phase != Phase.COMMITTED) {
                add(stream, into, seen);
            }
        } else {
            into.addAll(
                    Contracts.isPattern(file)
                            ? contracts.steps()
                            : contracts.file(file).producers());
        }
    }
}
