package dev.sluice.language;

import dev.sluice.language.Contract.Reason;
import dev.sluice.language.HomeNodes.Home;
import dev.sluice.language.Mention.Said;
import dev.sluice.language.Rule.Kind;
import java.util.ArrayList;
import java.util.List;

/** Says in plain sentences what a contract means. */
final class Explanation {
    private Explanation() {}

    /** What the flow says of a path, and where. */
    static List<Reason> reasons(Contract contract) {
        List<Reason> reasons = new ArrayList<>();
        if (contract.producersSaid().isEmpty()) {
            reasons.add(new Reason("no step produces it", ""));
        }
        contract.producersSaid()
                .forEach(said -> reasons.add(
                        new Reason("produced by step " + said.what(), said.at().text())));
        if (contract.consumersSaid().isEmpty()) {
            reasons.add(new Reason("no step consumes it", ""));
        }
        contract.consumersSaid()
                .forEach(said -> reasons.add(
                        new Reason("consumed by step " + said.what(), said.at().text())));
        if (contract.isExcluded()) {
            reasons.add(new Reason(
                    "excluded: a plain file that does not flow, for which nobody waits",
                    contract.excludedSaid().getFirst().at().text()));
        } else {
            Said<Rule> rule = contract.rule();
            String at = rule == null ? "" : rule.at().text();
            reasons.add(new Reason("commits " + contract.commit() + ": " + commit(contract), at));
            reasons.add(new Reason("fires " + contract.fire() + ": " + fire(contract), at));
        }
        reasons.add(reason(
                contract.permanentSaid(),
                "permanent: kept when the run ends",
                "not permanent: gone when the run ends"));
        reasons.add(reason(
                contract.placeSaid(),
                contract.storage() == Storage.Place.MEMORY ? "kept in memory" : "kept in the file system",
                "kept in memory, and on disk what does not fit"));
        reasons.add(reason(contract.homeSaid(), home(contract.home()), home(contract.home())));
        return reasons;
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
        return producers.isEmpty()
                ? "the step that writes it has ended"
                : (producers.size() == 1 ? "step " : "steps ")
                        + list(producers, "and")
                        + (producers.size() == 1 ? " has ended" : " have ended");
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
        if (!contract.isConsumer(step)) {
            return List.of("Step " + step + " neither produces nor consumes " + name + ": it uses it as " + plain
                    + " and never waits for it.");
        }
        if (contract.producers().isEmpty()) {
            return List.of("No step produces " + name + ": step " + step
                    + " finds it if it is there before the run, and never waits for it.");
        }
        return consumer(contract, step);
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

    private static List<String> consumer(Contract contract, String step) {
        List<String> sentences = new ArrayList<>();
        boolean waits = contract.fire() == FireRule.UPDATE;
        String producers = list(contract.producers(), "or");
        if (contract.kind() == Kind.DIRECTORY) {
            sentences.add("Step " + step + " consumes " + name(contract) + ": opening it waits until " + producers
                    + " has made it.");
            sentences.add(
                    waits
                            ? "Listing it waits until " + end(contract) + "."
                            : "Listing it gives the entries that are there, then waits for more; the list ends when "
                                    + end(contract) + ".");
            return sentences;
        }
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
                        : "Asking for its size gives what is written so far.");
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
