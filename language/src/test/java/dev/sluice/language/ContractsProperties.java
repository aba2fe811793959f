package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.HomeNodes.Home;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Held against the words of {@link Contracts}, written down once more without any thought of speed. */
class ContractsProperties {
    private static final List<String> ASKED = List.of(
            "a", "b", "c", "a/b", "a/b/c", "a/b/c/d", "b/a", "c/a/b", "a/x.d", "b/x.d", "x", "x.d", "a/b/x.d", "c/b",
            "");

    @Property(tries = 400)
    void saysWhatItsClassComments(@ForAll Random random) {
        Flow flow = Flows.dense(random);
        Contracts contracts = Contracts.of(flow);
        Oracle oracle = new Oracle(flow);
        for (String path : ASKED) {
            for (Rule.Kind kind : Rule.Kind.values()) {
                Contract contract = kind == Rule.Kind.FILE ? contracts.file(path) : contracts.directory(path);
                assertThat(facts(contract)).as("%s %s of %s", kind, path, flow).isEqualTo(oracle.facts(path, kind));
            }
        }
    }

    @Property(tries = 400)
    void theOrderInTheFileDoesNotMatter(@ForAll Random random) {
        Flow flow = Flows.dense(random);
        Contracts one = Contracts.of(flow);
        Contracts other = Contracts.of(shuffled(flow, random));
        for (String path : ASKED) {
            assertThat(facts(other.file(path))).as(path).isEqualTo(facts(one.file(path)));
            assertThat(facts(other.directory(path))).as(path).isEqualTo(facts(one.directory(path)));
        }
    }

    @Example
    void anAliasForNothingIsNoFileToWaitFor() {
        Flow flow = Flow.builder("w")
                .alias("none")
                .step("s", List.of(), List.of("f"), Rule.files("f").commits(CommitRule.onFile("none")))
                .build();
        assertThat(Contracts.of(flow).file("f").commit()).isEqualTo(CommitRule.onTermination());
    }

    @Property(tries = 200)
    void askingChangesNothing(@ForAll Random random) {
        Flow flow = Flows.dense(random);
        Contracts used = Contracts.of(flow);
        List<String> first = answers(used, ASKED);
        List<String> reversed = new ArrayList<>(answers(used, ASKED.reversed()));
        Collections.reverse(reversed);
        assertThat(reversed).isEqualTo(first);
        assertThat(answers(Contracts.of(flow), ASKED)).isEqualTo(first);
    }

    @Property(tries = 300)
    void whereTheManagedDirectoryIsDoesNotMatter(@ForAll Random random) {
        Flow flow = Flows.dense(random);
        Contracts unknown = Contracts.of(flow);
        Contracts known = Contracts.of(flow, Path.of("/data/r[1]*/a"));
        for (String path : ASKED) {
            assertThat(facts(known.file(path))).isEqualTo(facts(unknown.file(path)));
            assertThat(facts(known.file("/data/r[1]*/a/" + path))).isEqualTo(facts(unknown.file(path)));
        }
    }

    private static List<String> answers(Contracts contracts, List<String> paths) {
        return paths.stream()
                .map(path -> contracts.file(path).reasons() + " "
                        + contracts.directory(path).reasons())
                .toList();
    }

    private static Map<String, Object> facts(Contract contract) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("producers", new TreeSet<>(contract.producers()));
        facts.put("consumers", new TreeSet<>(contract.consumers()));
        facts.put("commit", commit(contract.commit()));
        facts.put("fire", contract.fire());
        facts.put("permanent", contract.isPermanent());
        facts.put("excluded", contract.isExcluded());
        facts.put("storage", contract.storage());
        facts.put("home", contract.home());
        return facts;
    }

    private static Object commit(CommitRule rule) {
        return rule instanceof CommitRule.OnFile with ? new HashSet<>(with.files()) : rule;
    }

    private static Flow shuffled(Flow flow, Random random) {
        List<Step> steps = new ArrayList<>();
        for (Step step : flow.steps()) {
            List<Rule> rules = new ArrayList<>();
            for (Rule rule : step.rules()) {
                rules.add(new Rule(rule.kind(), shuffled(rule.paths(), random), rule.commit(), rule.fire()));
            }
            steps.add(new Step(
                    step.name(),
                    shuffled(step.inputs(), random),
                    shuffled(step.outputs(), random),
                    shuffled(rules, random)));
        }
        HomeNodes homes = flow.homeNodes();
        return new Flow(
                flow.name(),
                flow.configuration(),
                shuffled(flow.aliases(), random),
                shuffled(steps, random),
                shuffled(flow.permanent(), random),
                shuffled(flow.excluded(), random),
                new HomeNodes(
                        shuffled(homes.create(), random),
                        shuffled(homes.hashing(), random),
                        shuffled(homes.manual(), random)),
                new Storage(
                        shuffled(flow.storage().memory(), random),
                        shuffled(flow.storage().disk(), random)));
    }

    private static <T> List<T> shuffled(List<T> list, Random random) {
        List<T> shuffled = new ArrayList<>(list);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    /** Looks at everything, every time. */
    private record Oracle(Flow flow) {
        /** Something that is said under a text. */
        private record Entry(String text, String section, Object what) {}

        private List<Entry> entries() {
            List<Entry> entries = new ArrayList<>();
            BiConsumer<String, Entry> add = (text, entry) -> expanded(text, new HashSet<>())
                    .forEach(path -> entries.add(new Entry(path, entry.section, entry.what)));
            for (Step step : flow.steps()) {
                step.inputs().forEach(text -> add.accept(text, new Entry("", "consumers", step.name())));
                step.outputs().forEach(text -> add.accept(text, new Entry("", "producers", step.name())));
                step.rules()
                        .forEach(rule -> rule.paths().forEach(text -> add.accept(text, new Entry("", "rule", rule))));
            }
            flow.permanent().forEach(text -> add.accept(text, new Entry("", "permanent", true)));
            flow.excluded().forEach(text -> add.accept(text, new Entry("", "excluded", true)));
            flow.storage().memory().forEach(text -> add.accept(text, new Entry("", "storage", Storage.Place.MEMORY)));
            flow.storage().disk().forEach(text -> add.accept(text, new Entry("", "storage", Storage.Place.DISK)));
            flow.homeNodes().create().forEach(text -> add.accept(text, new Entry("", "home", new Home.Creator())));
            flow.homeNodes().hashing().forEach(text -> add.accept(text, new Entry("", "home", new Home.Hashed())));
            flow.homeNodes()
                    .manual()
                    .forEach(manual -> manual.paths()
                            .forEach(text -> add.accept(text, new Entry("", "home", new Home.Named(manual.node())))));
            return entries;
        }

        private Stream<String> expanded(String text, Set<String> open) {
            return flow.aliases().stream()
                    .filter(alias -> alias.name().equals(text))
                    .findFirst()
                    .map(alias -> open.add(text)
                            ? alias.paths().stream().flatMap(path -> expanded(path, open))
                            : Stream.<String>empty())
                    .orElse(Stream.of(text));
        }

        private static boolean matches(String text, String path) {
            String regex = text.replace(".", "\\.")
                    .replace("*", ".*")
                    .replace("?", ".")
                    .replace("[!", "[^");
            return text.equals(path)
                    || Pattern.compile(regex, Pattern.DOTALL).matcher(path).matches();
        }

        Map<String, Object> facts(String path, Rule.Kind kind) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put(
                    "producers",
                    new TreeSet<>(onFirstLevel(path, "producers").stream()
                            .map(Entry::what)
                            .toList()));
            facts.put(
                    "consumers",
                    new TreeSet<>(onFirstLevel(path, "consumers").stream()
                            .map(Entry::what)
                            .toList()));
            Rule rule = rule(path, kind);
            facts.put("commit", commit(rule == null ? CommitRule.onTermination() : meant(rule.commit(), kind)));
            facts.put("fire", rule == null ? FireRule.UPDATE : rule.fire());
            facts.put("permanent", !onFirstLevel(path, "permanent").isEmpty());
            facts.put("excluded", !onFirstLevel(path, "excluded").isEmpty());
            facts.put("storage", first(path, "storage", Storage.Place.AUTOMATIC, List.of("DISK", "MEMORY")));
            facts.put(
                    "home",
                    first(
                            path,
                            "home",
                            new Home.Creator(),
                            List.of("manual: s0", "manual: s1", "manual: s2", "hashing", "create")));
            return facts;
        }

        /** All entries of a section that match the path, or else its directory, or else that one's. */
        private List<Entry> onFirstLevel(String path, String section) {
            List<Entry> found = entries().stream()
                    .filter(entry -> entry.section.equals(section) && matches(entry.text, path))
                    .toList();
            if (!found.isEmpty() || path.isEmpty()) {
                return found;
            }
            return onFirstLevel(path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "", section);
        }

        private Object first(String path, String section, Object none, List<String> order) {
            for (String here = path; ; here = here.contains("/") ? here.substring(0, here.lastIndexOf('/')) : "") {
                String level = here;
                List<Entry> found = entries().stream()
                        .filter(entry -> entry.section.equals(section) && matches(entry.text, level))
                        .sorted(Comparator.comparing((Entry entry) -> !entry.text.equals(level))
                                .thenComparing(Entry::text, LONGEST)
                                .thenComparingInt(entry -> order.indexOf(entry.what.toString())))
                        .toList();
                if (!found.isEmpty()) {
                    return found.getFirst().what;
                }
                if (here.isEmpty()) {
                    return none;
                }
            }
        }

        private static final Comparator<String> LONGEST = Comparator.comparingInt((String text) -> -text.length())
                .thenComparingInt(text -> -text.split("[*?\\[]", -1)[0].length())
                .thenComparingInt(text -> (int) text.replaceAll("\\[[^]]*]", "?")
                        .replace("**", "*")
                        .chars()
                        .filter(c -> c == '*' || c == '?')
                        .count())
                .thenComparing(text -> text);

        private Rule rule(String path, Rule.Kind kind) {
            List<String> cautious = List.of("OnTermination", "OnNFiles", "OnFile", "OnClose");
            return entries().stream()
                    .filter(entry -> entry.section.equals("rule") && matches(entry.text, path))
                    .min(Comparator.comparing((Entry entry) -> !entry.text.equals(path))
                            .thenComparing(entry -> ((Rule) entry.what).kind() != kind)
                            .thenComparing(Entry::text, LONGEST)
                            .thenComparing(entry -> ((Rule) entry.what).fire() == FireRule.NO_UPDATE)
                            .thenComparingInt(entry -> cautious.indexOf(
                                    ((Rule) entry.what).commit().getClass().getSimpleName()))
                            .thenComparingLong(entry -> -count(((Rule) entry.what).commit()))
                            .thenComparing(entry -> deps(((Rule) entry.what).commit())))
                    .map(entry -> (Rule) entry.what)
                    .orElse(null);
        }

        private static long count(CommitRule rule) {
            return switch (rule) {
                case CommitRule.OnClose close -> close.closes();
                case CommitRule.OnNFiles full -> full.files();
                case CommitRule.OnFile with -> with.files().size();
                case CommitRule.OnTermination _ -> 0;
            };
        }

        private static String deps(CommitRule rule) {
            return rule instanceof CommitRule.OnFile with ? with.files().toString() : "";
        }

        private CommitRule meant(CommitRule rule, Rule.Kind kind) {
            return switch (rule) {
                case CommitRule.OnFile with -> {
                    List<String> files = with.files().stream()
                            .flatMap(file -> expanded(file, new HashSet<>()))
                            .toList();
                    yield files.isEmpty() ? CommitRule.onTermination() : new CommitRule.OnFile(files);
                }
                case CommitRule.OnNFiles _ when kind == Rule.Kind.FILE -> CommitRule.onTermination();
                case CommitRule.OnClose _ when kind == Rule.Kind.DIRECTORY -> CommitRule.onTermination();
                default -> rule;
            };
        }
    }
}
