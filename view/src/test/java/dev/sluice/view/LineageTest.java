package dev.sluice.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.json.Json;

class LineageTest {
    private static Map<String, Object> read(String text) {
        return new Json().toType(text, Json.MAP_TYPE);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> in, String name) {
        return (List<Map<String, Object>>) in.get(name);
    }

    @Test
    void whoHasReadAndWrittenWhatIsAnEventForEachStepAndOneForAll() {
        Facts facts = new Scene(10)
                .step("make", 0, 6)
                .step("sort", 0, 9)
                .file("data", "make", "sort", "update", 1, 6)
                .facts();
        List<Map<String, Object>> events =
                Lineage.of(facts).lines().map(LineageTest::read).toList();

        assertThat(events).hasSize(3);
        assertThat(events).allSatisfy(event -> {
            assertThat(event).containsKeys("eventTime", "producer", "schemaURL", "run", "job", "inputs", "outputs");
            assertThat(event.get("eventType")).isEqualTo("COMPLETE");
        });
        assertThat(list(events.getFirst(), "outputs"))
                .singleElement()
                .extracting(set -> set.get("name"))
                .isEqualTo("/managed/data");
        assertThat(list(events.get(1), "inputs"))
                .singleElement()
                .extracting(set -> set.get("name"))
                .isEqualTo("/managed/data");
        assertThat(list(events.get(2), "inputs")).as("made and read in it").isEmpty();
        assertThat(String.valueOf(events.getFirst().get("run")))
                .contains("parent")
                .contains(String.valueOf(((Map<?, ?>) events.get(2).get("run")).get("runId")));
    }
}
