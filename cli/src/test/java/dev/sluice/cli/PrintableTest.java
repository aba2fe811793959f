package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void ofACommandTheFirstLineIsSaid() {
        assertThat(Printable.command("seq 3 > lines")).isEqualTo("seq 3 > lines");
        assertThat(Printable.command("\n  set -e\n  seq 3\n")).isEqualTo("set -e ...");
        assertThat(Printable.command("seq 3\n")).isEqualTo("seq 3");
        assertThat(Printable.command("")).isEmpty();
    }

    @Test
    void ofALongCommandTheBeginningIsSaid() {
        assertThat(Printable.command("x".repeat(300))).isEqualTo("x".repeat(200) + " ...");
        assertThat(Printable.command("x".repeat(199) + "\ud83d\ude00")).isEqualTo("x".repeat(199) + " ...");
    }
}
