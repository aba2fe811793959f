package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessageTest {
    @Test
    void whatIsWrittenIsRead() {
        Message inner = Message.of().with("path", "a\nb\u2028\u0001").with("bytes", Long.MAX_VALUE);
        Message message = Message.of()
                .with("ok", true)
                .with("files", List.of(inner, inner))
                .with("names", List.of("x", "é"))
                .with("environment", Map.of("SLUICE_STEP", "make"));

        String line = message.toString();
        assertThat(line).matches("\\p{Print}+");
        Message read = Message.parse(line);
        assertThat(read.is("ok")).isTrue();
        assertThat(read.messages("files")).hasSize(2).allSatisfy(file -> {
            assertThat(file.text("path")).isEqualTo("a\nb\u2028\u0001");
            assertThat(file.number("bytes")).isEqualTo(Long.MAX_VALUE);
        });
        assertThat(read.texts("names")).containsExactly("x", "é");
        assertThat(read.map("environment")).containsExactly(Map.entry("SLUICE_STEP", "make"));
        assertThat(read).hasToString(line);
    }

    @Test
    void whatIsNotThereOrOfAnotherKindReadsAsNothing() {
        Message message = Message.parse("{\"a\": null, \"b\": 1.5, \"c\": [null, 7], \"d\": \"no list\"}");

        assertThat(message.text("a")).isEmpty();
        assertThat(message.number("b")).isZero();
        assertThat(message.is("c")).isFalse();
        assertThat(message.messages("c")).hasSize(1);
        assertThat(message.texts("d")).isEmpty();
        assertThat(message.map("e")).isEmpty();
    }

    @Test
    void whatIsNoObjectIsRefused() {
        for (String text : List.of("", "[]", "7", "{", "{} {}", "{\"a\":}", "{\"a\":99999999999999999999}", "\0")) {
            assertThatThrownBy(() -> Message.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("one JSON object on a line is expected");
        }
        assertThatThrownBy(() -> Message.parse("{\"a\":".repeat(100))).isInstanceOf(IllegalArgumentException.class);
    }
}
