package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.Contracts;
import dev.sluice.language.Flow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DependentsTest {
    private final Set<String> complete = new HashSet<>();
    private final List<String> looked = new ArrayList<>();
    private final Contracts contracts = Contracts.of(Flow.builder("test")
            .step("make", List.of(), List.of("*"))
            .step("use", List.of("*"), List.of())
            .build());
    private int asked;
    private final Dependents dependents = new Dependents(name -> {
        asked++;
        return complete.contains(name);
    });

    private Stream stream(String path) {
        return new Stream(contracts.file(path), Gate.Phase.GROWING, new Steps());
    }

    private void complete(String name) {
        complete.add(name);
        dependents.completed(List.of(name), stream -> looked.add(stream.path()));
    }

    @Test
    void whoHangsOnAFileIsLookedAtWhenThatIsComplete() {
        dependents.add(stream("one"), List.of("a", "b"));
        dependents.add(stream("other"), List.of("b"));
        complete("c");
        assertThat(looked).isEmpty();
        complete("b");
        assertThat(looked).containsExactly("other"); // the first one still hangs on a
        complete("a");
        assertThat(looked).containsExactly("other", "one");
    }

    @Test
    void whoIsGoneIsNotLookedAt() {
        Stream stream = stream("one");
        dependents.add(stream, List.of("a"));
        dependents.remove(stream);
        assertThat(dependents.isEmpty()).isTrue();
        complete("a");
        assertThat(looked).isEmpty();
    }

    @Test
    void whatIsInDoubtIsLookedAtWithTheNextThatIsComplete() {
        dependents.add(stream("one"), List.of("a"));
        complete.add("a"); // it was the only one that a pattern meant, say, and has gone
        dependents.doubt(List.of("a"));
        complete("c");
        assertThat(looked).containsExactly("one");
    }

    @Test
    void whatHangsOnNothingAnyMoreIsLookedAtWithTheNextThatIsComplete() {
        complete.add("a");
        dependents.add(stream("one"), List.of("a"));
        complete("c");
        assertThat(looked).containsExactly("one");
    }

    /** Else each file that is complete costs as much as there are others. */
    @Test
    void thoseWhoHangOnOthersCostNothing() {
        for (int i = 0; i < 1000; i++) {
            dependents.add(stream("hangs" + i), List.of("ready"));
        }
        asked = 0;
        for (int i = 0; i < 1000; i++) {
            complete("part" + i);
        }
        assertThat(asked).isZero();
        complete("ready");
        assertThat(looked).hasSize(1000).contains("hangs7");
    }

    @Test
    void whoHangsOnManyFilesGoesOnBehindThoseThatAreComplete() {
        List<String> parts = IntStream.range(0, 1000).mapToObj(i -> "part" + i).toList();
        Stream stream = stream("all");
        dependents.add(stream, parts);
        asked = 0;
        for (String part : parts) {
            complete.add(part);
            dependents.completed(List.of(part), other -> {
                if (dependents.areComplete(other, parts)) {
                    looked.add(other.path());
                }
            });
        }
        assertThat(looked).containsExactly("all");
        assertThat(asked).isLessThan(10_000);
    }
}
