package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.language.CommitRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsideTest {
    private static final int SIZE = 1 << 19;
    private static final int TIMES = 60;

    @TempDir
    private Path directory;

    @Test
    void whatIsWrittenAgainWhileItIsBroughtIsNeverThereInPart() throws Exception {
        Flow flow = Flow.builder("test")
                .step("make", List.of(), List.of("data"), Rule.files("data").commits(CommitRule.onClose()))
                .permanent("data")
                .build();
        Path below = directory.resolve("data");
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger seen = new AtomicInteger();
        try (Workflow workflow = Workflow.open(directory, flow, Keep.PERMANENT, new Limits(64 << 20, null))) {
            Session making = workflow.start("make");
            Program make = new Program(workflow, making);
            CompletableFuture<Integer> looking = Program.inThread(() -> look(below, isOver, seen));
            make.put("data", text(0));
            for (int i = 1; i < TIMES; i++) {
                Handle again = make.open("data", Program.WRITE);
                make.write(again, 0, text(i));
                make.close(again);
            }
            making.end(true);
            Ending ending = workflow.finish(true);
            Deadline.until("it is looked at", () -> seen.get() > 0); // also when all was over at once
            isOver.set(true);
            Program.get(looking);
            assertThat(ending.incidents()).isEmpty();
            assertThat(below).hasContent(text(TIMES - 1));
            try (var left = Files.list(directory)) {
                assertThat(left).containsExactly(below);
            }
        }
    }

    @Test
    void whatComesIntoAnotherFileSystemThatIsMountedInsideIsBroughtThere() throws Exception {
        Path inside = Files.createDirectory(directory.resolve("inside"));
        assumeTrue(
                Child.run(List.of("mount", "-t", "tmpfs", "none", inside.toString()))
                                .exit()
                        == 0,
                "mounting needs root");
        try {
            Flow flow = Flow.builder("test")
                    .step("make", List.of(), List.of("inside/data"))
                    .build();
            try (Workflow workflow = Workflow.open(directory, flow, Keep.PERMANENT, new Limits(64 << 20, null))) {
                Session making = workflow.start("make");
                Program make = new Program(workflow, making);
                make.put("inside/data", "whole");
                making.end(true);
                assertThat(workflow.finish(true).incidents()).isEmpty();
            }
            assertThat(inside.resolve("data")).hasContent("whole");
            try (var left = Files.list(inside)) {
                assertThat(left).hasSize(1);
            }
        } finally {
            Child.run(List.of("umount", inside.toString()));
        }
    }

    private static String text(int time) {
        return String.valueOf((char) ('0' + time)).repeat(SIZE);
    }

    /** {@return how often it was there} */
    private static int look(Path below, AtomicBoolean isOver, AtomicInteger seen) {
        try {
            while (!isOver.get()) {
                if (Files.exists(below)) {
                    byte[] bytes = Files.readAllBytes(below);
                    assertThat(bytes.length).isEqualTo(SIZE);
                    assertThat(new String(bytes, StandardCharsets.US_ASCII)).isEqualTo(text(bytes[0] - '0'));
                    seen.incrementAndGet();
                }
            }
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
        return seen.get();
    }
}
