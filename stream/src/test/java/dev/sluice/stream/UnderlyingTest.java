package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.Flow;
import dev.sluice.stream.Ending.Keep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnderlyingTest {
    private static final int MANY = 3000;

    @TempDir
    private Path directory;

    private static long descriptors() throws IOException {
        try (java.util.stream.Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    /** A tree may have more directories than a process may have files open. */
    @Test
    void veryManyDirectoriesTakeFewDescriptors() throws Exception {
        Flow flow = Flow.builder("test")
                .step("make", List.of(), List.of("made/*"))
                .step("use", List.of("made/*"), List.of())
                .build();
        for (int i = 0; i < MANY; i++) {
            Files.createDirectories(directory.resolve("there/" + i));
            Files.writeString(directory.resolve("there/" + i + "/plain"), "plain" + i);
        }
        long before = descriptors();
        try (Workflow workflow = Workflow.open(directory, flow, Keep.ALL, new Limits(64 << 20, null))) {
            Session making = workflow.start("make");
            Program make = new Program(workflow, making);
            make.makeDirectory("made");
            for (int i = 0; i < MANY; i++) {
                make.makeDirectory("made/" + i);
                make.put("made/" + i + "/data", "data" + i);
                make.link("made/" + i + "/data", "there/" + i + "/linked");
            }
            for (int i = 0; i < MANY; i++) {
                assertThat(make.get("there/" + i + "/plain")).isEqualTo("plain" + i);
                make.rename("there/" + i + "/plain", "made/" + (i + 1) % MANY + "/plain");
            }
            for (int i = 0; i < MANY; i += 2) {
                make.remove("there/" + i + "/linked");
                make.removeDirectory("there/" + i);
            }
            assertThat(descriptors() - before).isLessThan(Underlying.MOST_FOLDERS + 200);
            making.end(true);
            Session using = workflow.start("use");
            using.end(true);
            assertThat(workflow.finish(true).incidents()).isEmpty();
            assertThat(descriptors() - before).isLessThan(Underlying.MOST_FOLDERS + 200);
        }
        for (int i = 0; i < MANY; i++) {
            assertThat(directory.resolve("made/" + i + "/data")).hasContent("data" + i);
            assertThat(directory.resolve("made/" + (i + 1) % MANY + "/plain")).hasContent("plain" + i);
            assertThat(Files.exists(directory.resolve("there/" + i + "/linked")))
                    .isEqualTo(i % 2 == 1);
        }
        assertThat(descriptors()).isLessThanOrEqualTo(before + 20);
    }
}
