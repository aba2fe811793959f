package dev.sluice.cli;

import dev.sluice.cli.Screen.Style;
import dev.sluice.language.Contract;
import dev.sluice.language.Contract.Reason;
import dev.sluice.language.Contracts;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code explain}: what a flow says of a path, and what that means to its steps. One thread at a time. */
@Command(
        name = "explain",
        description =
                "Says what a flow does with a path: when it is complete, who waits for it, and which line says so.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "Examples:",
            "  sluice explain flow.json parts/1.txt",
            "  sluice explain flow.json parts/1.txt --step count",
            "  sluice explain flow.json parts/",
            "",
            "Exit status: 0 explained; 1 the flow is not valid; 2 wrong usage, or a file that cannot be read."
        })
final class Explain implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private FlowFile file;

    @Parameters(
            index = "1",
            paramLabel = "PATH",
            description = "As seen from the managed directory, or absolute inside it; with / at its end a directory.")
    private String path;

    @Option(
            names = "--step",
            paramLabel = "NAME",
            description = "Only what happens to this step; when not said, to each that uses the path.")
    private @Nullable String step;

    @Option(names = "--directory", description = "The path is a directory.")
    private boolean isDirectory;

    @Mixin
    private ManagedDirectory directory;

    @Override
    public Integer call() {
        FlowFile.Text text = file.read();
        Flow flow = text.orRefuse(spec.commandLine().getErr());
        Contracts contracts = directory.contracts(flow);
        Contract contract;
        try {
            if (step != null) {
                contracts.requireStep(step);
            }
            contract = contract(flow, contracts);
        } catch (IllegalArgumentException e) {
            throw Refusal.misused(Failure.sentence(e));
        }
        Screen screen = Screen.of(spec.commandLine().getOut());
        heading(screen, contract);
        for (Reason reason : contract.reasons()) {
            String place = reason.at().isEmpty() ? "by default" : text.place(reason.at());
            bullet(screen, reason.says() + " (" + place + ")");
        }
        for (String user : step == null ? users(contract, contracts.steps()) : List.of(step)) {
            screen.print("");
            contract.explain(user).forEach(sentence -> bullet(screen, sentence));
        }
        if (path.startsWith("/") && directory.path() == null) {
            screen.print("");
            bullet(screen, "The managed directory is not known; name it with --dir, so that absolute paths are found.");
        }
        return 0;
    }

    private Contract contract(Flow flow, Contracts contracts) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("the path is empty; the managed directory itself is .");
        }
        flow.aliases().stream()
                .filter(alias -> alias.name().equals(path))
                .findFirst()
                .ifPresent(alias -> {
                    throw new IllegalArgumentException("\"" + path + "\" is an alias; ask about what it stands for: "
                            + String.join(", ", alias.paths()));
                });
        return isDirectory ? contracts.directory(path) : contracts.path(path);
    }

    private static void heading(Screen screen, Contract contract) {
        String name = contract.path().isEmpty() ? "the managed directory" : contract.path();
        String kind = contract.kind() == Rule.Kind.DIRECTORY && !contract.path().isEmpty() ? ", a directory" : "";
        Wrap.lines(Printable.text(name + kind), screen.ability().width(), 0, 2)
                .forEach(line -> screen.print(screen.styled(Style.BOLD, line)));
    }

    private static void bullet(Screen screen, String text) {
        Wrap.lines(Printable.text("- " + text), screen.ability().width(), 2, 4).forEach(screen::print);
    }

    /** First who writes it, then who reads it, then who reads what is in it. */
    private static List<String> users(Contract contract, List<String> steps) {
        Stream<String> direct = Stream.concat(contract.producers().stream(), contract.consumers().stream());
        Stream<String> others =
                steps.stream().filter(step -> !contract.producersInside(step).isEmpty());
        return Stream.concat(direct, others).distinct().toList();
    }
}
