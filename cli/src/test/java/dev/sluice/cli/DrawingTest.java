package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.Flow;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class DrawingTest {
    private static final Path PICTURES = Path.of("..", "docs", "pictures");

    static Stream<Flow> flows() {
        return Stream.of(
                Flow.builder("empty").build(),
                Flow.builder("one step").step("a", List.of(), List.of()).build(),
                Flows.odd(),
                Flows.oneToMany(300),
                Flows.large(15, 60));
    }

    @ParameterizedTest
    @MethodSource("flows")
    void everyTextFitsItsBox(Flow flow) throws Exception {
        for (Element box : boxes(flow)) {
            Element frame = (Element) box.getElementsByTagName("rect").item(0);
            for (Element text : elements(box, "text")) {
                Lettering letters = letters(text);
                double width = letters.width(text.getTextContent());
                double left = number(text, "x") - (isCentred(text) ? width / 2 : 0);
                double[] sides = box.getAttribute("class").contains("step")
                        ? new double[] {number(frame, "x"), number(frame, "x") + number(frame, "width")}
                        : sides(elements(box, "path").getLast());
                assertThat(left).as(text.getTextContent()).isGreaterThanOrEqualTo(sides[0]);
                assertThat(left + width).as(text.getTextContent()).isLessThanOrEqualTo(sides[1]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("flows")
    void everyStepAndFileIsThere(Flow flow) throws Exception {
        Sketch sketch = Flows.sketch(flow);
        List<Element> boxes = boxes(flow);

        assertThat(boxes).hasSize(sketch.steps().size() + sketch.sheets().size());
        String titles = String.join(
                "\n",
                boxes.stream()
                        .map(box -> box.getElementsByTagName("title").item(0).getTextContent())
                        .toList());
        sketch.steps().forEach(step -> assertThat(titles).contains(Lettering.visible(step.name())));
        sketch.sheets()
                .forEach(sheet ->
                        sheet.paths().forEach(path -> assertThat(titles).contains(Lettering.visible(path))));
    }

    @ParameterizedTest
    @MethodSource("flows")
    void theSameFlowGivesTheSameBytes(Flow flow) {
        for (Drawn format : Drawn.values()) {
            assertThat(format.text(Flows.sketch(flow))).isEqualTo(format.text(Flows.sketch(flow)));
        }
    }

    @Test
    void nothingInAFlowBecomesMarkup() throws Exception {
        Document svg = parsed(Drawn.SVG.text(Flows.sketch(Flows.odd())));

        assertThat(elements(svg.getDocumentElement(), "script")).isEmpty();
        assertThat(elements(svg.getDocumentElement(), "img")).isEmpty();
        assertThat(elements(svg.getDocumentElement(), "*"))
                .allMatch(element -> element.getAttribute("onload").isEmpty());
        assertThat(svg.getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo("<script>alert(0)</script>\\n\" & '");
    }

    @Test
    void aLongPathIsShortenedInItsMiddleAndIsWholeInTheTooltip() throws Exception {
        String path = "results/" + "deep/".repeat(30) + "measurements.csv";
        Element box = boxes(
                        Flow.builder("f").step("a", List.of(), List.of(path)).build())
                .getLast();

        assertThat(elements(box, "text").getFirst().getTextContent())
                .startsWith("results/")
                .contains("…")
                .endsWith("/measurements.csv");
        assertThat(elements(box, "title").getFirst().getTextContent()).isEqualTo(path);
    }

    @Test
    void manyFilesAreCounted() {
        assertThat(Drawn.SVG.text(Flows.sketch(Flows.oneToMany(300))))
                .contains(">out/part-0<", ">out/part-2<", ">and 297 more<")
                .doesNotContain(">out/part-3<");
    }

    @Test
    void theLegendSaysOnlyWhatIsThere() {
        assertThat(Drawn.SVG.text(Flows.sketch(Flows.oneToMany(2))))
                .contains("waits until it is complete")
                .doesNotContain("reads as bytes come", "never goes on");
    }

    @Test
    void threeHundredFilesOfFiftyStepsAreDrawnSoon() {
        Sketch sketch = Flows.sketch(Flows.large(50, 300));
        Drawn.SVG.text(sketch); // so that the classes are there

        long start = System.nanoTime();
        Drawn.SVG.text(sketch);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    /** With -Dpicture=write the picture is written instead. */
    @ParameterizedTest
    @ValueSource(strings = {"word-count", "variants"})
    void thePicturesInTheDocumentsAreWhatTheProgramDraws(String name) throws Exception {
        Path picture = PICTURES.resolve(name + ".svg");
        String drawn = Drawn.SVG.text(Flows.sketch(Flow.read(PICTURES.resolve(name + ".json"))));
        if ("write".equals(System.getProperty("picture"))) {
            Files.writeString(picture, drawn);
        }

        assertThat(picture).hasContent(drawn);
        assertThat(Files.size(picture)).isLessThan(30_000);
    }

    private static boolean isCentred(Element text) {
        return List.of(text.getAttribute("class").split(" ")).contains("mark")
                || text.getAttribute("class").equals("name");
    }

    private static Lettering letters(Element text) {
        return switch (text.getAttribute("class")) {
            case "name" -> Lettering.STEP;
            case "path" -> Lettering.PATH;
            default -> Lettering.SMALL;
        };
    }

    /** Of a sheet of paper, whose outline begins at its left and goes round by its right. */
    private static double[] sides(Element paper) {
        List<String> numbers =
                List.of(paper.getAttribute("d").replaceAll("[A-Z]", "").split(" +", -1));
        return new double[] {Double.parseDouble(numbers.get(0)), Double.parseDouble(numbers.get(4))};
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    private static List<Element> boxes(Flow flow) throws Exception {
        Element svg = parsed(Drawn.SVG.text(Flows.sketch(flow))).getDocumentElement();
        return elements(svg, "g").stream()
                .filter(group -> group.getAttribute("class").startsWith("box")
                        && group.getElementsByTagName("title").getLength() > 0)
                .toList();
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> elements(Element parent, String name) {
        var nodes = parent.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }
}
