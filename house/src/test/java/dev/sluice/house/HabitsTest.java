package dev.sluice.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import dev.sluice.house.Repository.Module;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The habits of the house that a machine can check; CONTRIBUTING.md lists them. */
class HabitsTest {
    private static final int MOST_LINES = 400;
    private static final int MOST_PUBLIC_TYPES = 15;
    private static final Pattern EMPTY_NAME =
            Pattern.compile(".*(Impl|Manager|Helper|Utils?|Abstract|Base|Data|Info)|(Abstract|Base)[A-Z].*");
    private static final Pattern NOTE_TO_SELF = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");
    private static final Pattern ONE_MACHINE =
            Pattern.compile("(?<![\\w.$}-])/(?:home|Users|root|work)/[\\w.-]|[A-Z]:\\\\Users\\\\");
    private static final Pattern DOWNLOAD = Pattern.compile(
            "https?://(?:[\\w-]+\\.)*(?:repo\\d*|registry|oss|central|nexus|artifactory|jitpack|jcenter)[\\w-]*\\.[\\w.-]+",
            Pattern.CASE_INSENSITIVE);
    private static final List<String> FOREIGN_CALLS = List.of(
            "java.lang.foreign.Linker",
            "java.lang.foreign.Linker$Option",
            "java.lang.foreign.SymbolLookup",
            "java.lang.foreign.FunctionDescriptor");

    private final Repository repository = Repository.here();

    @Test
    void topLevelTypesHaveNamesThatSaySomething() {
        assertThat(topLevelTypes(classes()).map(JavaClass::getSimpleName))
                .as("type names that say nothing; name what it is")
                .noneMatch(name -> EMPTY_NAME.matcher(name).matches());
    }

    @Test
    void modulesShowFewPublicTypes() {
        for (Module room : repository.rooms()) {
            assertThat(topLevelTypes(Compiled.classesOf(room))
                            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                            .map(JavaClass::getSimpleName))
                    .as("public top-level types of %s", room.name())
                    .hasSizeLessThanOrEqualTo(MOST_PUBLIC_TYPES);
        }
    }

    @Test
    void onlyLinuxCallsNativeCode() {
        for (String type : FOREIGN_CALLS) {
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.sluice.linux..")
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName(type)
                    .because("native calls live in the room linux")
                    .allowEmptyShould(true)
                    .check(classes());
        }
    }

    @Test
    void nobodyUsesUnsafe() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("sun.misc.Unsafe")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("jdk.internal..")
                .because("java.lang.foreign and VarHandle do")
                .check(classes());
    }

    @Test
    void mainFilesAreShort() {
        assertThat(mainFiles()
                        .filter(file -> linesOfCode(Repository.text(file)) > MOST_LINES)
                        .map(repository::name))
                .as("files over %d lines of code; split them", MOST_LINES)
                .isEmpty();
    }

    /** Lines that hold more than a comment, so that nobody saves on documentation. */
    private static long linesOfCode(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line ->
                        !line.isEmpty() && !line.startsWith("//") && !line.startsWith("*") && !line.startsWith("/*"))
                .count();
    }

    @Test
    void mainFilesHoldNoNotesToSelf() {
        assertThat(mainFiles()
                        .filter(file ->
                                NOTE_TO_SELF.matcher(Repository.text(file)).find())
                        .map(repository::name))
                .as("files with a TODO; do it, or open an issue")
                .isEmpty();
    }

    @Test
    void packagesSayWhatTheyAre() {
        assertThat(mainFiles()
                        .filter(file -> !file.endsWith("module-info.java"))
                        .map(file -> file.resolveSibling("package-info.java"))
                        .distinct()
                        .filter(file -> !Files.exists(file))
                        .map(repository::name))
                .as("missing files; say in each what the package is, in one sentence, and where to start")
                .isEmpty();
    }

    @Test
    void filesNameNoMachineAndNoRegistry() {
        assertThat(repository.files().stream()
                        .filter(file -> !file.endsWith("HabitsTest.java"))
                        .filter(file -> {
                            String text = Repository.text(file);
                            return ONE_MACHINE.matcher(text).find()
                                    || DOWNLOAD.matcher(text).find();
                        })
                        .map(repository::name))
                .as("files that name a place on one machine, or a host to download from")
                .isEmpty();
    }

    private JavaClasses classes() {
        return Compiled.classesOf(repository.rooms());
    }

    private Stream<Path> mainFiles() {
        return repository.javaFiles().stream()
                .filter(file -> repository.name(file).contains("src/main/java"));
    }

    private static Stream<JavaClass> topLevelTypes(JavaClasses classes) {
        return classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().endsWith("-info"));
    }
}
