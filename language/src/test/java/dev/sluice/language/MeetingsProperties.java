package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MeetingsProperties {
    @Provide
    Arbitrary<List<String>> texts() {
        Arbitrary<String> text = Arbitraries.of("*", "*", "?", "a", "ab", "b/", "a/", "[ab]", "[b-c]", ".x")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(parts -> String.join("", parts));
        return text.list().ofMaxSize(12).uniqueElements();
    }

    /** As slow as can be: everything is compared with everything. */
    @Property
    void allPatternsThatHaveAPathInCommonAreFoundOnce(@ForAll("texts") List<String> texts, @ForAll boolean isKnown) {
        Flow flow = Flow.builder("w").step("s", List.of(), texts).build();
        Contracts contracts = isKnown ? Contracts.of(flow, Path.of("/ab/b")) : Contracts.of(flow);
        Set<Set<String>> expected = new HashSet<>();
        for (Mention one : contracts.mentions().values()) {
            for (Mention other : contracts.mentions().values()) {
                if (one != other && one.isPattern() && other.isPattern() && contracts.meet(one, other)) {
                    expected.add(Set.of(one.text(), other.text()));
                }
            }
        }
        List<Set<String>> found = new ArrayList<>();
        Meetings meetings = new Meetings(contracts, contracts.mentions().values());
        meetings.forEach((one, other) -> {
            if (one.isPattern() && other.isPattern()) {
                found.add(Set.of(one.text(), other.text()));
            }
        });

        assertThat(found).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
        assertThat(meetings.isComplete()).isTrue();
    }
}
