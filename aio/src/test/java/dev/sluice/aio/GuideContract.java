package dev.sluice.aio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code of a page, takes what it prints, and holds the page against it. */
abstract class GuideContract {
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    private final PrintStream console = System.out;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    final void takeTheConsole() {
        System.setOut(new PrintStream(printed, true, UTF_8));
    }

    @AfterEach
    final void giveItBack() {
        System.setOut(console);
    }

    final String printed() {
        return printed.toString(UTF_8);
    }

    /** Every piece of Java on the page stands in this test. */
    final void assertShowsThisCode(int snippets, Path page) throws IOException {
        String source = getClass().getSimpleName() + ".java";
        String here = squeezed(Files.readString(Path.of("src", "test", "java", "dev", "sluice", "aio", source)));
        assertThat(SNIPPET.matcher(Files.readString(page)).results().map(found -> squeezed(found.group(1))))
                .as("%s", page)
                .hasSizeGreaterThanOrEqualTo(snippets)
                .allSatisfy(snippet -> assertThat(here).contains(snippet));
    }

    /** The formatter may break lines of the test that the page does not. */
    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
