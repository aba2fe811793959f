package dev.sluice.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.json.Json;

class TracesTest {
    private static Map<String, Object> read(String text) {
        return new Json().toType(text, Json.MAP_TYPE);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> in, String name) {
        return (List<Map<String, Object>>) in.get(name);
    }

    @Test
    void aRunIsASpanWithTheStepsAndTheirWaitsBelow() {
        Facts facts = new Scene(10)
                .step("make", 0, 6)
                .step("sort", 0, 9, Scene.pause(0.1, 6, "commit", "data"))
                .facts();
        Map<String, Object> scope = list(
                        list(read(Traces.of(facts)), "resourceSpans").getFirst(), "scopeSpans")
                .getFirst();
        List<Map<String, Object>> spans = list(scope, "spans");

        assertThat(spans).hasSize(4);
        assertThat(spans)
                .extracting(span -> span.get("name"))
                .containsExactly("workflow scene", "step make", "step sort", "wait for data");
        assertThat(spans).allSatisfy(span -> {
            assertThat((String) span.get("traceId"))
                    .matches("[0-9a-f]{32}")
                    .isEqualTo(spans.getFirst().get("traceId"));
            assertThat((String) span.get("spanId")).matches("[0-9a-f]{16}");
            assertThat((String) span.get("startTimeUnixNano")).matches("\\d{19}");
            assertThat((String) span.get("endTimeUnixNano")).isGreaterThan((String) span.get("startTimeUnixNano"));
        });
        assertThat(spans.get(2).get("parentSpanId")).isEqualTo(spans.getFirst().get("spanId"));
        assertThat(spans.get(3).get("parentSpanId")).isEqualTo(spans.get(2).get("spanId"));
        assertThat(spans.getFirst()).doesNotContainKey("parentSpanId");
        assertThat(spans.getFirst().get("startTimeUnixNano")).isEqualTo("1767323045000000000");
    }
}
