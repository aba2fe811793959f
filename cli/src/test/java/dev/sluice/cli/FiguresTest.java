package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({"0,0", "4096,4096", "64K,65536", "256m,268435456", "1GiB,1073741824", "2MB,2097152"})
    void sizesAreUnderstood(String typed, long bytes) {
        assertThat(Figures.parseBytes(typed)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5M", "many", "1234567890123", "K"})
    void otherWordsAreNot(String typed) {
        assertThatIllegalArgumentException().isThrownBy(() -> Figures.parseBytes(typed));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1 KiB",
        "4096, 4 KiB",
        "1048575, 1 MiB",
        "268435456, 256 MiB",
        "1610612736, 1.5 GiB"
    })
    void bytesAreShort(long bytes, String text) {
        assertThat(Figures.bytes(bytes)).isEqualTo(text);
    }

    @Test
    void countsAreShort() {
        assertThat(Figures.count(7)).isEqualTo("7");
        assertThat(Figures.count(12_345)).isEqualTo("12 k");
        assertThat(Figures.count(1_234_567)).isEqualTo("1.2 M");
        assertThat(Figures.seconds(0.123)).isEqualTo("0.12 s");
        assertThat(Figures.rate(3 << 20, 0.5)).isEqualTo("6 MiB/s");
    }
}
