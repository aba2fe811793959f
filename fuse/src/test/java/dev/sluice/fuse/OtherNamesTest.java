package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who has a growing file open, and waits for where it ends, while it gets other names: he has not asked by any of them. */
class OtherNamesTest extends OnMount {
    @BeforeEach
    void makeDirectory() {
        said("producer", "mkdir s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"os.SEEK_END", "os.SEEK_HOLE"})
    void whoWaitsForAnEndGetsItUnderWhateverName(String where) throws Exception {
        Child writing = sh(
                "producer",
                "exec 3> s/one; printf text >&3; ln s/one s/two; read go; rm s/one; read go;"
                        + " mv s/two s/three; read go; printf ' more' >&3");
        Child reading = sh("consumer", "exec python3 -u -c '" + """
            import os
            fd = os.open("s/two", os.O_RDONLY)
            print(os.read(fd, 100))
            print("ends at", os.lseek(fd, 0, %s))
            """.formatted(where) + "'");
        reading.untilItSays("text");
        untilWaiting(1);
        letGo(writing);
        letGo(writing);
        letGo(writing);
        assertThat(writing.finish().exit()).isZero();
        assertThat(reading.finish().output()).isEqualTo("b'text'\nends at 9\n");
    }
}
