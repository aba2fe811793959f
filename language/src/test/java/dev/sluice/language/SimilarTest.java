package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimilarTest {
    @ParameterizedTest
    @CsvSource({
        "uze, use, use",
        "output-stream, output_stream, output_stream",
        "A, a, a",
        "a, b, ''",
        "x1, x2, ''",
        "in, inn, ''",
        "abc, xyz, ''",
        "same, same, ''"
    })
    void meantIsWhatDiffersInAThirdAtMost(String word, String known, String meant) {
        assertThat(Similar.to(word, List.of(known))).isEqualTo(meant);
    }
}
