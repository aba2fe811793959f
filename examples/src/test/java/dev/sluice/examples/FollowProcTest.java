package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class FollowProcTest {
    @OnEachContext
    void samplesAreFresh(String context) {
        Run follow = Run.of(context, FollowProc.class, "--samples", 3, "--every", 20, "/proc/self/io", "/proc/loadavg");

        assertThat(follow.errors()).isEmpty();
        assertThat(follow.status()).isZero();
        List<Long> calls = follow.text()
                .lines()
                .filter(line -> line.contains("/proc/self/io syscr: "))
                .map(line -> Long.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
        assertThat(calls).hasSize(3).isSorted();
        assertThat(calls.getLast()).isGreaterThan(calls.getFirst());
        assertThat(follow.text().lines().filter(line -> line.matches("\\d /proc/loadavg [\\d. /]+")))
                .hasSize(3);
    }

    @Test
    void aContextCanBeAskedFor() {
        Run follow = Run.of("uring", FollowProc.class, "--context", "threads", "--samples", 1, "/proc/version");

        assertThat(follow.text()).startsWith("1 /proc/version ");
        assertThat(Run.of("uring", FollowProc.class, "--context", "x", "y").status())
                .isEqualTo(2);
    }
}
