package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineTest {
    @Test
    void whatAServerAnswersIsUnderstood() throws IOException {
        assertThat(Line.parse(
                        " { \"ok\" : true, \"n\":-12,\"t\":\"a\\\"\\u00e9\\n/\", \"e\":{\"A\":\"1\"}, \"o\":{} } "))
                .isEqualTo(Map.of("ok", true, "n", -12L, "t", "a\"é\n/", "e", Map.of("A", "1"), "o", Map.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "{\"a\"", "{\"a\":}", "{\"a\":\"", "{} x", "[1]", "{\"a\":\"\\u00g0\"}", "{\"a\":[1]}"})
    void anythingElseIsRefused(String line) {
        assertThatThrownBy(() -> Line.parse(line))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(line);
    }
}
