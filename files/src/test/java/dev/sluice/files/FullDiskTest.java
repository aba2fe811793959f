package dev.sluice.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Child;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A disk of four mebibytes that fills up; mounted by a child for itself alone, so that it goes with it. */
class FullDiskTest extends OnFiles {
    @Test
    void aHoleForWhichThereIsNoRoomIsToldAndTheProcessGoesOn() {
        String mount = "mount -t tmpfs -o size=4m none \"$0\" && echo mounted && exec \"$@\"";
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", mount, folder.toString()));
        command.addAll(Child.java(
                Fills.class.getName(),
                Fills.class,
                List.of("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + folder.resolve("crash")),
                folder.toString()));
        Child.Outcome outcome = Child.run(command);
        assumeTrue(outcome.output().contains("mounted"), () -> "nothing can be mounted: " + outcome.output());
        assertThat(outcome.output()).contains("the disk was full and is not any more");
        assertThat(folder).isEmptyDirectory();
    }

    /** Fills the disk. */
    static final class Fills {
        private static final int SIZE = 16 << 20;
        private static final int FITS = 256 << 10;

        /** So often that all of it is compiled. */
        private static final int ROUNDS = 300;

        public static void main(String... arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            Path sparse = folder.resolve("sparse");
            Path from = Files.write(folder.resolve("from"), new byte[1 << 20]);
            Path ballast = Files.write(folder.resolve("ballast"), new byte[2 << 20]);
            byte[] much = new byte[2 << 20];
            Arrays.fill(much, (byte) 7);
            byte[] little = Arrays.copyOf(much, FITS);
            try (MappedFiles files = new MappedFiles(1);
                    MappedFile file = files.create(sparse, SIZE, false)) {
                for (int i = 0; i < ROUNDS; i++) {
                    file.write(0, little);
                    expectFull(sparse, () -> file.write(SIZE - much.length, much));
                    expectFull(sparse, () -> file.fill(SIZE / 2, new byte[] {1, 2, 3}, 1 << 20));
                    expectFull(sparse, () -> file.move(SIZE / 2, 0, 4 << 20));
                    assertThat(file.read(0, FITS)).containsOnly(7);
                    file.resize(FITS); // gives back what was filled
                    file.resize(SIZE);
                }
                Path copy = folder.resolve("copy");
                assertThatThrownBy(() -> files.copy(from, copy))
                        .isInstanceOf(FileSystemException.class)
                        .hasMessageContaining("ENOSPC (No space left on device)");
                assertThat(copy).doesNotExist();
                Files.delete(ballast);
                file.write(SIZE - much.length, much);
                assertThat(file.read(SIZE - much.length, much.length)).isEqualTo(much);
                System.out.println("the disk was full and is not any more");
            }
        }

        private static void expectFull(Path path, ThrowingCallable call) {
            assertThatThrownBy(call)
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageStartingWith(path + ": ")
                    .hasMessageContaining("its file system is full");
        }
    }
}
