package dev.sluice.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final Pattern SAMPLE =
            Pattern.compile("sluice_[a-z_]+\\{workflow=\"[^\"]*\"(,[a-z]+=\"(\\\\.|[^\"\\\\])*\")?} -?[0-9.]+");

    @Test
    void eachLineIsAsPrometheusReadsIt() {
        String text = Metrics.of(new Scene(12.5).step("a \"b\" \\c", 0, 9).facts());

        assertThat(text.lines())
                .allMatch(line -> line.startsWith("# HELP sluice_")
                        || line.matches("# TYPE sluice_[a-z_]+ (counter|gauge)")
                        || SAMPLE.matcher(line).matches());
        assertThat(text)
                .contains("sluice_run_seconds{workflow=\"scene\"} 12.500000\n")
                .contains("sluice_waits_total{workflow=\"scene\",reason=\"commit\"} 2\n")
                .contains("sluice_step_written_bytes_total{workflow=\"scene\",step=\"a \\\"b\\\" \\\\c\"} 20\n")
                .endsWith("\n");
    }

    @Test
    void eachNameIsDescribedOnce() {
        String text = Metrics.of(Samples.chain(5, 3, "succeeded"));

        assertThat(text.lines().filter(line -> line.startsWith("# TYPE"))).doesNotHaveDuplicates();
        assertThat(text.lines().filter(line -> line.startsWith("sluice_step_runs_total")))
                .hasSize(5);
    }
}
