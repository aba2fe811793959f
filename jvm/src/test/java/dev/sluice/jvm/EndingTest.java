package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.linux.OpenFlag;
import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How programs end, and what is told of that. Those that take part by the agent alone are a run of their step. */
@Timeout(120)
class EndingTest extends OnStage {
    @BeforeEach
    void compile() throws IOException {
        stage.compile("Ends", """
            import java.io.*;
            class Ends {
                static FileOutputStream open;
                public static void main(String[] words) throws Exception {
                    open = new FileOutputStream(words[1]);
                    for (int i = 0; i < 100; i++) { open.write(new byte[10_000]); }
                    new File(words[1] + ".late").deleteOnExit();
                    new FileOutputStream(words[1] + ".late").close();
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                        try (var late = new FileOutputStream(words[1] + ".hook")) {
                            Thread.sleep(100); // others have time to end
                            late.write(new byte[7]);
                        } catch (Exception e) {
                            e.printStackTrace();
                        }
                    }));
                    switch (words[0]) {
                        case "return" -> {}
                        case "exit" -> System.exit(Integer.parseInt(words[2]));
                        case "throw" -> throw new IllegalStateException("thrown");
                        case "handled" -> {
                            Thread.setDefaultUncaughtExceptionHandler((thread, e) -> System.out.println("handled"));
                            throw new Error("thrown");
                        }
                        case "other" -> {
                            Thread other = new Thread(() -> { throw new IllegalStateException("thrown"); });
                            other.start();
                            other.join();
                        }
                        case "halt" -> Runtime.getRuntime().halt(Integer.parseInt(words[2]));
                        case "nested" -> new Thread(() -> System.exit(Integer.parseInt(words[2]))).start();
                    }
                }
            }
            """);
    }

    @ParameterizedTest
    @CsvSource({
        "return, 0, 0",
        "exit, 0, 0",
        "exit, 7, 7",
        "throw, 0, 1",
        "handled, 0, 1",
        "other, 0, 0",
        "halt, 0, 0",
        "halt, 9, 9",
        "nested, 3, 3"
    })
    void theStatusOfAProgramThatIsAStepByTheAgentAloneIsTold(String way, int said, int status) throws IOException {
        List<String> java =
                new ArrayList<>(stage.java("Ends", List.of(), way, stage.path("data"), Integer.toString(said)));
        java.add(1, stage.agent() + "=dir=" + stage.managed.directory + ",step=make");
        Child.Outcome outcome = stage.plain(java).start().finish();
        assertThat(outcome.exit()).as(outcome.output()).isEqualTo(status);
        Deadline.until("the run has ended", () -> stage.host.runs().size() == 2);
        assertThat(stage.host.runs()).containsExactly("begins make", "ends make with " + status);
        stage.managed.making.end(true); // the other run of this step, which has done nothing
        if (status == 0) {
            assertThat(size("data")).isEqualTo(1_000_000);
        } else {
            assertThatThrownBy(() -> size("data")).isInstanceOf(FileSystemException.class);
        }
        if (!way.equals("halt")) {
            assertThat(size("data.hook")).isEqualTo(7);
            assertThat(stage.managed.maker.allows("data.late", 0)).isFalse();
        }
    }

    private long size(String path) throws IOException {
        try (Door.OpenFile file = stage.managed.user.open(path, OpenFlag.READ_ONLY.bits(), 0)) {
            ByteBuffer piece = ByteBuffer.allocate(1 << 16);
            long at = 0;
            for (int count = 0; count >= 0; count = file.read(piece.clear(), at)) {
                at += count;
            }
            return at;
        }
    }

    /** As the kernel does for a program that uses the mount. */
    @Test
    void whatAProcessOfAStepHasNotClosedIsWholeAndClosedWhenItEndsWell() throws IOException {
        Child.Outcome outcome = stage.child(
                        stage.managed.making, stage.java("Ends", List.of(), "return", stage.path("data")))
                .start()
                .finish();
        assertThat(outcome).isEqualTo(new Child.Outcome(0, ""));
        assertThat(size("data")).isEqualTo(1_000_000);
    }

    @Test
    void whatAProcessOfAStepHasNotClosedIsNotCompleteWhenItHasFailed() throws IOException {
        Child.Outcome outcome = stage.child(
                        stage.managed.making, stage.java("Ends", List.of(), "exit", stage.path("data"), "3"))
                .start()
                .finish();
        assertThat(outcome).isEqualTo(new Child.Outcome(3, ""));
        stage.managed.making.end(false);
        assertThatThrownBy(() -> size("data")).isInstanceOf(FileSystemException.class);
    }
}
