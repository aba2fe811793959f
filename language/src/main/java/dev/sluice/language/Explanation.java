package dev.sluice.language;

import dev.sluice.language.Contract.Reason;
import dev.sluice.language.HomeNodes.Home;
import dev.sluice.language.Mention.Said;
import dev.sluice.language.Rule.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** Says in plain sentences what a contract means. */
final class Explanation {
    private Explanation() {}

    /** What the flow says of a path, and where. */
    static List<Reason> reasons(Contract contract) {
        List<Reason> reasons = new ArrayList<>();
        if (isUnknown(contract)) {
            reasons.add(new Reason(
                    contract.kind() == Kind.FILE
                            ? "no step produces or consumes it: a plain file, for which nobody waits"
                            : "no step produces or consumes it, or anything in it: a plain directory",
                    ""));
            if (contract.isExcluded()) {
                reasons.add(reason(contract.excludedSaid(), "excluded", ""));
            }
            rule(contract, reasons);
            fate(contract, reasons);
            return reasons;
        }
        if (contract.producersSaid().isEmpty()) {
            reasons.add(new Reason(unproduced(contract), ""));
        }
        contract.producersSaid()
                .forEach(said -> reasons.add(
                        new Reason("produced by step " + said.what(), said.at().text())));
        if (contract.consumersSaid().isEmpty()) {
            boolean isWithin = !contract.inside().awaited().isEmpty();
            reasons.add(new Reason(isWithin ? "no step consumes it as such" : "no step consumes it", ""));
        }
        contract.consumersSaid()
                .forEach(said -> reasons.add(
                        new Reason("consumed by step " + said.what(), said.at().text())));
        Said<Rule> rule = contract.rule();
        String at = rule == null ? "" : rule.at().text();
        if (contract.isExcluded()) {
            reasons.add(new Reason(
                    "excluded: a plain file that does not flow, for which nobody waits",
                    contract.excludedSaid().getFirst().at().text()));
        } else if (!contract.isThereBefore()) {
            reasons.add(new Reason("commits " + contract.commit() + ": " + commit(contract), at));
            reasons.add(new Reason("fires " + contract.fire() + ": " + fire(contract), at));
        } else {
            rule(contract, reasons);
        }
        fate(contract, reasons);
        return reasons;
    }

    /** Of what no step produces. */
    private static void rule(Contract contract, List<Reason> reasons) {
        Said<Rule> rule = contract.rule();
        if (rule != null) {
            reasons.add(new Reason(
                    "its rule has no effect, because no step produces it",
                    rule.at().text()));
        }
    }

    /** Has no step anything to do with it, or with what is in it? */
    private static boolean isUnknown(Contract contract) {
        return contract.producers().isEmpty()
                && contract.consumers().isEmpty()
                && contract.inside().producers().isEmpty()
                && contract.inside().awaited().isEmpty();
    }

    private static String unproduced(Contract contract) {
        if (contract.isThereBefore()) {
            return "no step produces it: it must be there before the run, and nobody waits for it";
        }
        List<String> inside = contract.inside().producers();
        return inside.isEmpty()
                ? "no step produces it"
                : "no step produces it as such; " + steps(inside) + (inside.size() == 1 ? " writes" : " write")
                        + (contract.kind() == Kind.DIRECTORY ? " something in it" : " something that it matches");
    }

    /** What becomes of it. */
    private static void fate(Contract contract, List<Reason> reasons) {
        boolean before = contract.isThereBefore() || contract.isExcluded() || isUnknown(contract);
        reasons.add(reason(contract.permanentSaid(), "permanent: kept when the run ends", whenTheRunEnds(contract)));
        if (!before || !contract.placeSaid().isEmpty()) {
            reasons.add(reason(
                    contract.placeSaid(),
                    contract.storage() == Storage.Place.MEMORY ? "kept in memory" : "kept in the file system",
                    "kept in memory, and on disk what does not fit"));
        }
        if (!before || !contract.homeSaid().isEmpty()) {
            reasons.add(reason(contract.homeSaid(), home(contract.home()), home(contract.home())));
        }
    }

    /** What becomes of what is not permanent. */
    private static String whenTheRunEnds(Contract contract) {
        if (contract.isExcluded() || isUnknown(contract)) {
            return "stays when the run ends, as all plain files do";
        }
        if (contract.isThereBefore()) {
            return "stays when the run ends, as it was there before";
        }
        if (!contract.consumers().isEmpty()) {
            return "not permanent: gone when the run ends";
        }
        String parts = contract.kind() == Kind.DIRECTORY ? "what is in it" : "what it matches";
        return contract.inside().awaited().isEmpty()
                ? "kept when the run ends, as no step consumes it"
                : "not permanent: of " + parts + ", what a step consumes is gone when the run ends";
    }

    /** What somebody says, or what holds by default. */
    private static Reason reason(List<? extends Said<?>> said, String says, String usual) {
        return said.isEmpty()
                ? new Reason(usual, "")
                : new Reason(says, said.getFirst().at().text());
    }

    private static String home(Home home) {
        return switch (home) {
            case Home.Creator _ -> "its home is the node where it is created";
            case Home.Hashed _ -> "its home is the node that a hash of its path tells";
            case Home.Named named -> "its home is the node of " + named.node();
        };
    }

    /** When it is complete, as what happens. */
    private static String commit(Contract contract) {
        String it = contract.kind() == Kind.FILE ? "the file" : "the directory";
        return switch (contract.commit()) {
            case CommitRule.OnClose onClose ->
                it + " is complete when "
                        + (onClose.closes() == 1
                                ? "a writer closes it"
                                : "writers have closed it " + onClose.closes() + " times");
            case CommitRule.OnTermination _ -> it + " is complete when " + enders(contract);
            case CommitRule.OnFile onFile ->
                it + " is complete when " + list(onFile.files(), "and")
                        + (onFile.files().size() == 1 ? " is" : " are");
            case CommitRule.OnNFiles onNFiles ->
                it + " is complete when it has " + onNFiles.files() + (onNFiles.files() == 1 ? " file" : " files");
        };
    }

    private static String enders(Contract contract) {
        List<String> producers = contract.producers();
        if (!producers.isEmpty()) {
            return ended(producers);
        }
        return contract.kind() == Kind.FILE || contract.inside().producers().isEmpty()
                ? "the step that writes it has ended"
                : "the steps have ended that write in it what its reader reads";
    }

    private static String ended(List<String> steps) {
        return steps(steps) + (steps.size() == 1 ? " has ended" : " have ended");
    }

    private static String steps(List<String> steps) {
        return (steps.size() == 1 ? "step " : "steps ") + list(steps, "and");
    }

    private static String fire(Contract contract) {
        String parts = contract.kind() == Kind.FILE ? "bytes" : "entries";
        return switch (contract.fire()) {
            case UPDATE -> "its readers wait until it is complete";
            case NO_UPDATE -> "its readers get " + parts + " as they come, and its end when it is complete";
        };
    }

    /** What happens when a step uses it. */
    static List<String> of(Contract contract, String step) {
        String name = name(contract);
        String plain = contract.kind() == Kind.FILE ? "a plain file" : "a plain directory";
        if (contract.isExcluded()) {
            return List.of(name + " is excluded: step " + step + " uses it as " + plain + " and never waits for it.");
        }
        if (contract.isProducer(step)) {
            return producer(contract, step);
        }
        List<String> awaited = contract.inside().awaited().getOrDefault(step, List.of());
        if (!contract.isConsumer(step) && awaited.isEmpty()) {
            return List.of("Step " + step + " neither produces nor consumes " + name + ": it uses it as " + plain
                    + " and never waits for it.");
        }
        if (contract.producers().isEmpty() && awaited.isEmpty()) {
            return List.of("No step produces " + name + ": step " + step
                    + " finds it if it is there before the run, and never waits for it.");
        }
        if (contract.kind() == Kind.DIRECTORY) {
            return lister(contract, step);
        }
        return contract.producers().isEmpty()
                ? List.of("Step " + step + " reads what " + list(awaited, "and")
                        + (awaited.size() == 1 ? " writes" : " write")
                        + " of this; each of these files has its own rules: ask about one of them.")
                : reader(contract, step);
    }

    private static String name(Contract contract) {
        return contract.path().isEmpty() ? "the managed directory" : contract.path();
    }

    private static List<String> producer(Contract contract, String step) {
        String name = name(contract);
        if (contract.kind() == Kind.DIRECTORY) {
            return List.of(
                    "Step " + step + " produces " + name + ": it makes it, fills it and lists it without waiting.",
                    "It is complete when " + end(contract) + ".");
        }
        return List.of(
                "Step " + step + " produces " + name + ": it opens, reads and writes it without waiting.",
                "Closing it " + closing(contract) + ".");
    }

    /** Somebody who reads a directory, or something in it. */
    private static List<String> lister(Contract contract, String step) {
        List<String> sentences = new ArrayList<>();
        List<String> inside = contract.producersInside(step);
        SequencedSet<String> writers = new LinkedHashSet<>();
        if (contract.isConsumer(step) && !contract.producers().isEmpty()) {
            writers.addAll(contract.producers());
            sentences.add("Step " + step + " consumes " + name(contract) + ": opening it waits until "
                    + list(contract.producers(), "or") + " has made it.");
        } else {
            sentences.add("Step " + step + " reads what " + list(inside, "and")
                    + (inside.size() == 1 ? " writes in " : " write in ") + name(contract)
                    + (contract.path().isEmpty()
                            ? ": opening it does not wait."
                            : ": opening it waits until it is there."));
        }
        writers.addAll(inside);
        String end =
                contract.commit() instanceof CommitRule.OnTermination ? ended(List.copyOf(writers)) : end(contract);
        sentences.add(
                contract.fire() == FireRule.UPDATE
                        ? "Listing it waits until " + end + "."
                        : "Listing it waits until " + end
                                + "; programs on the JVM that take part from inside get the entries as they come.");
        List<String> others = contract.inside().producers().stream()
                .filter(other -> !other.equals(step) && !writers.contains(other))
                .toList();
        if (!others.isEmpty()) {
            sentences.add(
                    "It does not wait for " + steps(others) + ", of whose files in it step " + step + " reads none.");
        }
        return sentences;
    }

    private static List<String> reader(Contract contract, String step) {
        List<String> sentences = new ArrayList<>();
        boolean waits = contract.fire() == FireRule.UPDATE;
        String producers = list(contract.producers(), "or");
        sentences.add("Step " + step + " consumes " + name(contract) + ": opening it waits until " + producers
                + " has created it.");
        sentences.add(
                waits
                        ? "Reading it waits until " + end(contract) + "."
                        : "Reading it gives the bytes that are there, and waits where they are not written yet; the end"
                                + " of the file comes when " + end(contract) + ".");
        sentences.add(
                waits
                        ? "Asking for its size waits just as long."
                        : "Asking for its size waits until it is complete; of what it has open, it is 0 until then.");
        sentences.add("Closing it changes nothing: only closes by writers count.");
        return sentences;
    }

    private static String closing(Contract contract) {
        return switch (contract.commit()) {
            case CommitRule.OnClose onClose ->
                onClose.closes() == 1
                        ? "completes it: its readers get its end"
                        : "counts: the close number " + onClose.closes() + " completes it";
            case CommitRule.OnTermination _, CommitRule.OnFile _, CommitRule.OnNFiles _ ->
                "does not complete it: that is when " + end(contract);
        };
    }

    private static String end(Contract contract) {
        return switch (contract.commit()) {
            case CommitRule.OnClose onClose ->
                onClose.closes() == 1
                        ? list(contract.producers(), "or") + " closes it"
                        : "writers have closed it " + onClose.closes() + " times";
            case CommitRule.OnTermination _ -> enders(contract);
            case CommitRule.OnFile onFile ->
                list(onFile.files(), "and") + (onFile.files().size() == 1 ? " is" : " are") + " complete";
            case CommitRule.OnNFiles onNFiles ->
                "it has " + onNFiles.files() + (onNFiles.files() == 1 ? " file" : " files");
        };
    }

    private static String list(List<String> names, String last) {
        return names.size() < 2
                ? String.join("", names)
                : String.join(", ", names.subList(0, names.size() - 1)) + " " + last + " " + names.getLast();
    }
}
