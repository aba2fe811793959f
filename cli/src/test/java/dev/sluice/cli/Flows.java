package dev.sluice.cli;

import dev.sluice.language.Contracts;
import dev.sluice.language.Flow;
import dev.sluice.language.Graph;
import java.util.List;
import java.util.stream.IntStream;

/** Flows to be drawn, for tests. */
final class Flows {
    /** Names that mean something to one of the formats. */
    static final List<String> ODD = List.of(
            "</title><script>alert(1)</script>",
            "\" onload=\"alert(2)",
            "a\"]:::x --> <img src=x onerror=alert(3)>",
            "in\nto\tpieces\u0001",
            "ba\u202eckwards",
            "half \ud83d",
            "日本語/ファイル名/とても長いのでここで切れます/とても長いのでここで切れます/データ.txt",
            "back\\slash\\",
            "&lt;&amp;#35;",
            "1. list",
            "`code` %% end",
            "--> ]]> -->",
            "w".repeat(300),
            "M".repeat(60) + "/" + "W".repeat(60));

    private Flows() {}

    static Sketch sketch(Flow flow) {
        return Sketcher.sketch(flow.name(), Graph.of(Contracts.of(flow)));
    }

    static Flow odd() {
        Flow.Builder flow = Flow.builder("<script>alert(0)</script>\n\" & '");
        for (int i = 0; i + 1 < ODD.size(); i++) {
            flow.step(ODD.get(i), List.of("f" + i + ODD.get(i)), List.of("f" + (i + 1) + ODD.get(i + 1)));
        }
        return flow.permanent("*").build();
    }

    static Flow oneToMany(int files) {
        List<String> parts =
                IntStream.range(0, files).mapToObj(i -> "out/part-" + i).toList();
        return Flow.builder("one to many")
                .step("make", List.of("seed"), parts)
                .step("use", parts, List.of("result"))
                .build();
    }

    /** Many steps, and many files of which no two are alike. */
    static Flow large(int steps, int files) {
        Flow.Builder flow = Flow.builder("large");
        List<List<String>> written = IntStream.range(0, steps)
                .mapToObj(step -> IntStream.range(0, files)
                        .filter(file -> file % steps == step)
                        .mapToObj(file -> "data/file-" + file)
                        .toList())
                .toList();
        for (int step = 0; step < steps; step++) {
            int reader = step;
            List<String> read = IntStream.range(0, files)
                    .filter(file -> file % steps < reader && reader <= file % steps + 1 + file / steps % 4)
                    .mapToObj(file -> "data/file-" + file)
                    .toList();
            flow.step("step-" + step, read, written.get(step));
        }
        return flow.build();
    }
}
