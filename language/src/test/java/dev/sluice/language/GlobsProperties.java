package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Held against trying all paths of up to six letters out of four, of which the patterns name three. That is enough for two
 * patterns that have at most four parts each: with a star, each wants three letters, and both together six.
 */
class GlobsProperties {
    private static final List<String> PATHS = paths(6);

    private static List<String> paths(int longest) {
        List<String> paths = new ArrayList<>(List.of(""));
        for (int from = 0, length = 1; length <= longest; length++) {
            int end = paths.size();
            for (; from < end; from++) {
                for (String letter : List.of("a", "b", "c", "z")) {
                    paths.add(paths.get(from) + letter);
                }
            }
        }
        return paths;
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.of("*", "*", "?", "a", "b", "[ab]", "[!a]", "[b-c]", "[!a-c]")
                .list()
                .ofMaxSize(4)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 3000)
    void patternsMeetWhenAPathMatchesBoth(@ForAll("patterns") String one, @ForAll("patterns") String other) {
        Glob a = Glob.of(one);
        Glob b = Glob.of(other);
        boolean expected = PATHS.stream().anyMatch(path -> a.matches(path) && b.matches(path));
        assertThat(Globs.meet(a, b)).isEqualTo(expected);
        assertThat(Globs.meet(b, a)).isEqualTo(expected);
    }

    @Property(tries = 3000)
    void aPatternCoversAnotherWhenItMatchesAllThatThatMatches(
            @ForAll("patterns") String one, @ForAll("patterns") String other) {
        Glob wide = Glob.of(one);
        Glob narrow = Glob.of(other);
        boolean expected = PATHS.stream().noneMatch(path -> narrow.matches(path) && !wide.matches(path));
        assertThat(Globs.covers(wide, narrow)).isEqualTo(expected);
    }

    @Property
    void aQuotedTextMatchesItselfOnly(@ForAll("texts") String text, @ForAll("texts") String other) {
        Glob glob = Glob.of(Globs.quoted(text));
        assertThat(glob.matches(text)).isTrue();
        assertThat(glob.matches(other)).isEqualTo(text.equals(other));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("ab[]*?!^-\\:.=/").ofMaxLength(6);
    }
}
