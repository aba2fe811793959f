package dev.sluice.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShelfTest {
    @TempDir
    private Path folder;

    private static Facts at(int second, String manner, String state) {
        Facts facts = Samples.chain(2, 3, state);
        Facts.Head head = facts.head();
        return new Facts(
                new Facts.Head(
                        head.workflow(),
                        head.directory(),
                        manner,
                        Instant.parse("2026-01-01T00:00:00Z").plusSeconds(second),
                        head.micros() + second,
                        state,
                        0,
                        List.of(),
                        1),
                facts.steps(),
                facts.files(),
                facts.sums(),
                facts.tick(),
                facts.alone(),
                facts.route(),
                facts.advice());
    }

    @Test
    void theLastTenAreKept() throws IOException {
        Shelf shelf = new Shelf(folder.resolve("a").resolve("runs"));
        for (int i = 0; i < 14; i++) {
            Path kept = shelf.keep(at(i, "run", "succeeded"));
            Files.writeString(Shelf.page(kept), "page");
        }

        List<Path> all = shelf.all();
        assertThat(all).hasSize(Shelf.MOST);
        assertThat(Earlier.read(all.getFirst()).begin()).isEqualTo("2026-01-01T00:00:13Z");
        assertThat(Earlier.read(all.getLast()).begin()).isEqualTo("2026-01-01T00:00:04Z");
        try (var left = Files.list(shelf.folder())) {
            assertThat(left).as("a page for each, and nothing else").hasSize(2 * Shelf.MOST);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(shelf.folder())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(all.getFirst())))
                .isEqualTo("rw-------");
    }

    @Test
    void whatWasKeptTellsSizes() throws IOException {
        Facts facts = at(0, "run", "succeeded");
        Earlier earlier = Earlier.read(new Shelf(folder.resolve("runs")).keep(facts));

        assertThat(earlier.workflow()).isEqualTo("chain of 2");
        assertThat(earlier.micros()).isEqualTo(facts.head().micros());
        assertThat(earlier.size(facts.files().get(1).path()))
                .hasValue(facts.files().get(1).bytes());
        assertThat(earlier.size("none")).isEmpty();
        assertThat(earlier.steps())
                .containsEntry(
                        "step-1",
                        facts.steps().get(1).read() + facts.steps().get(1).written());
        assertThat(earlier.hasSameSteps(facts.steps())).isTrue();
    }

    @Test
    void theLastOneOfAWorkflowThatSucceededIsFound() throws IOException {
        Shelf shelf = new Shelf(folder.resolve("runs"));
        assertThat(shelf.last("chain of 2", false)).isEmpty();
        Path _ = shelf.keep(at(1, "run", "succeeded"));
        Path _ = shelf.keep(at(2, "in turn", "succeeded"));
        Path _ = shelf.keep(at(3, "run", "failed"));

        assertThat(shelf.last("chain of 2", false).orElseThrow().begin()).isEqualTo("2026-01-01T00:00:01Z");
        assertThat(shelf.last("chain of 2", true).orElseThrow().begin()).isEqualTo("2026-01-01T00:00:02Z");
        assertThat(shelf.last("chain of 3", true)).isEmpty();
    }

    @Test
    void whatIsNoRunIsToldAsSuch() throws IOException {
        Path other = Files.writeString(folder.resolve("other.json"), "{\"format\": \"something\"}");
        assertThatThrownBy(() -> Earlier.read(other))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no run");
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"format\": ");
        assertThatThrownBy(() -> Earlier.read(broken))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no run");
    }
}
