package dev.sluice.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program's entry point; without a command it says how it is used, and fails. One thread at a time. */
@Command(
        name = "sluice",
        description = "Lets a step of a workflow read a file that another step is still writing.",
        mixinStandardHelpOptions = true,
        subcommands = {Demo.class, Graph.class},
        versionProvider = Main.Version.class)
final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private Main() {}

    /**
     * Runs the command line and exits with its status: 0 done, 1 failed, 2 not understood.
     *
     * @param arguments what the user typed
     */
    public static void main(String... arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? see `sluice --help`");
    }

    /** The version that this module was built as. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var descriptor = Main.class.getModule().getDescriptor();
            String version =
                    descriptor == null ? "unknown" : descriptor.rawVersion().orElse("unknown");
            return new String[] {"sluice " + version};
        }
    }
}
