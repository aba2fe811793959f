package dev.sluice.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program's entry point; without a command it says how it is used, and fails. One thread at a time. */
@Command(
        name = "sluice",
        description = "Lets a step of a workflow read a file that another step is still writing.",
        mixinStandardHelpOptions = true,
        subcommands = {
            Run.class,
            Serve.class,
            Exec.class,
            Status.class,
            Stop.class,
            Reports.class,
            Check.class,
            Explain.class,
            Graph.class,
            Convert.class,
            Init.class,
            Schema.class,
            Completion.class,
            Demo.class,
            CommandLine.HelpCommand.class
        },
        versionProvider = Main.Version.class,
        footer = {
            "",
            "Examples:",
            "  sluice demo                        shows what it is good for",
            "  sluice init                        asks for the steps, writes flow.json",
            "  sluice check flow.json             tells what is wrong with it",
            "  sluice explain flow.json out.csv   tells who waits for out.csv, and why",
            "  sluice graph flow.json -o flow.svg draws who hands what to whom",
            "  sluice run flow.json --dir work --step 'a=./a.sh > work/x' --step b=./b.sh",
            "                                     runs its steps at the same time",
            "",
            "`sluice COMMAND --help` tells the rest."
        })
final class Main implements Runnable {
    private static final int NARROWEST_HELP = 55; // picocli makes it no narrower

    @Spec
    private CommandSpec spec;

    private Main() {}

    /**
     * Runs the command line and exits with its status: 0 done, 1 failed, 2 not understood.
     *
     * @param arguments what the user typed
     */
    public static void main(String... arguments) {
        Thread.setDefaultUncaughtExceptionHandler(new Exhaustion());
        int status = commandLine().execute(arguments);
        System.exit(status == 0 && isCut() ? Refusal.FAILED : status);
    }

    /** Could not all be printed? Then says why, unless it is that the reader has seen enough. */
    private static boolean isCut() {
        if (!System.out.checkError()) {
            return false;
        }
        try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            out.write('\n'); // fails as what was printed did, which the JDK has kept to itself
        } catch (IOException e) {
            if (!"Broken pipe".equals(e.getMessage())) {
                System.err.println("sluice: the standard output cannot be written: " + e.getMessage());
            }
        }
        return true;
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        // What stands behind the command that exec runs is that command's.
        line.getSubcommands().values().stream()
                .filter(each -> each.getCommand() instanceof Exec)
                .forEach(each -> each.setStopAtPositional(true));
        // Who tries it is helped; to be told of it, --help is enough.
        line.getSubcommands().values().stream()
                .filter(each -> each.getCommand() instanceof CommandLine.HelpCommand)
                .forEach(each -> each.getCommandSpec().usageMessage().hidden(true));
        return line.setExpandAtFiles(false) // a word that begins with @ is a word, also behind exec
                .setHelpFactory(Main::help)
                .setParameterExceptionHandler((failure, _) -> misunderstood(failure))
                .setExecutionExceptionHandler((failure, command, _) -> failed(failure, command));
    }

    /** Help as wide as the terminal. */
    private static Help help(CommandSpec spec, Help.ColorScheme colours) {
        spec.usageMessage()
                .width(Math.max(NARROWEST_HELP, Ability.ofStandardOutput().width()));
        return new Help(spec, colours);
    }

    private static int misunderstood(ParameterException first) {
        CommandLine command = first.getCommandLine();
        ParameterException failure = first instanceof MissingParameterException ? misspelt(first) : first;
        String name = command.getCommandSpec().qualifiedName();
        PrintWriter err = command.getErr();
        err.println(Printable.text(name + ": " + sentence(failure)));
        if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
            err.println("See `" + name + " --help`.");
        }
        err.flush();
        return Refusal.MISUSED;
    }

    /** Where an option is missing and another one is unknown, that one is the mistake: the missing one, misspelt. */
    private static ParameterException misspelt(ParameterException missing) {
        CommandLine command = missing.getCommandLine();
        List<String> words = command.getUnmatchedArguments();
        if (words.isEmpty()) {
            return missing;
        }
        var unmatched = new UnmatchedArgumentException(command, words);
        return unmatched.isUnknownOption() ? unmatched : missing;
    }

    private static String sentence(ParameterException failure) {
        if (failure instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            boolean isRoot = failure.getCommandLine().getParent() == null;
            return isRoot
                    ? "there is no command \"" + unmatched.getUnmatched().getFirst() + "\""
                    : "too many words: \"" + String.join("\", \"", unmatched.getUnmatched()) + "\"";
        }
        return String.valueOf(failure.getMessage());
    }

    /** What a user can understand becomes a sentence; the rest is a mistake of ours, and keeps its stack trace. */
    private static int failed(Exception failure, CommandLine command) throws Exception {
        int status = switch (failure) {
            case Refusal refusal -> refusal.status();
            case IOException _, UncheckedIOException _ -> Refusal.FAILED;
            default -> throw failure;
        };
        String sentence = failure instanceof Refusal ? String.valueOf(failure.getMessage()) : Failure.sentence(failure);
        command.getErr().println(Printable.text(command.getCommandSpec().qualifiedName() + ": " + sentence));
        command.getErr().flush();
        return status;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
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
