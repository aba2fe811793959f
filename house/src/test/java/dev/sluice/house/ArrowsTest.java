package dev.sluice.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.sluice.house.Repository.Module;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the arrows drawn in ARCHITECTURE.md against poms, module descriptors and compiled classes. */
class ArrowsTest {
    private static final Pattern POM_DEPENDENCY = Pattern.compile("<artifactId>sluice-([a-z]+)</artifactId>");
    private static final Pattern REQUIRES =
            Pattern.compile("requires\\s+(?:static\\s+|transitive\\s+)*dev\\.sluice\\.([a-z]+)");
    private static final Pattern PACKAGE = Pattern.compile("dev\\.sluice\\.([a-z]+)(?:\\..*)?");
    private static final String MEND = "; draw the arrow in ARCHITECTURE.md (and say why there), or do without it";

    private final Repository repository = Repository.here();
    private final String document = Repository.text(repository.root().resolve("ARCHITECTURE.md"));
    private final Set<Arrow> drawn = Arrow.drawnIn(document);

    @Test
    void drawnOnesHaveNoCycle() {
        assertThat(Arrow.inCycles(drawn))
                .as("rooms in a cycle of the arrows in ARCHITECTURE.md")
                .isEmpty();
    }

    @Test
    void everyRoomIsDrawn() {
        for (Module room : repository.rooms()) {
            assertThat(drawn)
                    .as("the room '%s' is in no arrow of ARCHITECTURE.md", room.name())
                    .anyMatch(arrow ->
                            arrow.from().equals(room.name()) || arrow.to().equals(room.name()));
            assertThat(document)
                    .as("ARCHITECTURE.md does not say what the room '%s' does", room.name())
                    .contains("| `" + room.name() + "` |");
        }
    }

    @Test
    void pomsFollowThem() {
        for (Module room : repository.rooms()) {
            String pom = Repository.text(room.pom());
            String dependencies = pom.contains("<dependencies>") ? pom.substring(pom.indexOf("<dependencies>")) : "";
            holds(room, found(POM_DEPENDENCY, dependencies), "pom.xml");
        }
    }

    @Test
    void moduleDescriptorsFollowThem() {
        for (Module room : repository.rooms()) {
            room.descriptor()
                    .ifPresent(descriptor ->
                            holds(room, found(REQUIRES, Repository.text(descriptor)), "module-info.java"));
        }
    }

    @Test
    void classesFollowThem() {
        for (Module room : repository.rooms()) {
            Set<String> used = new TreeSet<>();
            Compiled.classesOf(room).stream()
                    .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                    .map(dependency ->
                            PACKAGE.matcher(dependency.getTargetClass().getPackageName()))
                    .filter(target -> target.matches())
                    .forEach(target -> used.add(target.group(1)));
            holds(room, used, "classes");
        }
    }

    @Test
    void packagesHaveNoCycle() {
        JavaClasses classes = Compiled.classesOf(repository.rooms());

        SlicesRuleDefinition.slices()
                .matching("dev.sluice.(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(classes);
    }

    private void holds(Module room, Set<String> used, String where) {
        for (String other : used) {
            if (!other.equals(room.name())) {
                assertThat(drawn)
                        .as(
                                "arrow not drawn: %s -> %s, found in the %s of %s%s",
                                room.name(), other, where, room.name(), MEND)
                        .contains(new Arrow(room.name(), other));
            }
        }
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        pattern.matcher(text).results().forEach(match -> found.add(match.group(1)));
        return found;
    }
}
