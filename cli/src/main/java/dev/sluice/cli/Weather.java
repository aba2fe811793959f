package dev.sluice.cli;

import dev.sluice.language.Flow;
import dev.sluice.language.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The workflow that the demo runs: three steps, their programs in awk, and the flow that connects them. */
final class Weather {
    /** The managed directory, as seen from the folder of the programs. */
    static final String DIRECTORY = "data";

    /** What the last step writes. */
    static final String RESULT = "report.csv";

    private static final String FLOW = "flow.json";
    private static final List<String> FILES = List.of(FLOW, "simulate.awk", "clean.awk", "report.awk");
    private static final int RECORD = 16;

    private Weather() {}

    /** Writes the flow and the programs into a folder; overwrites nothing. */
    static void write(Path folder) throws IOException {
        for (String file : FILES) {
            if (Files.exists(folder.resolve(file))) {
                throw new FileAlreadyExistsException(
                        folder.resolve(file).toString(), null, "is there already; name another folder");
            }
        }
        Files.createDirectories(folder.resolve(DIRECTORY));
        for (String file : FILES) {
            Files.write(folder.resolve(file), bytes(file));
        }
    }

    /** The flow, as text. */
    static String text() throws IOException {
        return new String(bytes(FLOW), StandardCharsets.UTF_8);
    }

    static Flow flow() throws IOException {
        return Reading.of(FLOW, bytes(FLOW), Reading.Mode.STRICT).flow().orElseThrow();
    }

    /** The steps' commands, for the folder of the programs. */
    static List<StepCommand> steps() {
        return List.of(
                new StepCommand("simulate", "awk -f simulate.awk > data/readings.csv"),
                new StepCommand("clean", "awk -f clean.awk data/readings.csv > data/clean.csv"),
                new StepCommand("report", "awk -f report.awk data/clean.csv | sort -n > data/report.csv"));
    }

    /** The same for the folder of the programs, from anywhere; the first step writes about so many bytes. */
    static List<StepCommand> steps(Path folder, long bytes) {
        String enter = "cd " + quoted(folder) + " && ";
        String size = "awk -v records=" + Math.ceilDiv(bytes, RECORD);
        return steps().stream()
                .map(step -> new StepCommand(
                        step.step(),
                        enter
                                + (step.step().equals("simulate")
                                        ? step.command().replaceFirst("awk", size)
                                        : step.command())))
                .toList();
    }

    /** A path as a shell takes it for one word. */
    static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[\\w./][\\w./-]*") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private static byte[] bytes(String file) throws IOException {
        try (InputStream in = Weather.class.getResourceAsStream("demo/" + file)) {
            if (in == null) {
                throw new IllegalStateException("this build has no demo/" + file);
            }
            return in.readAllBytes();
        }
    }
}
