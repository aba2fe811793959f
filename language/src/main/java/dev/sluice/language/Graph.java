package dev.sluice.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Who hands what to whom: the steps of a flow, the paths and patterns between them, and which of these are parts of
 * others. Immutable.
 *
 * @param steps the steps, in the order of the flow
 * @param files the paths and patterns that steps produce or consume, in the order of the flow
 * @param parts which of them have files in common, one of them being produced and the other one consumed
 * @param isComplete are all parts there? There may be so many patterns that not all are compared with each other
 */
public record Graph(List<String> steps, List<Node> files, List<Part> parts, boolean isComplete) {
    /**
     * A path or a pattern.
     *
     * @param text as seen from the managed directory
     * @param isPattern does it stand for many paths?
     * @param contract what the flow says of it
     */
    public record Node(String text, boolean isPattern, Contract contract) {}

    /**
     * What one node produces, the other one consumes.
     *
     * @param produced the text of the one
     * @param consumed the text of the other
     */
    public record Part(String produced, String consumed) {}

    /**
     * A step that reads what another one writes.
     *
     * @param from the step that writes
     * @param to the step that reads
     * @param file what it reads
     */
    record Link(String from, String to, Node file) {}

    /** Copies the lists. */
    public Graph {
        steps = List.copyOf(steps);
        files = List.copyOf(files);
        parts = List.copyOf(parts);
    }

    /**
     * The graph of a flow.
     *
     * @param contracts the flow's contracts
     * @return the graph
     */
    public static Graph of(Contracts contracts) {
        return of(contracts, (_, _) -> {});
    }

    /** The graph of a flow; gives all paths and patterns that have something in common on the way. */
    static Graph of(Contracts contracts, BiConsumer<Mention, Mention> pairs) {
        Map<String, Node> nodes = new LinkedHashMap<>();
        contracts.paths().forEach(text -> nodes.put(text, new Node(text, Glob.isPattern(text), contracts.path(text))));
        Set<Part> parts = new LinkedHashSet<>();
        Meetings meetings = new Meetings(contracts, contracts.mentions().values());
        meetings.forEach((one, other) -> {
            addPart(parts, one, other);
            addPart(parts, other, one);
            pairs.accept(one, other);
        });
        return new Graph(contracts.steps(), List.copyOf(nodes.values()), List.copyOf(parts), meetings.isComplete());
    }

    private static void addPart(Set<Part> parts, Mention produced, Mention consumed) {
        if (!produced.producers().isEmpty() && !consumed.consumers().isEmpty()) {
            parts.add(new Part(produced.text(), consumed.text()));
        }
    }

    /** Which step reads what which other step writes, through which path; excluded files hand nothing over. */
    List<Link> links() {
        Map<String, Node> byText = new LinkedHashMap<>();
        files.forEach(node -> byText.put(node.text(), node));
        List<Link> links = new ArrayList<>();
        for (Node node : files) {
            addLinks(links, node, node);
        }
        for (Part part : parts) {
            Node produced = byText.get(part.produced());
            Node consumed = byText.get(part.consumed());
            // Of a plain name its own contract tells all producers and consumers.
            if (produced != null && consumed != null && produced.isPattern && consumed.isPattern) {
                addLinks(links, produced, consumed);
            }
        }
        return links;
    }

    private static void addLinks(List<Link> links, Node produced, Node consumed) {
        if (produced.contract.isExcluded() || consumed.contract.isExcluded()) {
            return;
        }
        for (String from : produced.contract.producers()) {
            for (String to : consumed.contract.consumers()) {
                if (!from.equals(to)) {
                    links.add(new Link(from, to, consumed.isPattern ? produced : consumed));
                }
            }
        }
    }
}
