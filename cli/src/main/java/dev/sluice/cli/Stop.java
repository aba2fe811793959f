package dev.sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code stop}: ends a run or a server, and tells how all went. One thread at a time. */
@Command(
        name = "stop",
        description =
                "Ends a sluice run or serve: brings to the directory what stays, unmounts, and tells what went wrong.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "A server refuses while steps run, unless --now is said. A run is ended with its steps, as Ctrl-C does.",
            "",
            "Exit status: 0 every step has run and succeeded; else that of the first step that failed; 1 something else"
                    + " failed; 2 wrong usage."
        })
final class Stop implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServedDirectory directory;

    @Option(names = "--now", description = "End the steps that still run.")
    private boolean now;

    @Override
    public Integer call() throws IOException {
        Message answer;
        try (Client client = Client.require(directory.path())) {
            answer = client.askForEnd(Message.of().with("do", "stop").with("now", now));
        }
        PrintWriter err = spec.commandLine().getErr();
        answer.texts("said").forEach(sentence -> err.println("sluice: " + Printable.text(sentence)));
        err.flush();
        return Math.toIntExact(answer.number("status"));
    }
}
