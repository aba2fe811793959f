package dev.sluice.files;

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

/** Runs the code of a page, takes what it prints, and holds the page against it. */
abstract class GuideContract extends OnFiles {
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

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
    final void assertShowsThisCode(int snippets, String page) throws IOException {
        String source = getClass().getSimpleName() + ".java";
        String here = squeezed(Files.readString(Path.of("src", "test", "java", "dev", "sluice", "files", source)));
        String text = Files.readString(Path.of("..", "docs", page));
        assertThat(SNIPPET.matcher(text).results().map(found -> squeezed(found.group(1))))
                .as("%s", page)
                .hasSize(snippets)
                .allSatisfy(snippet -> assertThat(here).contains(snippet));
    }

    /** The formatter may break lines of the test that the page does not. */
    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
