package dev.sluice.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code status}: tells how far a workflow is, and who waits for whom. One thread at a time. */
@Command(
        name = "status",
        description = "Tells how far the steps and files of a sluice run or serve are, and who waits for whom.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "Files for which somebody waits come first, then those that are not complete.",
            "",
            "Examples:",
            "  sluice status --dir work",
            "  sluice status --dir work --json | jq '.waits[].why'",
            "",
            "Exit status: 0 told; 1 nobody serves the directory; 2 wrong usage."
        })
final class Status implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServedDirectory directory;

    @Option(names = "--json", description = "Print one JSON object, for programs.")
    private boolean json;

    @Option(
            names = "--most",
            paramLabel = "N",
            defaultValue = "20",
            description = "Tell of so many files and waits at most, up to 10000 (default: ${DEFAULT-VALUE}).")
    private int most;

    @Override
    public Integer call() throws IOException {
        Message answer;
        try (Client client = Client.require(directory.path())) {
            answer = client.ask(Message.of().with("do", "status").with("most", most));
        }
        if (json) {
            spec.commandLine().getOut().println(Printable.json(answer.toString()));
            spec.commandLine().getOut().flush();
        } else {
            Overview.show(answer, Screen.of(spec.commandLine().getOut()));
        }
        return 0;
    }
}
