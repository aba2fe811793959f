package dev.sluice.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ArrowTest {
    @Test
    void readsTheMarkedBlockOnly() {
        String document = "stream -> cli\n```arrows\naio -> linux\n\ncli -> aio\n```\n```\nlinux -> aio\n```\n";

        assertThat(Arrow.drawnIn(document)).containsExactly(new Arrow("aio", "linux"), new Arrow("cli", "aio"));
    }

    @Test
    void refusesWhatIsNoArrow() {
        assertThatThrownBy(() -> Arrow.drawnIn("```arrows\naio => linux\n```"))
                .hasMessageContaining("not an arrow: 'aio => linux'");
    }

    @Test
    void refusesADocumentWithoutArrows() {
        assertThatThrownBy(() -> Arrow.drawnIn("aio -> linux")).hasMessageContaining("draws no arrows");
    }

    @Test
    void findsTheRoomsInACycleAndNotThoseThatLeadIntoIt() {
        Set<Arrow> arrows = Set.of(
                new Arrow("a", "b"),
                new Arrow("b", "c"),
                new Arrow("c", "a"),
                new Arrow("x", "a"),
                new Arrow("a", "z"));

        assertThat(Arrow.inCycles(arrows)).containsExactly("a", "b", "c");
    }
}
