package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WrapTest {
    @Test
    void breaksBetweenWords() {
        assertThat(Wrap.lines("one two three", 9, 2, 4)).containsExactly("  one two", "    three");
        assertThat(Wrap.lines("", 9, 2, 4)).containsExactly("  ");
    }

    @Test
    void longWordsAreBrokenAnywhere() {
        assertThat(Wrap.lines("in /a/long/path.", 8, 0, 2)).containsExactly("in", "  /a/lon", "  g/path", "  .");
    }

    @Test
    void spacesWithinALineStay() {
        assertThat(Wrap.lines("a   b", 9, 0, 0)).containsExactly("a   b");
    }

    @Property
    void nothingIsLostAndEveryLineFits(@ForAll List<String> words, @ForAll @IntRange(min = 5, max = 30) int width) {
        String text = String.join(" ", words);

        List<String> lines = Wrap.lines(text, width, 1, 3);

        assertThat(lines).allMatch(line -> line.length() <= width);
        assertThat(String.join("", lines).replace(" ", "")).isEqualTo(text.replace(" ", ""));
    }
}
