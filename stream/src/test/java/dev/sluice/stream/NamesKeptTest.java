package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import dev.sluice.stream.Ending.Keep;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel may keep of a name, which saves it a question at each step of a path. */
class NamesKeptTest {
    @TempDir
    Path directory;

    private Workflow workflow;
    private Program producer;
    private Program consumer;

    @BeforeEach
    void open() throws Exception {
        Flow flow = Flow.builder("test")
                .step(
                        "make",
                        List.of(),
                        List.of("into/*", "stream", "whole", "flowing"),
                        Rule.directories("stream")
                                .commits(CommitRule.onTermination())
                                .fires(FireRule.NO_UPDATE),
                        Rule.files("flowing")
                                .commits(CommitRule.onTermination())
                                .fires(FireRule.NO_UPDATE))
                .step("use", List.of("into/*", "stream", "whole"), List.of("result"))
                .build();
        workflow = Workflow.open(directory, flow, Keep.PERMANENT, new Limits(64 << 20, null));
        producer = new Program(workflow, workflow.start("make"));
        consumer = new Program(workflow, workflow.start("use"));
    }

    @AfterEach
    void close() {
        workflow.close();
    }

    private Attributes seenBy(Program program, String path) throws Refusal {
        Attributes attributes = new Attributes();
        program.now(request -> {
            workflow.tree().peek(request, program.find(request, path), attributes);
            return attributes;
        });
        return attributes;
    }

    @Test
    void aDirectoryIsFoundOnceAlsoWhileMoreComesIntoIt() throws Exception {
        producer.makeDirectory("into");
        assertThat(seenBy(producer, "into").isNamed()).isTrue();
        assertThat(seenBy(producer, "into").isSettled()).isFalse();
        producer.makeDirectory("plain");
        assertThat(seenBy(producer, "plain").isNamed()).isTrue();
    }

    @Test
    void whatStandsForADirectoryThatIsNotThereIsNotKept() throws Exception {
        assertThat(seenBy(consumer, "into").isNamed()).isFalse();
        producer.makeDirectory("into");
        assertThat(seenBy(consumer, "into").isNamed()).isTrue();
    }

    @Test
    void whatIsReadWhileItGrowsIsAskedForEachTime() throws Exception {
        producer.makeDirectory("stream");
        assertThat(seenBy(producer, "stream").isNamed()).isFalse();
        producer.put("flowing", "x");
        assertThat(seenBy(producer, "flowing").isNamed()).isFalse();
    }

    @Test
    void aFileThatIsReadWhenItIsCompleteIsFoundOnceAlsoWhileItGrows() throws Exception {
        assertThat(seenBy(consumer, "whole").isNamed()).isFalse();
        producer.put("whole", "x");
        for (Program program : List.of(producer, consumer)) {
            assertThat(seenBy(program, "whole").isNamed()).isTrue();
            assertThat(seenBy(program, "whole").isSettled()).isFalse();
        }
    }
}
