package dev.sluice.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every Java file looks the same; with {@code -Dformat=write} it is made so. */
class FormatTest {
    private static final String MEND = "mvn -q -pl house test -Dtest=FormatTest -Dformat=write";

    private final Formatter formatter = Formatter.createFormatter(
            JavaFormatterOptions.builder().style(Style.PALANTIR).build());
    private final boolean write = "write".equals(System.getProperty("format"));

    @Test
    void everyJavaFileIsFormatted() throws IOException {
        Repository repository = Repository.here();
        List<String> wrong = new ArrayList<>();
        for (Path file : repository.javaFiles()) {
            String before = Repository.text(file);
            String after = formatted(file, before);
            if (!after.equals(before) && write) {
                Files.writeString(file, after);
            } else if (!after.equals(before)) {
                wrong.add(repository.name(file));
            }
        }
        assertThat(wrong).as("files not formatted; run: %s", MEND).isEmpty();
    }

    private String formatted(Path file, String source) {
        try {
            return formatter.formatSourceAndFixImports(source);
        } catch (FormatterException e) {
            throw new IllegalStateException("cannot format " + file + ": " + e.getMessage(), e);
        }
    }
}
