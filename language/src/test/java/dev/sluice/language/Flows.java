package dev.sluice.language;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Makes flows of all kinds. One thread at a time. */
final class Flows {
    private static final List<String> SMALL = List.of(
            "a", "b", "a/b", "a/b/c", "b/a", "c/a/b", "a/x.d", "*", "a/*", "*/b", "a/?", "[ab]/*", "a*", "*.d", "*/*",
            "?/b", "a/*.d", "g", "h", "a/[!b]*", "**", "a/b/*");
    private static final List<String> ODD = List.of(
            "",
            " ",
            "\"",
            "\\",
            "/",
            "//",
            ".",
            "..",
            "\t",
            "\n",
            "\u0001",
            "\u0000",
            "\u007f",
            "\u2028",
            "\u00e9",
            "\uFEFF",
            "\uD83D\uDE00",
            "<b>",
            "/* no */",
            "// no",
            "'",
            "{}",
            "$",
            "on_close",
            "\uFFFF");

    private final Random random;
    private final boolean odd;

    private Flows(Random random, boolean odd) {
        this.random = random;
        this.odd = odd;
    }

    /** A flow with all that a flow can say, in strings of any kind. */
    static Flow any(Random random) {
        return new Flows(random, true).flow();
    }

    /** A flow whose few paths and patterns have much to do with each other; {@code g} and {@code h} may be aliases. */
    static Flow dense(Random random) {
        return new Flows(random, false).flow();
    }

    private boolean some() {
        return random.nextBoolean();
    }

    private Flow flow() {
        Set<String> names = new LinkedHashSet<>(odd ? texts(3) : some() ? List.of("g", "h") : List.of());
        List<Flow.Alias> aliases =
                names.stream().map(name -> new Flow.Alias(name, texts(3))).toList();
        List<HomeNodes.Manual> manual = Stream.generate(() -> new HomeNodes.Manual(texts(2), odd ? text() : step()))
                .limit(random.nextInt(3))
                .toList();
        return new Flow(
                odd ? text() : "w",
                "",
                aliases,
                Stream.generate(this::aStep).limit(random.nextInt(4)).toList(),
                texts(2),
                texts(2),
                new HomeNodes(texts(2), texts(2), manual),
                new Storage(texts(2), texts(2)));
    }

    private String step() {
        return "s" + random.nextInt(3);
    }

    private Step aStep() {
        List<Rule> rules = Stream.generate(this::rule).limit(random.nextInt(4)).toList();
        return new Step(odd ? "s" + text() : step(), texts(3), texts(3), rules);
    }

    private Rule rule() {
        Rule.Kind kind = some() ? Rule.Kind.FILE : Rule.Kind.DIRECTORY;
        CommitRule commit = switch (random.nextInt(5)) {
            case 0 -> CommitRule.onTermination();
            case 1 -> CommitRule.onClose(1 + random.nextInt(odd ? Integer.MAX_VALUE : 3));
            case 2 ->
                new CommitRule.OnFile(
                        Stream.concat(Stream.of(text()), texts(2).stream()).toList());
            case 3 ->
                kind == Rule.Kind.DIRECTORY
                        ? CommitRule.onNFiles(1 + random.nextLong(odd ? Long.MAX_VALUE : 3))
                        : CommitRule.onClose();
            default -> CommitRule.onClose();
        };
        return new Rule(kind, texts(2), commit, some() ? FireRule.UPDATE : FireRule.NO_UPDATE);
    }

    private List<String> texts(int most) {
        List<String> texts = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            texts.add(text());
        }
        return texts;
    }

    private String text() {
        if (!odd) {
            return SMALL.get(random.nextInt(SMALL.size()));
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append((some() ? ODD : SMALL).get(random.nextInt(some() ? ODD.size() : SMALL.size()) % SMALL.size()));
        }
        return text.toString();
    }
}
