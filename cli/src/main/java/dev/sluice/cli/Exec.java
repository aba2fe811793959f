package dev.sluice.cli;

import dev.sluice.language.Contracts;
import dev.sluice.language.Flow;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code exec}: runs a program as a step of a workflow that is served. One thread at a time. */
@Command(
        name = "exec",
        description = "Runs a command as a step of a served workflow; for before the commands of a workflow manager.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "The command has this one's input, output and directory, and SLUICE_STEP, SLUICE_DIR, CAPIO_APP_NAME,"
                    + " CAPIO_DIR and CAPIO_WORKFLOW_NAME set. TERM, INT, HUP and USR1 are passed on to it.",
            "",
            "With --flow, and when nobody serves the directory, a server is started in the background; it ends when"
                    + " every step has run as often as --runs says. --keep, --timeout, --memory, --overflow, --awake,"
                    + " --tier, --no-mount, --runs and --lenient are for it.",
            "",
            "What stands behind <, > or | is opened by your shell, before and outside of the step. Where that is a file"
                    + " of the flow, let a shell of the step open it: -- sh -c 'sort < work/in > work/out'.",
            "",
            "Examples:",
            "  sluice exec --dir work --step make -- ./make.sh --fast",
            "  sluice exec --dir work --flow flow.json --step sort -- ./sort.sh",
            "  sluice exec --dir work --step count -- sh -c 'wc -l < work/all > work/n'",
            "",
            "Exit status: the command's; 128 and the number of the signal that has ended it; 127 there is no such"
                    + " command, 126 it cannot be started; 1 something else failed; 2 wrong usage."
        })
final class Exec implements Callable<Integer> {
    private static final Duration SILENCE = Duration.ofSeconds(1);
    private static final long BETWEEN_LOOKS_MILLIS = 25;

    @Spec
    private CommandSpec spec;

    @Option(names = "--step", paramLabel = "NAME", description = "The step; when not said, what CAPIO_APP_NAME says.")
    private @Nullable String step;

    @Mixin
    private ServedDirectory directory;

    @Option(
            names = "--flow",
            paramLabel = "FLOW",
            description = "The flow file with which to start a server when nobody serves the directory.")
    private @Nullable Path flow;

    @Option(names = "--lenient", description = "Understand also what only the documents of CAPIO-CL show.")
    private boolean lenient;

    @Option(
            names = "--again",
            description = "When the step has run already, and well: run it once more. What it has made is made anew.")
    private boolean again;

    @Option(
            names = "--no-agent",
            description =
                    "Start a command that is java as it is. Else Java 25 or later reads and writes the directory from"
                            + " inside, also where there is no mount.")
    private boolean withoutAgent;

    @Mixin
    private Terms terms;

    @Mixin
    private Runs runs;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = Terms.DurationConverter.class,
            description = "How long to wait for a server that is not there or not ready (default: ${DEFAULT-VALUE}).")
    private Duration patience;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments, behind --.")
    private List<String> command = new ArrayList<>();

    /** A server that knows of this step's run, and what it has said. */
    private record Joined(Client client, Message answer) {}

    @Override
    public Integer call() throws IOException {
        String name = name();
        Path where = directory.path();
        Redirections redirections = Redirections.of(where);
        Message request = redirections.asked(
                Message.of().with("do", "join").with("step", name).with("again", again));
        Background server = null;
        if (flow != null) {
            request = request.with("flow", digest(flow, name));
            server = new Background(where, words(flow, where));
        }
        String workflow = System.getenv("CAPIO_WORKFLOW_NAME");
        if (workflow != null) {
            request = request.with("workflow", workflow);
        }
        Joined joined;
        try (Background starting = server) {
            joined = join(request, where, starting);
        }
        try (Client client = joined.client()) {
            Foreground foreground = new Foreground(client, spec.commandLine().getErr(), name, where);
            String trouble = redirections.trouble(joined.answer(), name);
            if (trouble != null) {
                return foreground.refuse(trouble);
            }
            return foreground.run(
                    withoutAgent ? command : JavaAgent.with(command),
                    joined.answer().map("environment"));
        }
    }

    private String name() {
        String name = step == null ? System.getenv("CAPIO_APP_NAME") : step;
        if (name == null || name.isEmpty()) {
            throw Refusal.misused("which step is it? say --step NAME");
        }
        return name;
    }

    /** A flow that is not valid is told here, not by a server in the background. */
    private String digest(Path file, String name) {
        FlowFile.Text text = FlowFile.of(file, lenient).read();
        Flow valid = text.orRefuse(spec.commandLine().getErr());
        runs.of(valid);
        try {
            Contracts.of(valid).requireStep(name);
        } catch (IllegalArgumentException e) {
            throw Refusal.misused(Failure.sentence(e));
        }
        return text.digest();
    }

    private List<String> words(Path file, Path where) {
        List<String> words = new ArrayList<>(List.of("serve", "--once", "--dir", where.toString()));
        if (lenient) {
            words.add("--lenient");
        }
        words.addAll(terms.words());
        words.addAll(runs.words());
        words.addAll(List.of("--", file.toAbsolutePath().toString()));
        return words;
    }

    private Joined join(Message request, Path where, @Nullable Background server) throws IOException {
        long start = System.nanoTime();
        boolean isTold = false;
        while (true) {
            Joined joined = join(request, where);
            if (joined != null) {
                return joined;
            }
            if (server != null) {
                server.start();
            }
            long waited = System.nanoTime() - start;
            if (waited > patience.toNanos()) {
                throw Refusal.failed("no server of " + where + " has come within " + bound() + "; start one"
                        + " with sluice serve FLOW --dir " + where + ", or say --flow FLOW"
                        + (server == null ? "" : "; what the last one has printed is in " + server.log()));
            }
            if (!isTold && waited > SILENCE.toNanos() && server == null) {
                isTold = true;
                say("nobody serves " + where + " yet; waits for that up to " + bound());
            }
            pause();
        }
    }

    /** Joins, if there is a server that has not ended before it answers. */
    private static @Nullable Joined join(Message request, Path where) throws IOException {
        Client client = Client.find(where);
        if (client == null) {
            return null;
        }
        Message answer = null;
        try {
            answer = client.askUnlessEnding(request);
            return answer == null ? null : new Joined(client, answer);
        } finally {
            if (answer == null) {
                client.close();
            }
        }
    }

    private String bound() {
        return patience.toMillis() % 1000 == 0 ? patience.toSeconds() + " s" : patience.toMillis() + " ms";
    }

    private void say(String sentence) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("sluice exec: " + Printable.text(sentence));
        err.flush();
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for a server", e);
        }
    }
}
