package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SourceTextTest {
    @Test
    void theWordIsMarkedBelow() {
        assertThat(excerpt("\t{ \"a\\\"b\": 1.5e3 }", 1, 4)).containsExactly("  { \"a\\\"b\": 1.5e3 }", "    ^~~~~~");
        assertThat(excerpt("x\r\n  y: 1.5e3, 2\r\nz", 2, 6)).containsExactly("  y: 1.5e3, 2", "     ^~~~~");
        assertThat(excerpt("{ }", 1, 3)).containsExactly("  { }", "    ^");
    }

    @Test
    void wideCharactersTakeTwoCells() {
        assertThat(excerpt("\"\u6587\u4ef6\", \"x\"", 1, 7))
                .containsExactly("  \"\u6587\u4ef6\", \"x\"", "          ^~~");
        assertThat(excerpt("\"e\u0301\", \"x\"", 1, 7)).last().isEqualTo("       ^~~");
    }

    @Test
    void longLinesAreCutAroundThePlace() {
        String line = "a".repeat(50) + " " + "b".repeat(5) + " " + "c".repeat(50);

        assertThat(new SourceText("f", line.getBytes(StandardCharsets.UTF_8)).excerpt(1, 52, 30))
                .containsExactly("  ...aaaaaaaa bbbbb ccccccc...", "              ^~~~~");
    }

    @Test
    void emptyLinesAndLinesBehindTheEndShowNothing() {
        assertThat(excerpt("a\n   \n", 2, 1)).isEmpty();
        assertThat(excerpt("a", 7, 1)).isEmpty();
        assertThat(excerpt("", 1, 1)).isEmpty();
        assertThat(excerpt("a", 1, 900)).containsExactly("  a", "   ^");
    }

    @Test
    void aByteOrderMarkIsNoColumn() {
        assertThat(excerpt("\ufeff{ x }", 1, 3)).containsExactly("  { x }", "    ^");
    }

    @Test
    void linesOfOffsets() {
        SourceText text = new SourceText("f", "a\nb\r\nc".getBytes(StandardCharsets.UTF_8));

        assertThat(List.of(text.lineOf(0), text.lineOf(1), text.lineOf(2), text.lineOf(5)))
                .containsExactly(1, 1, 2, 3);
    }

    @Property
    void theMarkIsBelowThePlaceAndAllFits(
            @ForAll @NotBlank @CharRange(from = ' ', to = '~') @StringLength(min = 1, max = 300) String line,
            @ForAll @IntRange(min = 1, max = 300) int column,
            @ForAll @IntRange(min = 20, max = 100) int width) {
        List<String> excerpt = excerpt(line, 1, column, width);

        assertThat(excerpt).hasSize(2).allMatch(shown -> shown.length() <= width + 1);
        int at = excerpt.getLast().indexOf('^');
        if (column <= line.stripTrailing().length() && line.charAt(column - 1) != ' ') {
            assertThat(excerpt.getFirst().charAt(at)).isEqualTo(line.charAt(column - 1));
        }
    }

    private static List<String> excerpt(String text, int line, int column) {
        return excerpt(text, line, column, 80);
    }

    private static List<String> excerpt(String text, int line, int column, int width) {
        return new SourceText("f", text.getBytes(StandardCharsets.UTF_8)).excerpt(line, column, width);
    }
}
