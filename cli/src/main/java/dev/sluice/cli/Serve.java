package dev.sluice.cli;

import dev.sluice.language.Flow;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code serve}: a mount over the managed directory, for steps that others start. One thread at a time. */
@Command(
        name = "serve",
        description = "Serves the files of a flow to steps that are started by `sluice exec`.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "Prints one line that begins with \"ready:\" when steps may start. Goes on until `sluice stop`, Ctrl-C or"
                    + " kill; with --once, until every step has ended.",
            "",
            "Examples:",
            "  sluice serve flow.json --dir work &",
            "  sluice exec --dir work --step make -- ./make.sh",
            "  sluice serve flow.json --dir work --runs sort=8 --once",
            "",
            "Exit status: 0 every step has run and succeeded; else that of the first step that failed; 1 something else"
                    + " failed; 2 wrong usage."
        })
final class Serve implements Callable<Integer> {
    /** Set by a scope of a JVM that starts a server: into which file this one prints. */
    private static final String LOG = "SLUICE_SERVER_LOG";

    @Spec
    private CommandSpec spec;

    @Mixin
    private FlowFile file;

    @Mixin
    private ServedDirectory directory;

    @Mixin
    private Terms terms;

    @Mixin
    private Runs runs;

    @Mixin
    private Watching watching;

    @Option(names = "--once", description = "End when every step has run as often as expected.")
    private boolean once;

    @Override
    public Integer call() throws IOException {
        terms.requireMount();
        watching.check();
        FlowFile.Text text = file.read();
        Flow flow = text.orRefuse(spec.commandLine().getErr());
        Map<String, Integer> counts = runs.of(flow);
        if (counts.values().stream().allMatch(count -> count == 0)) {
            throw Refusal.misused("no step is expected to run: say --runs NAME=N with an N above 0 for one");
        }
        Station station = Station.of(directory.path());
        StepOutput output = new StepOutput(spec.commandLine());
        try (Presence presence = Presence.claim(station, output)) {
            if (Files.exists(station.socket())) {
                output.say("a server of " + station.directory() + " was killed; what it has left is removed");
            }
            text.warn(flow, station.directory(), output);
            try (Execution execution = Execution.begin(flow, station.directory(), terms, output)) {
                execution.expect(counts);
                presence.begin(execution, text.digest(), once);
                int status = serve(execution, presence, output);
                String given = System.getenv(LOG);
                Path log = given == null ? station.log() : Path.of(given);
                if (status == 0 && isLog(log)) {
                    Files.delete(log);
                }
                return status;
            }
        }
    }

    private int serve(Execution execution, Presence presence, StepOutput output) throws IOException {
        try (Watch watch = Watch.begin(watching, execution, "serve", output, false)) {
            presence.open();
            PrintWriter out = spec.commandLine().getOut();
            out.println("ready: " + Printable.text(execution.flow().name()) + " on "
                    + Printable.text(execution.directory().toString()));
            out.flush();
            presence.await(execution);
            return watch.finish(presence.finish(execution));
        }
    }

    /** Does this process print into a server's log? Nobody needs to read there that all went well. */
    private static boolean isLog(Path log) throws IOException {
        return Files.exists(log) && Files.isSameFile(Path.of("/proc/self/fd/1"), log);
    }
}
