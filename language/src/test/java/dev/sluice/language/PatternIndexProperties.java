package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PatternIndexProperties {
    private static final String SMILE = "\uD83D\uDE00";

    @Provide
    Arbitrary<Set<String>> patterns() {
        return Arbitraries.of(
                        "*", "?", "a", "b", "ab", "ba", "aa", "/", "[ab]", "[a]", SMILE, "\uD83D", "[" + SMILE + "]")
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(parts -> String.join("", parts))
                .set()
                .ofMaxSize(30);
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of("a", "b", "/", SMILE, "\uDE00", "c")
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    @Property
    void findsEachPatternThatMatchesOnce(@ForAll("patterns") Set<String> patterns, @ForAll("paths") String path) {
        List<String> matching = patterns.stream()
                .filter(pattern -> Glob.of(pattern).matches(path))
                .toList();

        assertThat(found(patterns, path)).containsExactlyInAnyOrderElementsOf(matching);
    }

    @Example
    void findsAPatternOnceWhoseTextIsInThePathTwice() {
        assertThat(found(Set.of("*ab*", "*ab*ab*", "*aba*"), "ababab"))
                .containsExactlyInAnyOrder("*ab*", "*ab*ab*", "*aba*");
    }

    @Example
    void growsToAnySize() {
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            patterns.add("*/" + i + "-*");
        }
        assertThat(found(patterns, "x/12345-y")).containsExactly("*/12345-*");
    }

    private static List<String> found(Iterable<String> patterns, String path) {
        Map<Glob, String> map = new LinkedHashMap<>();
        patterns.forEach(pattern -> map.put(Glob.of(pattern), pattern));
        List<String> found = new ArrayList<>();
        new PatternIndex<>(map).forEachMatch(path, found::add);
        return found;
    }
}
