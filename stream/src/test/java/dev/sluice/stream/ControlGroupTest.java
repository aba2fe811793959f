package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupTest {
    @TempDir
    private Path tree;

    private void limit(String file, String value) throws IOException {
        Path limit = tree.resolve(file);
        Files.createDirectories(limit.getParent());
        Files.writeString(limit, value + "\n");
    }

    private long memory(String groups) throws IOException {
        return ControlGroup.memory(Files.writeString(tree.resolve("groups"), groups), tree);
    }

    @Test
    void theLimitOfAGroupDeepInTheTreeCounts() throws IOException {
        limit("slurm/job/memory.max", "400");
        limit("slurm/job/step/memory.max", "max");
        limit("slurm/memory.max", "1000");

        assertThat(memory("0::/slurm/job/step\n")).isEqualTo(400);
        assertThat(memory("0::/slurm\n")).isEqualTo(1000);
        assertThat(memory("0::/user\n")).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void inAContainerTheRootOfTheTreeIsItsGroup() throws IOException {
        limit("memory.max", "500");

        assertThat(memory("0::/\n")).isEqualTo(500);
        assertThat(memory("0::/../other\n")).isEqualTo(500);
        assertThat(memory("")).isEqualTo(500);
    }

    @Test
    void groupsOfTheOlderKindCountToo() throws IOException {
        limit("memory/memory.limit_in_bytes", "9223372036854771712");
        limit("memory/job/memory.limit_in_bytes", "300");

        assertThat(memory("5:cpu,cpuacct:/job\n4:memory:/job\n0::/\n")).isEqualTo(300);
        assertThat(memory("4:hugetlb,memory:/job/step\n")).isEqualTo(300);
        assertThat(memory("4:memory:/\n")).isEqualTo(9223372036854771712L);
    }

    @Test
    void whereNothingIsToldNothingIsLimited() {
        assertThat(ControlGroup.memory(tree.resolve("none"), tree)).isEqualTo(Long.MAX_VALUE);
        assertThat(ControlGroup.memory()).isPositive();
    }
}
