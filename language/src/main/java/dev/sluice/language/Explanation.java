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
        Said<Rule> rule = contract.rule();
        String at = rule == null ? "" : rule.at().text();
        reasons.add(new Reason("commits " + contract.commit() + ": " + commit(contract), at));
        reasons.add(new Reason("fires " + contract.fire() + ": " + fire(contract), at));
        add(reasons, contract.excludedSaid(), "excluded: a plain file that does not flow, for which nobody waits");
        add(reasons, contract.permanentSaid(), "permanent: kept when the run ends");
        contract.placeSaid()
                .forEach(said -> reasons.add(new Reason(
                        said.what() == Storage.Place.MEMORY ? "kept in memory" : "kept in the file system",
                        said.at().text())));
        contract.homeSaid()
                .forEach(said ->
                        reasons.add(new Reason(home(said.what()), said.at().text())));
        return reasons;
    }

    private static void add(List<Reason> reasons, List<Said<Boolean>> said, String says) {
        if (!said.isEmpty()) {
            reasons.add(new Reason(says, said.getFirst().at().text()));
        }
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
                it + " is complete when " + list(onFile.files())
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
                        + list(producers)
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
        String name = contract.path().isEmpty() ? "the managed directory" : contract.path();
        if (contract.isExcluded()) {
            return List.of(name + " is excluded: step " + step + " uses it as a plain file and never waits for it.");
        }
        List<String> sentences = new ArrayList<>();
        if (contract.isProducer(step)) {
            sentences.add("Step " + step + " produces " + name + ": it opens, reads and writes it without waiting.");
            sentences.add("Closing it " + closing(contract) + ".");
            return sentences;
        }
        if (!contract.isConsumer(step)) {
            sentences.add("Step " + step + " neither produces nor consumes " + name
                    + ": it uses it as a plain file, and never waits for it.");
            return sentences;
        }
        if (contract.producers().isEmpty()) {
            sentences.add("No step produces " + name + ": step " + step
                    + " finds it if it is there before the run, and never waits for it.");
            return sentences;
        }
        String producers = list(contract.producers());
        String waits = contract.fire() == FireRule.UPDATE ? " until " + end(contract) : "";
        if (contract.kind() == Kind.DIRECTORY) {
            sentences.add("Opening it waits until " + producers + " has made it.");
            sentences.add(
                    waits.isEmpty()
                            ? "Listing it gives the entries that are there, then waits for more; the list ends when "
                                    + end(contract) + "."
                            : "Listing it waits" + waits + ".");
            return sentences;
        }
        sentences.add("Opening it waits until " + producers + " has created it.");
        sentences.add(
                waits.isEmpty()
                        ? "Reading it gives the bytes that are there, and waits where they are not written yet; the"
                                + " end of the file comes when " + end(contract) + "."
                        : "Reading it waits" + waits + ".");
        sentences.add(
                waits.isEmpty()
                        ? "Asking for its size gives what is written so far."
                        : "Asking for its size waits just as long.");
        sentences.add("Closing it changes nothing: only closes by writers count.");
        return sentences;
    }

    private static String closing(Contract contract) {
        return switch (contract.commit()) {
            case CommitRule.OnClose onClose ->
                onClose.closes() == 1
                        ? "completes it: its readers get its end"
                        : "counts: the close number " + onClose.closes() + " completes it";
            case CommitRule.OnTermination _ -> "does not complete it: that is when " + end(contract);
            case CommitRule.OnFile _, CommitRule.OnNFiles _ -> "does not complete it: that is when " + end(contract);
        };
    }

    private static String end(Contract contract) {
        return switch (contract.commit()) {
            case CommitRule.OnClose onClose ->
                onClose.closes() == 1
                        ? list(contract.producers()) + " closes it"
                        : "writers have closed it " + onClose.closes() + " times";
            case CommitRule.OnTermination _ -> enders(contract);
            case CommitRule.OnFile onFile ->
                list(onFile.files()) + (onFile.files().size() == 1 ? " is" : " are") + " complete";
            case CommitRule.OnNFiles onNFiles ->
                "it has " + onNFiles.files() + (onNFiles.files() == 1 ? " file" : " files");
        };
    }

    private static String list(List<String> names) {
        return names.size() < 2
                ? String.join("", names)
                : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
    }
}
