package dev.sluice.language;

import dev.sluice.language.Mention.Said;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Walks through a flow and files all that it says under the paths of which it says it. */
final class Mentions {
    private final Flow flow;
    private final Aliases aliases;
    private final Function<String, Mention> byText;

    Mentions(Flow flow, Aliases aliases, Function<String, Mention> byText) {
        this.flow = flow;
        this.aliases = aliases;
        this.byText = byText;
    }

    void collect() {
        At graph = At.ROOT.key("IO_Graph");
        for (int i = 0; i < flow.steps().size(); i++) {
            step(flow.steps().get(i), graph.item(i));
        }
        each(
                flow.permanent(),
                At.ROOT.key("permanent"),
                (mention, at) -> mention.permanent().add(new Said<>(true, at)));
        each(
                flow.excluded(),
                At.ROOT.key("exclude"),
                (mention, at) -> mention.excluded().add(new Said<>(true, at)));
        At storage = At.ROOT.key("storage");
        each(
                flow.storage().memory(),
                storage.key("memory"),
                (mention, at) -> mention.places().add(new Said<>(Storage.Place.MEMORY, at)));
        each(
                flow.storage().disk(),
                storage.key("fs"),
                (mention, at) -> mention.places().add(new Said<>(Storage.Place.DISK, at)));
        HomeNodes policies = flow.homeNodes();
        At homes = At.ROOT.key("home_node_policies");
        homes(policies.create(), homes.key("create"), new HomeNodes.Home.Creator());
        homes(policies.hashing(), homes.key("hashing"), new HomeNodes.Home.Hashed());
        for (int i = 0; i < policies.manual().size(); i++) {
            HomeNodes.Manual manual = policies.manual().get(i);
            homes(manual.paths(), homes.key("manual").item(i).key("name"), new HomeNodes.Home.Named(manual.node()));
        }
    }

    private void step(Step step, At at) {
        each(
                step.inputs(),
                at.key("input_stream"),
                (mention, here) -> mention.consumers().add(new Said<>(step.name(), here)));
        each(
                step.outputs(),
                at.key("output_stream"),
                (mention, here) -> mention.producers().add(new Said<>(step.name(), here)));
        for (int i = 0; i < step.rules().size(); i++) {
            Rule rule = step.rules().get(i);
            At here = at.key("streaming").item(i);
            each(
                    rule.paths(),
                    here.key(rule.kind() == Rule.Kind.FILE ? "name" : "dirname"),
                    (mention, entry) -> mention.rules().add(new Said<>(rule, entry)));
        }
    }

    private void homes(List<String> paths, At at, HomeNodes.Home home) {
        each(paths, at, (mention, here) -> mention.homes().add(new Said<>(home, here)));
    }

    private void each(List<String> entries, At at, BiConsumer<Mention, At> add) {
        for (int i = 0; i < entries.size(); i++) {
            At here = at.item(i);
            for (String path : aliases.expand(entries.get(i))) {
                if (!path.isEmpty()) {
                    add.accept(byText.apply(path), here);
                }
            }
        }
    }
}
