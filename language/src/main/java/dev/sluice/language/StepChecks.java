package dev.sluice.language;

import dev.sluice.language.Graph.Link;
import dev.sluice.language.Mention.Said;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what is wrong with steps: circles, strangers, names that no step has. One thread at a time. */
final class StepChecks {
    private final Flow flow;
    private final Graph graph;
    /** The places of rules that were not understood. */
    private final Set<At> broken;

    private final Problems problems;
    private final Map<String, At> places = new LinkedHashMap<>();

    StepChecks(Flow flow, Graph graph, Set<At> broken, Problems problems) {
        this.flow = flow;
        this.graph = graph;
        this.broken = broken;
        this.problems = problems;
    }

    void run() {
        names();
        List<Link> links = graph.links();
        circles(links);
        strangers(links);
        nodes();
    }

    private void names() {
        for (int i = 0; i < flow.steps().size(); i++) {
            String name = flow.steps().get(i).name();
            At at = At.ROOT.key("IO_Graph").item(i).key("name");
            if (name.indexOf('\0') >= 0) {
                problems.error(
                        "step-name",
                        at,
                        "the step \"" + name
                                + "\" has a zero byte (\\u0000) in its name, which no program can be given",
                        "remove it");
            }
            if (places.putIfAbsent(name, at) != null) {
                problems.warning(
                        "step-twice",
                        at,
                        "the step \"" + name + "\" is described twice, and both descriptions hold",
                        "make them one, or give one of them another name");
            }
        }
        if (flow.steps().isEmpty()) {
            problems.warning("no-steps", At.ROOT.key("IO_Graph"), "the flow has no steps", "describe them in IO_Graph");
        }
    }

    /** Steps that wait for each other's end can never go on; other circles may. */
    private void circles(List<Link> links) {
        Map<String, Map<String, Link>> all = new LinkedHashMap<>();
        Map<String, Map<String, Link>> ends = new LinkedHashMap<>();
        for (Link link : links) {
            all.computeIfAbsent(link.from(), _ -> new LinkedHashMap<>()).putIfAbsent(link.to(), link);
            Contract contract = link.file().contract();
            Said<Rule> rule = contract.rule();
            if (contract.fire() == FireRule.UPDATE
                    && contract.commit() instanceof CommitRule.OnTermination
                    && (rule == null || !broken.contains(rule.at().owner()))) {
                ends.computeIfAbsent(link.from(), _ -> new LinkedHashMap<>()).putIfAbsent(link.to(), link);
            }
        }
        Set<String> told = new HashSet<>();
        for (String step : onCircles(ends)) {
            List<Link> circle = Circles.shortest(step, one -> next(ends, one), Link::to);
            if (!circle.isEmpty() && told.add(step)) {
                circle.forEach(link -> told.add(link.to()));
                problems.error(
                        "step-circle",
                        places.getOrDefault(step, At.ROOT),
                        "steps wait for each other's end: " + path(circle),
                        "let one of these files commit on_close or fire no_update, if its writer allows it");
            }
        }
        for (String step : onCircles(all)) {
            List<Link> circle = Circles.shortest(step, one -> next(all, one), Link::to);
            if (!circle.isEmpty() && told.add(step)) {
                circle.forEach(link -> told.add(link.to()));
                problems.warning(
                        "step-circle",
                        places.getOrDefault(step, At.ROOT),
                        "steps read each other's files, and will wait for ever if one reads too much: " + path(circle),
                        "make sure that none of them reads to the end of a file before it has written what the other"
                                + " needs");
            }
        }
    }

    /** Steps of which some are on each circle. */
    private List<String> onCircles(Map<String, Map<String, Link>> links) {
        Set<String> walked = new HashSet<>();
        return graph.steps().stream()
                .flatMap(step ->
                        Circles.closing(
                                step,
                                one -> List.copyOf(
                                        links.getOrDefault(one, Map.of()).keySet()),
                                walked)
                                .stream())
                .toList();
    }

    private static List<Link> next(Map<String, Map<String, Link>> links, String step) {
        return List.copyOf(links.getOrDefault(step, Map.of()).values());
    }

    private static String path(List<Link> circle) {
        StringBuilder text = new StringBuilder(circle.getFirst().from());
        circle.forEach(link ->
                text.append(" -> ").append(link.file().text()).append(" -> ").append(link.to()));
        return text.toString();
    }

    /** Steps that nothing joins to any other one. */
    private void strangers(List<Link> links) {
        Set<String> joined = new HashSet<>();
        links.forEach(link -> joined.addAll(List.of(link.from(), link.to())));
        for (int i = 0; i < flow.steps().size(); i++) {
            Step step = flow.steps().get(i);
            At at = places.getOrDefault(step.name(), At.ROOT);
            if (step.inputs().isEmpty() && step.outputs().isEmpty()) {
                problems.warning(
                        "idle-step",
                        at,
                        "the step \"" + step.name() + "\" neither reads nor writes",
                        "say what it reads (input_stream) and writes (output_stream)");
            } else if (places.size() > 1 && !joined.contains(step.name()) && !joined.isEmpty()) {
                problems.warning(
                        "lonely-step",
                        at,
                        "the step \"" + step.name() + "\" shares no file with any other step",
                        "look for misspelt paths, or leave it out of the flow");
            }
        }
    }

    /** Nodes of manual policies are named after steps. */
    private void nodes() {
        List<HomeNodes.Manual> manual = flow.homeNodes().manual();
        for (int i = 0; i < manual.size(); i++) {
            String node = manual.get(i).node();
            String step = node.indexOf(':') < 0 ? node : node.substring(0, node.indexOf(':'));
            if (!places.containsKey(step)) {
                problems.warning(
                        "unknown-step",
                        At.ROOT.key("home_node_policies").key("manual").item(i).key("app_node"),
                        "there is no step \"" + step + "\"",
                        Similar.advice(
                                step,
                                places.keySet(),
                                places.isEmpty()
                                        ? "describe it in IO_Graph"
                                        : "steps are " + String.join(", ", new ArrayList<>(places.keySet()))));
            }
        }
    }
}
