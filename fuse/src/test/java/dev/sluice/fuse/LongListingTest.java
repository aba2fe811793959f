package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories with 64 MiB of names. */
@Tag("abuse")
@Timeout(600)
class LongListingTest extends OnMount {
    private static final int NAME = 255;
    private static final int BYTES = 64 << 20;

    @ParameterizedTest
    @ValueSource(strings = {"plain", "s", "whole"})
    void allNamesAreListedOnceAlsoWhileSomeGo(String directory) throws IOException {
        int count = BYTES / NAME;
        Path program = Files.writeString(folder.resolve("names.py"), """
            import os
            os.mkdir(PLACE)
            os.chdir(PLACE)
            names = [str(i).rjust(NAME, "n") for i in range(COUNT)]
            for name in names:
                os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
            assert sorted(os.listdir(".")) == sorted(names)
            seen = []
            with os.scandir(".") as entries:
                for entry in entries:
                    assert entry.is_file(follow_symlinks=False)
                    seen.append(entry.name)
                    if len(seen) % 7 == 0:
                        os.unlink(seen[-7])  # what was listed already goes meanwhile
            assert sorted(seen) == sorted(names), (len(seen), len(set(seen)))
            for name in os.listdir("."):
                os.unlink(name)
            assert os.listdir(".") == []
            print(len(names))
            """.replace("PLACE", "\"" + directory + "\"")
                .replace("NAME", Integer.toString(NAME))
                .replace("COUNT", Integer.toString(count)));
        assertThat(sh("", "python3 " + program).finish(Duration.ofMinutes(3)).output())
                .isEqualTo(count + "\n");
    }
}
