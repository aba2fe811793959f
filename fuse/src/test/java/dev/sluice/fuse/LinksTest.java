package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Files that have several names, in a mounted directory. */
class LinksTest extends OnMount {
    @Override
    void prepare() throws IOException {
        Files.createSymbolicLink(root.resolve("old1"), Path.of("below"));
        Files.createLink(root.resolve("old2"), root.resolve("old1"));
    }

    @Test
    void filesOfOtherKindsMayHaveMoreNamesToo() {
        said("", """
            set -e
            mkdir -p from/d
            echo text > from/file; ln -s file from/link; mkfifo from/d/pipe; ln -P from/link from/d/link
            test "$(readlink from/d/link)" = file; test "$(stat -c %h from/link)" = 2
            test "$(stat -c %i from/link)" = "$(stat -c %i from/d/link)"
            cp -al from to
            test "$(stat -c %h to/link)" = 4; test "$(stat -c %h to/d/pipe)" = 2; test -p to/d/pipe
            mv to/link to/moved; rm from/link from/d/link; test "$(readlink to/moved)" = file
            test "$(stat -c %h to/d/link)" = 2; rm -r from; cat to/file; readlink to/d/link; rm -r to
            """);
    }

    @Test
    void linksThatWereThereBeforeAreOneFile() {
        assertThat(said(
                        "",
                        "stat -c '%h %N' old*; test $(stat -c %i old1) = $(stat -c %i old2); rm old1; readlink old2"))
                .isEqualTo("2 'old1' -> 'below'\n2 'old2' -> 'below'\nbelow\n");
    }
}
