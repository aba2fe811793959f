package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.linux.Linux;
import dev.sluice.testing.Child;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk of one mebibyte that fills up; mounted by a child for itself alone, so that it goes with it. */
class FullDiskTest {
    @ParameterizedTest
    @EnumSource
    void aFullDiskIsToldAndNothingIsLost(Context.Kind kind, @TempDir Path folder) {
        assumeTrue(Linux.availability().available(), Linux.availability().reason());
        ContextBuilder.whyNot(kind).ifPresent(reason -> assumeTrue(false, reason));
        String mount = "mount -t tmpfs -o size=1m none \"$0\" && echo mounted && exec \"$@\"";
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", mount, folder.toString()));
        command.addAll(Child.java(Fills.class.getName(), Fills.class, List.of(), folder.toString(), kind.name()));
        Child.Outcome outcome = Child.run(command);
        assumeTrue(outcome.output().contains("mounted"), () -> "nothing can be mounted: " + outcome.output());
        assertThat(outcome.output()).contains("the disk was full and is not any more");
        assertThat(folder).isEmptyDirectory();
    }

    /** Fills the disk. */
    static final class Fills {
        public static void main(String... arguments) throws IOException {
            Path path = Path.of(arguments[0], "file");
            Path ballast = Files.write(Path.of(arguments[0], "ballast"), new byte[512 << 10]);
            try (Context context = Context.builder()
                            .kind(Context.Kind.valueOf(arguments[1]))
                            .open();
                    AsyncFile file = AsyncFile.open(path, context, CREATE, READ, WRITE)) {
                byte[] first = Sample.random(100_000, 14);
                file.write(ByteBuffer.wrap(first), 0);
                expectFull(path, () -> file.write(ByteBuffer.allocateDirect(1 << 20), 100_000));
                expectFull(path, () -> file.write(ByteBuffer.allocate(1 << 20), 100_000));
                expectFull(path, () -> file.allocate(0, 2 << 20));
                Throwable failure = PipeBackend.failure(file.writeAsync(ByteBuffer.allocateDirect(1 << 20), 1 << 19));
                check(failure);
                ByteBuffer target = ByteBuffer.allocate(first.length);
                file.read(target, 0);
                assertThat(target.array()).isEqualTo(first);
                Files.delete(ballast);
                file.truncate(100_000);
                assertThat(file.writeAsync(ByteBuffer.allocateDirect(300_000), 100_000)
                                .join())
                        .isEqualTo(300_000);
                System.out.println("the disk was full and is not any more");
            }
        }

        private static void expectFull(Path path, InterruptContract.Call call) {
            try {
                call.run();
                throw new AssertionError("there was room");
            } catch (IOException e) {
                check(e);
                assertThat(e.getMessage()).startsWith(path + ": ");
            }
        }

        private static void check(Throwable failure) {
            assertThat(failure)
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("ENOSPC (No space left on device)");
        }
    }
}
