package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fuse.Mount;
import dev.sluice.testing.Child;
import dev.sluice.testing.MountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The flight recorder of a run's JVM. */
@Timeout(120)
class RecordedFlightTest {
    @TempDir
    private Path folder;

    private final MountPoint point = MountPoint.of("recorded-flight");
    private Path flow;
    private String make;
    private String use;

    @BeforeEach
    void canMount() throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        flow = Files.writeString(folder.resolve("flow.json"), """
            { "name": "flight", "IO_Graph": [
                { "name": "make", "input_stream": [], "output_stream": ["data"] },
                { "name": "use", "input_stream": ["data"], "output_stream": ["result"] } ] }
            """);
        make = "make=until [ -e " + folder + "/begun ]; do sleep 0.02; done; sleep 0.1; echo whole > " + point.path()
                + "/data";
        use = "use=: > " + folder + "/begun; cp " + point.path() + "/data " + point.path() + "/result";
    }

    @AfterEach
    void leaveNoMount() {
        point.close();
    }

    /** To start it takes a tenth of a second of two processors, just when bytes begin to flow. */
    @Test
    void nobodyWhoRecordsNothingPaysForIt() throws IOException {
        Path classes = folder.resolve("classes");
        List<String> options = List.of("-Xlog:class+load:file=" + classes);
        Child.Outcome outcome = Child.run(RunLine.with(options, flow, point.path(), make, use));
        assertThat(outcome.exit()).as(outcome.output()).isZero();
        assertThat(Files.readAllLines(classes))
                .as("the log of classes")
                .anyMatch(line -> line.contains(" dev.sluice.stream.Recorder "))
                .noneMatch(line -> line.contains(" jdk.jfr.internal.PlatformRecorder "))
                .noneMatch(line -> line.contains(" dev.sluice.stream.WaitEvent "));
    }

    @Test
    void whoStartsItWhileARunGoesOnIsToldOfWhatFollows() throws IOException {
        Path recorded = folder.resolve("recorded.jfr");
        Path tools = Path.of(System.getProperty("java.home"), "bin");
        assumeTrue(Files.isExecutable(tools.resolve("jcmd")), "this Java has no jcmd");
        // The parent of a step's shell is the run itself.
        String started = make.replace(
                "make=", "make=" + tools.resolve("jcmd") + " $PPID JFR.start name=late filename=" + recorded + "; ");
        Child.Outcome outcome = Child.run(RunLine.of(flow, point.path(), started, use));
        assertThat(outcome.exit()).as(outcome.output()).isZero();
        Child.Outcome events = Child.run(
                List.of(tools.resolve("jfr").toString(), "print", "--events", "dev.sluice.*", recorded.toString()));
        assertThat(events.output())
                .containsPattern("dev\\.sluice\\.Wait \\{[^}]*path = \"data\"")
                .containsPattern("dev\\.sluice\\.Stream \\{[^}]*path = \"result\"")
                .contains("dev.sluice.Statistics {");
    }
}
