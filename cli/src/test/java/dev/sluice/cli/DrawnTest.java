package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrawnTest {
    private static final Sketch SMALL = Flows.sketch(Flow.builder("small")
            .step("a", List.of("in"), List.of("x/*"))
            .step("b", List.of("x/*"), List.of())
            .path(
                    "x/*",
                    path -> path.producers("a").commits(CommitRule.onClose()).fires(FireRule.NO_UPDATE))
            .build());

    @TempDir
    private Path folder;

    @Test
    void mermaidHasTheStepsTheFilesAndTheRules() {
        assertThat(Drawn.MMD.text(SMALL).lines())
                .startsWith("---", "title: \"small\"", "---")
                .contains(
                        "flowchart LR",
                        "  s1[\"a\"]:::step",
                        "  f1(\"in\"):::file",
                        "  f2[[\"x/#42;\"]]:::file",
                        "  s1 -->|\"on#95;close\"| f2",
                        "  f2 ==>|\"no#95;update\"| s2");
    }

    @Test
    void nothingInAFlowGetsOutOfItsQuotesInMermaid() {
        assertThat(Drawn.MMD.text(Flows.sketch(Flows.odd())).lines())
                .filteredOn(line -> line.matches(" +[sf]\\d+.*"))
                .allMatch(line -> line.matches(" +[sf]\\d+(\\(\"[^\"<>]*(<br/>[^\"<>]*)*\"\\)|\\[\"[^\"<>]*\"]):::\\w+"
                        + "| +[sf]\\d+ (-->|==>|---|-\\.->)(\\|\"[^\"<>]*\"\\|)? [sf]\\d+"));
    }

    @Test
    void graphvizHasTheStepsTheFilesAndTheRules() {
        assertThat(Drawn.DOT.text(SMALL)).contains("s1 -> f2 [label=\"on_close\"", "f2 -> s2 [label=\"no_update\"");
    }

    @Test
    void graphvizReadsOddNames() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/dot")), "graphviz is not installed");
        Path file = folder.resolve("odd.dot");
        Files.writeString(file, Drawn.DOT.text(Flows.sketch(Flows.odd())));

        Process dot = new ProcessBuilder("/usr/bin/dot", "-Tplain", file.toString())
                .redirectErrorStream(true)
                .start();
        String plain = new String(dot.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(dot.waitFor()).as(plain).isZero();
        assertThat(plain.lines().filter(line -> line.startsWith("node "))).hasSize(2 * Flows.ODD.size() - 1);
    }

    @Test
    void aPageRunsItsOwnScriptOnlyAndNeedsNothingElse() {
        String page = Drawn.HTML.text(Flows.sketch(Flows.odd()));

        assertThat(page.split("<script", -1)).hasSize(2);
        assertThat(page)
                .contains("default-src &#39;none&#39;; style-src &#39;sha256-")
                .doesNotContain("src=\"", "@import", "url(");
        assertThat(page.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http://", "https://");
    }

    @Test
    void aPageListsAllFilesOfASheet() {
        String page = Drawn.HTML.text(Flows.sketch(Flows.oneToMany(300)));

        assertThat(page).contains("<li class=\"path\">out/part-299</li>", "href=\"#about-f2\"", "id=\"about-f2\"");
    }
}
