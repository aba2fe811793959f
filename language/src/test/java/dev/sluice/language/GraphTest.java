package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.Graph.Node;
import dev.sluice.language.Graph.Part;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class GraphTest {
    private static Graph graph(Flow.Builder flow) {
        return Graph.of(Contracts.of(flow.build(), Path.of("/data/run")));
    }

    @Test
    void hasStepsAndFilesInTheOrderOfTheFlow() {
        Graph graph = graph(Flow.builder("w")
                .step("b", List.of("in"), List.of("z", "a/*"))
                .step("a", List.of("z"), List.of("../x", "/data/run/y", "/elsewhere"))
                .permanent("only/kept"));

        assertThat(graph.steps()).containsExactly("b", "a");
        assertThat(graph.files()).extracting(Node::text).containsExactly("in", "z", "a/*", "y");
        assertThat(graph.files()).extracting(Node::isPattern).containsExactly(false, false, true, false);
        assertThat(graph.files().get(1).contract().consumers()).containsExactly("a");
        assertThat(graph.isComplete()).isTrue();
    }

    @Test
    void directoriesAreKnownByASlashByARuleAndByWhatIsInThem() {
        Graph graph = graph(Flow.builder("w")
                .step("a", List.of("raw/"), List.of("ruled", "filled", "filled/1", "plain"), Rule.directories("ruled"))
                .step("b", List.of("listed/*"), List.of("listed", "file/"), Rule.files("file")));

        assertThat(graph.files())
                .filteredOn(node -> node.contract().kind() == Rule.Kind.DIRECTORY)
                .extracting(Node::text)
                .containsExactly("raw", "ruled", "filled", "listed", "file");
    }

    @Test
    void partsAreWhatIsWrittenAndReadUnderDifferentTexts() {
        Graph graph = graph(Flow.builder("w")
                .step("a", List.of(), List.of("out/1", "log/*", "deep/er/f", "x*"))
                .step("b", List.of("out/*", "log/b", "deep", "*y", "none/*"), List.of()));

        assertThat(graph.parts())
                .containsExactlyInAnyOrder(
                        new Part("out/1", "out/*"),
                        new Part("log/*", "log/b"),
                        new Part("log/*", "*y"),
                        new Part("deep/er/f", "deep"),
                        new Part("x*", "*y"));
    }

    @Test
    void whatIsReadUnderTheSameTextIsNoPart() {
        assertThat(graph(Flow.builder("w")
                                .step("a", List.of(), List.of("x", "y*"))
                                .step("b", List.of("x", "y*"), List.of()))
                        .parts())
                .isEmpty();
    }

    @Test
    void absolutePatternsMeetRelativeOnes() {
        assertThat(graph(Flow.builder("w")
                                .step("a", List.of(), List.of("out/1*"))
                                .step("b", List.of("/data/r*/out/*"), List.of()))
                        .parts())
                .containsExactly(new Part("out/1*", "/data/r*/out/*"));
    }

    @Test
    @Timeout(30)
    void thatThereAreTooManyPatternsIsSaid() {
        List<String> written =
                IntStream.range(0, 1000).mapToObj(i -> "out/" + i + "-*").toList();
        List<String> read = IntStream.range(0, 1000).mapToObj(i -> "out/*-" + i).toList();
        Flow flow = Flow.builder("w")
                .step("a", List.of(), written)
                .step("b", read, List.of())
                .build();

        assertThat(Graph.of(Contracts.of(flow)).isComplete()).isFalse();
        assertThat(flow.check(null, _ -> false)).extracting(Problem::code).containsExactly("too-many-patterns");
    }
}
