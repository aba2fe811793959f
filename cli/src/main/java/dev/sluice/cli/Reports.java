package dev.sluice.cli;

import dev.sluice.view.Earlier;
import dev.sluice.view.Report;
import dev.sluice.view.Shelf;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code report}: shows a run that was kept. One thread at a time. */
@Command(
        name = "report",
        description = "Makes a page of a run that has ended, and opens it where there is a desktop.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "The last " + Shelf.MOST + " runs of run and serve are kept in $XDG_STATE_HOME/sluice/runs, or in"
                    + " ~/.local/state/sluice/runs.",
            "",
            "Examples:",
            "  sluice report                 the last run",
            "  sluice report --list          all that are kept",
            "  sluice report 3 -o third.html the third last one, as a file",
            "  sluice report run.json        one whose facts are in a file",
            "",
            "Exit status: 0 made; 1 there is no such run, or it cannot be read or written; 2 wrong usage."
        })
final class Reports implements Callable<Integer> {
    private static final String OPENER = "xdg-open";

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "RUN",
            description = "Which run: 1 for the last one, 2 for the one before, or a file of its facts.")
    private @Nullable String run;

    @Option(names = "--list", description = "List the runs that are kept.")
    private boolean list;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the page to FILE, and do not open it.")
    private @Nullable Path output;

    @Option(names = "--json", description = "Print the run's facts as JSON, and make no page.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Screen screen = Screen.of(spec.commandLine().getOut());
        if (list) {
            return list(screen);
        }
        Path file = file();
        if (json) {
            screen.print(Printable.json(Files.readString(file).strip()));
            return 0;
        }
        Earlier _ = Earlier.read(file); // is it one?
        String page = Report.page(Files.readString(file).strip());
        Path to = output;
        if (to != null) {
            Target.ofRun(to).write(page);
        } else {
            to = Shelf.page(file);
            Target.ofRun(to).write(page);
            if (hasDesktop()) {
                open(to);
            }
        }
        screen.print(Printable.text(to.toString()));
        return 0;
    }

    private Path file() throws IOException {
        String which = run == null ? "1" : run;
        if (!which.matches("\\d{1,3}")) {
            Path file = Path.of(which);
            if (!Files.isRegularFile(file)) {
                throw Refusal.misused(
                        file + " is no file; name one with a run's facts, or a number: 1 is the last run");
            }
            return file;
        }
        List<Path> kept = kept();
        int number = Integer.parseInt(which);
        if (number < 1 || number > kept.size()) {
            throw Refusal.failed(
                    kept.isEmpty()
                            ? "no run is kept yet; sluice run keeps each one"
                            : "there is no run " + number + "; " + counted(kept.size())
                                    + ", and sluice report --list lists them");
        }
        return kept.get(number - 1);
    }

    private static String counted(int count) {
        return dev.sluice.cli.Report.counted(count, "run") + (count == 1 ? " is kept" : " are kept");
    }

    private static List<Path> kept() throws IOException {
        return Shelf.ofUser().all().stream().limit(Shelf.MOST).toList();
    }

    private int list(Screen screen) throws IOException {
        List<Path> kept = kept();
        for (int i = 0; i < kept.size(); i++) {
            Earlier each = Earlier.read(kept.get(i));
            screen.print(String.format(
                    java.util.Locale.ROOT,
                    "%2d  %s  %10s  %-9s  %s",
                    i + 1,
                    each.begin()
                            .substring(0, Math.min(19, each.begin().length()))
                            .replace('T', ' '),
                    Figures.seconds(each.micros() / 1e6),
                    each.state(),
                    Printable.text(each.workflow())));
        }
        return 0;
    }

    private static boolean hasDesktop() {
        boolean hasScreen = System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null;
        return hasScreen && Ability.isTerminal();
    }

    private static void open(Path page) {
        try {
            Process _ = new ProcessBuilder(OPENER, page.toString())
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            // There is no such program; the page's name is printed in any case.
        }
    }
}
