package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.linux.Linux;
import dev.sluice.linux.OpenFlag;
import dev.sluice.testing.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Somebody changes the directory below while it is mounted over, to be led out of it. */
class SwappedBelowTest extends OnMount {
    private int below;
    private Path under;
    private Path outside;

    @Override
    void prepare() throws IOException {
        outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret\n");
        Files.createDirectory(root.resolve("sub"));
        Files.writeString(root.resolve("sub/file"), "inside\n");
        below = Linux.open(root, OpenFlag.READ_ONLY.bits() | OpenFlag.DIRECTORY.bits(), 0);
        under = Path.of("/proc/self/fd/" + below);
    }

    @AfterEach
    void closeIt() {
        Linux.close(below);
    }

    private void swap(String name) throws IOException {
        Files.move(under.resolve(name), under.resolve(name + "-moved"));
        Files.createSymbolicLink(under.resolve(name), outside);
    }

    @Test
    void aDirectoryThatBecomesALinkLeadsNowhere() throws IOException {
        assertThat(said("", "cat sub/file")).isEqualTo("inside\n");
        swap("sub");

        Child read = sh("", "cat sub/secret; ls sub");
        assertThat(read.finish().output()).doesNotContain("secret\n");
        assertThat(sh("", "echo new > sub/new; mkdir sub/d; rm sub/secret")
                        .finish()
                        .exit())
                .isNotZero();
        assertThat(under.resolve("sub-moved/new"))
                .as("it is written where the directory is")
                .hasContent("new\n");
        try (var names = Files.list(outside)) {
            assertThat(names).containsExactly(outside.resolve("secret"));
        }
    }
}
