package dev.sluice.cli;

import dev.sluice.cli.Sketch.Alarm;
import dev.sluice.cli.Sketch.Arrow;
import dev.sluice.cli.Sketch.Flow;
import dev.sluice.cli.Sketch.Kind;
import dev.sluice.cli.Sketch.Sheet;
import dev.sluice.language.CommitRule;
import dev.sluice.language.Contract;
import dev.sluice.language.FireRule;
import dev.sluice.language.Graph;
import dev.sluice.language.Graph.Node;
import dev.sluice.language.Graph.Part;
import dev.sluice.language.HomeNodes.Home;
import dev.sluice.language.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Makes a {@link Sketch} of a flow's graph: puts files that are alike on one sheet. One thread at a time. */
final class Sketcher {
    /** Files with equal keys are on one sheet. */
    private record Key(
            Set<String> writers,
            Set<String> readers,
            Kind kind,
            String commit,
            Set<String> fires,
            boolean isUsual,
            List<String> marks,
            Set<String> holders,
            Set<String> held) {
        /** Is it there before the run? */
        boolean isFound() {
            return writers.isEmpty() && held.isEmpty();
        }
    }

    private final Graph graph;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    /** Who writes a path under its own text, and who reads it so; others do by way of a part. */
    private final Map<String, Set<String>> writers = new LinkedHashMap<>();

    private final Map<String, Set<String>> readers = new LinkedHashMap<>();
    /** The texts that a path is handed to, and those that hand it over. */
    private final Map<String, Set<String>> holders = new LinkedHashMap<>();

    private final Map<String, Set<String>> held = new LinkedHashMap<>();
    private final Map<String, String> stepIds = new LinkedHashMap<>();
    private final Map<String, String> sheetIds = new LinkedHashMap<>();
    private final Map<Key, List<Node>> sheets = new LinkedHashMap<>();

    private Sketcher(Graph graph) {
        this.graph = graph;
    }

    static Sketch sketch(String title, Graph graph) {
        return new Sketcher(graph).sketch(title);
    }

    private Sketch sketch(String title) {
        graph.files().forEach(this::begin);
        graph.parts().forEach(this::addPart);
        for (Node node : nodes.values()) {
            sheets.computeIfAbsent(key(node), _ -> new ArrayList<>()).add(node);
        }
        for (String step : graph.steps()) {
            stepIds.computeIfAbsent(step, _ -> "s" + (stepIds.size() + 1));
        }
        int number = 0;
        for (List<Node> alike : sheets.values()) {
            number++;
            for (Node node : alike) {
                sheetIds.put(node.text(), "f" + number);
            }
        }
        List<Arrow> arrows = List.copyOf(new LinkedHashSet<>(arrows()));
        Knots all = new Knots(stepIds.values());
        Knots ends = new Knots(stepIds.values());
        addTo(all, false);
        addTo(ends, true);
        Alarms alarms = new Alarms(all, ends);
        List<Sketch.Step> steps = new ArrayList<>();
        stepIds.forEach((name, id) -> steps.add(new Sketch.Step(id, name, alarms.of(id))));
        List<Sheet> drawn = new ArrayList<>();
        sheets.forEach((key, alike) -> drawn.add(sheet(key, alike, alarms)));
        return new Sketch(title, steps, drawn, arrows.stream().map(alarms::with).toList());
    }

    private void begin(Node node) {
        nodes.put(node.text(), node);
        writers.put(node.text(), new LinkedHashSet<>(node.contract().producers()));
        readers.put(node.text(), new LinkedHashSet<>(node.contract().consumers()));
        holders.put(node.text(), new TreeSet<>());
        held.put(node.text(), new TreeSet<>());
    }

    /** What goes by way of the part is not drawn twice. */
    private void addPart(Part part) {
        Node produced = nodes.get(part.produced());
        Node consumed = nodes.get(part.consumed());
        if (produced != null && consumed != null && !part.produced().equals(part.consumed())) {
            of(readers, produced).removeAll(consumed.contract().consumers());
            of(writers, consumed).removeAll(produced.contract().producers());
            of(holders, produced).add(consumed.text());
            of(held, consumed).add(produced.text());
        }
    }

    private Key key(Node node) {
        boolean isFound = of(writers, node).isEmpty() && of(held, node).isEmpty();
        return new Key(
                of(writers, node),
                of(readers, node),
                kind(node),
                isFound ? "" : commit(node.contract()),
                isFound ? Set.of() : fires(node),
                rulers(node).stream().noneMatch(ruler -> ruler.contract().hasRule()),
                marks(node.contract()),
                of(holders, node),
                of(held, node));
    }

    private static Kind kind(Node node) {
        if (node.isPattern()) {
            return Kind.PATTERN;
        }
        return node.contract().kind() == Rule.Kind.DIRECTORY ? Kind.DIRECTORY : Kind.NAME;
    }

    private static String commit(Contract contract) {
        return switch (contract.commit()) {
            case CommitRule.OnFile on -> "on_file: " + String.join(", ", on.files());
            case CommitRule.OnNFiles on -> "on_n_files: " + on.files();
            case CommitRule.OnClose on -> on.toString();
            case CommitRule.OnTermination on -> on.toString();
        };
    }

    private Set<String> fires(Node node) {
        Set<String> fires = new TreeSet<>();
        rulers(node).forEach(ruler -> fires.add(ruler.contract().fire().toString()));
        return fires;
    }

    /** Those whose rules hold: for a pattern that nobody writes as such, the files that are written and that it stands for. */
    private List<Node> rulers(Node node) {
        return node.isPattern()
                        && of(writers, node).isEmpty()
                        && !of(held, node).isEmpty()
                ? of(held, node).stream().map(part -> of(nodes, part)).toList()
                : List.of(node);
    }

    private static List<String> marks(Contract contract) {
        List<String> marks = new ArrayList<>();
        if (contract.isPermanent()) {
            marks.add("permanent");
        }
        if (contract.isExcluded()) {
            marks.add("excluded");
        }
        switch (contract.storage()) {
            case MEMORY -> marks.add("in memory");
            case DISK -> marks.add("on disk");
            case AUTOMATIC -> {}
        }
        switch (contract.home()) {
            case Home.Creator _ -> {}
            case Home.Hashed _ -> marks.add("home: by hash");
            case Home.Named named -> marks.add("home: " + named.node());
        }
        return marks;
    }

    private Sheet sheet(Key key, List<Node> alike, Alarms alarms) {
        String id = of(sheetIds, alike.getFirst().text());
        List<String> paths = alike.stream().map(node -> shown(node, key.kind())).toList();
        return new Sheet(
                id, paths, key.kind(), key.commit(), String.join(" or ", key.fires()), key.marks(), alarms.of(id));
    }

    private static String shown(Node node, Kind kind) {
        String text = node.text().isEmpty() ? "." : node.text();
        return kind == Kind.DIRECTORY && !text.endsWith("/") ? text + "/" : text;
    }

    private List<Arrow> arrows() {
        List<Arrow> arrows = new ArrayList<>();
        sheets.forEach((key, alike) -> {
            Node first = alike.getFirst();
            boolean plain = first.contract().isExcluded();
            String id = of(sheetIds, first.text());
            for (String step : key.writers()) {
                arrows.add(
                        plain
                                ? new Arrow(stepId(step), id, Flow.PLAIN, "", true, Alarm.NONE)
                                : new Arrow(stepId(step), id, Flow.WRITES, key.commit(), key.isUsual(), Alarm.NONE));
            }
            Flow read =
                    plain ? Flow.PLAIN : key.isFound() ? Flow.FINDS : isStream(key.fires()) ? Flow.STREAMS : Flow.WAITS;
            String label = plain ? "" : String.join(" or ", key.fires());
            for (String step : key.readers()) {
                arrows.add(new Arrow(id, stepId(step), read, label, key.isUsual(), Alarm.NONE));
            }
            for (Node node : alike) {
                of(holders, node).forEach(holder -> arrows.add(part(node, of(nodes, holder))));
            }
        });
        return arrows;
    }

    private static boolean isStream(Set<String> fires) {
        return fires.equals(Set.of(FireRule.NO_UPDATE.toString()));
    }

    /** A rule of a name stands here when it is not that of the pattern beside it. */
    private Arrow part(Node produced, Node consumed) {
        String commit = commit(consumed.contract());
        boolean differs = !consumed.isPattern() && !commit.equals(commit(produced.contract()));
        return new Arrow(
                of(sheetIds, produced.text()),
                of(sheetIds, consumed.text()),
                Flow.PART,
                differs ? commit : "",
                !consumed.contract().hasRule(),
                Alarm.NONE);
    }

    private String stepId(String name) {
        return of(stepIds, name);
    }

    /** Ways from step to step; a file has two ends, so that a way goes through it only if its rules let it. */
    private void addTo(Knots knots, boolean waitingForEnds) {
        for (Node node : nodes.values()) {
            if (node.contract().isExcluded()) {
                continue;
            }
            String id = of(sheetIds, node.text());
            of(writers, node).forEach(step -> knots.add(stepId(step), id + "<"));
            of(readers, node).forEach(step -> knots.add(id + ">", stepId(step)));
            if (!waitingForEnds || endsOnly(node)) {
                knots.add(id + "<", id + ">");
            }
            for (String holder : of(holders, node)) {
                Node consumed = of(nodes, holder);
                if (!waitingForEnds || endsOnly(consumed.isPattern() ? node : consumed)) {
                    knots.add(id + "<", of(sheetIds, holder) + ">");
                }
            }
        }
    }

    private static boolean endsOnly(Node node) {
        return node.contract().fire() == FireRule.UPDATE
                && node.contract().commit() instanceof CommitRule.OnTermination;
    }

    /** Which steps and sheets are in circles. */
    private record Alarms(Knots all, Knots ends) {
        Alarm of(String id) {
            if (isIn(ends, id)) {
                return Alarm.DEADLOCK;
            }
            return isIn(all, id) ? Alarm.CIRCLE : Alarm.NONE;
        }

        private static boolean isIn(Knots knots, String id) {
            return knots.isKnotted(id) || knots.isKnotted(id + "<") || knots.isKnotted(id + ">");
        }

        Arrow with(Arrow arrow) {
            Alarm alarm = Alarm.NONE;
            if (arrow.flow() != Flow.PLAIN) {
                alarm = together(ends, arrow) ? Alarm.DEADLOCK : together(all, arrow) ? Alarm.CIRCLE : Alarm.NONE;
            }
            return new Arrow(arrow.from(), arrow.to(), arrow.flow(), arrow.label(), arrow.isUsual(), alarm);
        }

        private static boolean together(Knots knots, Arrow arrow) {
            return switch (arrow.flow()) {
                case WRITES -> knots.areTogether(arrow.from(), arrow.to() + "<");
                case WAITS, STREAMS, FINDS -> knots.areTogether(arrow.from() + ">", arrow.to());
                case PART -> knots.areTogether(arrow.from() + "<", arrow.to() + ">");
                case PLAIN -> false;
            };
        }
    }

    private static <K, V> V of(Map<K, V> map, K key) {
        V value = map.get(key);
        if (value == null) {
            throw new IllegalStateException("not in the graph: " + key);
        }
        return value;
    }

    private static <V> V of(Map<String, V> map, Node node) {
        return of(map, node.text());
    }
}
