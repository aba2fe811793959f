package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fuse.Mount;
import dev.sluice.testing.Child;
import dev.sluice.testing.MountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that may have few files open. */
class FewDescriptorsTest {
    @TempDir
    private Path folder;

    private final MountPoint point = MountPoint.of("few-descriptors");

    @AfterEach
    void leaveNoMount() {
        point.close();
    }

    private String in(String script) {
        return script.replace("WORK", point.path().toString()).replace("FOLDER", folder.toString());
    }

    /** To know that a process is of a step takes a descriptor, too; without one it would be a stranger, who waits for nothing. */
    @Test
    void whoIsAStepIsKnownThoughItsFilesTakeAllDescriptors() throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        Path flow = Files.writeString(folder.resolve("flow.json"), """
            { "name": "few", "IO_Graph": [
                { "name": "make", "input_stream": [], "output_stream": ["large/*", "data"] },
                { "name": "use", "input_stream": ["large/*", "data"], "output_stream": ["result"] } ] }
            """);
        String make = in("exec 3> WORK/data; echo half >&3; mkdir WORK/large; i=0;"
                + " while head -c 70000 /dev/zero > WORK/large/$i; do i=$((i + 1)); done; echo $i > FOLDER/full;"
                + " until [ -e FOLDER/asked ]; do sleep 0.05; done; echo whole >&3");
        String use = in("until [ -e FOLDER/full ]; do sleep 0.05; done; { sleep 1; echo > FOLDER/asked; } &"
                + " cat WORK/data > FOLDER/got; cp FOLDER/got WORK/result");
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 700 && exec \"$@\"", "few"));
        command.addAll(RunLine.of(flow, point.path(), "make=" + make, "use=" + use));
        Child.Outcome outcome = Child.run(command);
        assertThat(outcome.output()).contains("raise the hard limit (ulimit -Hn)");
        assertThat(folder.resolve("got")).hasContent("half\nwhole\n");
        assertThat(outcome.exit()).as(outcome.output()).isZero();
        assertThat(point.path().resolve("result")).hasContent("half\nwhole\n");
    }
}
