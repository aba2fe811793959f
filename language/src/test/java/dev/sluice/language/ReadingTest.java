package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadingTest {
    @TempDir
    Path folder;

    @Test
    void tellsEveryProblemWithItsPlace() throws Exception {
        Path file = folder.resolve("flow.json");
        Files.writeString(file, """
            {
              "name": "w",
              "IO_Graph": [
                { "name": "a", "input_stream": [], "output_stream": ["x"],
                  "streaming": [ { "name": ["x"], "comitted": "on_close", "mode": "no-update" } ] }
              ]
            }
            """);
        StringBuilder out = new StringBuilder();
        // @start region="read"
        Reading reading = Reading.of(file, Reading.Mode.STRICT);
        for (Problem problem : reading.check(folder, path -> Files.exists(folder.resolve(path)))) {
            out.append(problem.in(reading.source())).append('\n');
        }
        // @end

        assertThat(out.toString().replace(file.toString(), "flow.json")).isEqualTo("""
            flow.json:5:39: error: there is no key "comitted" in a rule; did you mean "committed"? [unknown-key, $.IO_Graph[0].streaming[0].comitted]
            flow.json:5:71: error: there is no mode "no-update"; did you mean "no_update"? [fire-rule, $.IO_Graph[0].streaming[0].mode]
            """);
    }
}
