package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LikenessTest {
    private static List<String> numbered(String before, String behind, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> before + "%02d".formatted(i) + behind)
                .toList();
    }

    @Test
    void aFewAreNamed() {
        List<String> paths = numbered("parts/p", ".txt", 8);
        assertThat(Likeness.of(paths, paths)).isEqualTo(paths);
    }

    @Test
    void manyBecomeWhatTheyHaveInCommonButNumbers() {
        assertThat(Likeness.of(numbered("parts/p", ".txt", 9), List.of())).containsExactly("parts/p*.txt");
        assertThat(Likeness.of(numbered("x0", "1", 9), List.of())).containsExactly("x*");
    }

    @Test
    void aPatternThatHasOthersInItIsNone() {
        List<String> paths = numbered("parts/p", "", 9);
        List<String> all = new ArrayList<>(paths);
        all.add("parts/q");
        assertThat(Likeness.of(paths, all)).containsExactly("parts/p*");
        all.add("parts/p/deep");
        assertThat(Likeness.of(paths, all)).as("wildcards go through slashes").isEqualTo(paths);
    }

    @Test
    void nothingInCommonIsNoPattern() {
        List<String> paths = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i");
        assertThat(Likeness.of(paths, paths)).isEqualTo(paths);
    }

    @Test
    void wildcardsInNamesAreQuoted() {
        assertThat(Likeness.literal("a[1]*?.txt")).isEqualTo("a[[]1][*][?].txt");
        assertThat(Likeness.of(numbered("[a]", "", 9), List.of())).containsExactly("[[]a]*");
    }
}
