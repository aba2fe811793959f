package dev.sluice.cli;

import dev.sluice.cli.Screen.Style;
import dev.sluice.stream.Waiting;
import dev.sluice.stream.Workflow.Snapshot;
import dev.sluice.stream.Workflow.Snapshot.FileState;
import dev.sluice.stream.Workflow.Snapshot.StepState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How far a workflow is: as a message, and as tables for people. */
final class Overview {
    private static final int GAP = 2;
    private static final int NARROWEST = 8;

    private Overview() {}

    static Message message(Execution execution, int most) {
        Snapshot snapshot = execution.snapshot(most);
        Map<String, Integer> processes = execution.processes();
        return Message.of()
                .with("ok", true)
                .with("workflow", execution.flow().name())
                .with("directory", execution.directory())
                .with("process", ProcessHandle.current().pid())
                .with("memory", snapshot.memory())
                .with(
                        "steps",
                        snapshot.steps().stream()
                                .map(step -> step(step, processes.getOrDefault(step.name(), 0)))
                                .toList())
                .with("files", snapshot.files().stream().map(Overview::file).toList())
                .with("allFiles", snapshot.allFiles())
                .with("waits", snapshot.waiting().stream().map(Overview::wait).toList())
                .with("allWaits", snapshot.allWaiting());
    }

    private static Message step(StepState step, int processes) {
        String state;
        if (step.running() > 0) {
            state = "running";
        } else if (step.hasFailed()) {
            state = "failed";
        } else if (step.expected() == 0) {
            state = "left out";
        } else if (step.isOver()) {
            state = "done";
        } else {
            state = step.started() == 0 ? "expected" : "between runs";
        }
        return Message.of()
                .with("name", step.name())
                .with("state", state)
                .with("expected", step.expected())
                .with("started", step.started())
                .with("running", step.running())
                .with("failed", step.hasFailed())
                .with("processes", processes);
    }

    private static Message file(FileState file) {
        return Message.of()
                .with("path", file.path().isEmpty() ? "." : file.path())
                .with("state", file.state())
                .with("bytes", file.bytes())
                .with("producers", file.producers())
                .with("consumers", file.consumers())
                .with("readers", file.readers())
                .with("waiting", file.waiting());
    }

    private static Message wait(Waiting wait) {
        return Message.of()
                .with("step", wait.step() == null ? "" : wait.step())
                .with("path", wait.path().isEmpty() ? "." : wait.path())
                .with("why", wait.why())
                .with("producers", wait.producers())
                .with("seconds", wait.since().toSeconds());
    }

    /** Shows a message as tables. */
    static void show(Message message, Screen screen) {
        String head = Printable.text(message.text("workflow")) + " on " + Printable.text(message.text("directory"))
                + (message.is("run") ? ", run for " : ", served for ")
                + time(message.number("seconds")) + " by process " + message.number("process") + ", with "
                + Figures.bytes(message.number("memory")) + " of files in memory";
        Wrap.lines(head, screen.ability().width(), 0, GAP).forEach(screen::print);
        List<List<String>> steps = new ArrayList<>();
        steps.add(List.of("STEP", "STATE", "RUNS", "PROCESSES"));
        for (Message step : message.messages("steps")) {
            steps.add(List.of(
                    step.text("name"),
                    step.text("state") + (step.is("failed") && step.number("running") > 0 ? ", failed" : ""),
                    step.number("started") + " of " + step.number("expected"),
                    number(step.number("processes"))));
        }
        screen.print("");
        table(steps, screen);
        files(message, screen);
        waits(message, screen);
    }

    private static void files(Message message, Screen screen) {
        List<List<String>> files = new ArrayList<>();
        files.add(List.of("FILE", "STATE", "BYTES", "FROM", "READ BY", "WAITING"));
        for (Message file : message.messages("files")) {
            files.add(List.of(
                    file.text("path"),
                    file.text("state"),
                    Figures.bytes(file.number("bytes")),
                    names(file.texts("producers")),
                    names(file.texts("consumers")),
                    number(file.number("waiting"))));
        }
        if (files.size() > 1) {
            screen.print("");
            table(files, screen);
            more(message.number("allFiles") - files.size() + 1, "file", screen);
        }
    }

    private static void waits(Message message, Screen screen) {
        List<Message> waits = message.messages("waits");
        if (!waits.isEmpty()) {
            screen.print("");
        }
        for (Message wait : waits) {
            String text = Printable.text(wait.text("why")) + " (for " + time(wait.number("seconds")) + ")";
            Wrap.lines(text, screen.ability().width(), 0, GAP).forEach(screen::print);
        }
        more(message.number("allWaits") - waits.size(), "wait", screen);
    }

    private static void more(long count, String what, Screen screen) {
        if (count > 0) {
            screen.print(screen.styled(
                    Style.FAINT, "and " + Report.counted(count, "more " + what) + "; --json --most N tells of more"));
        }
    }

    private static String names(List<String> names) {
        return names.isEmpty() ? "-" : String.join(", ", names);
    }

    private static String number(long number) {
        return number == 0 ? "-" : Long.toString(number);
    }

    private static String time(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        long minutes = seconds / 60;
        return minutes < 60 ? minutes + " min " + seconds % 60 + " s" : minutes / 60 + " h " + minutes % 60 + " min";
    }

    /** Columns as wide as what is in them; the widest are cut when the line would be wider than the screen. */
    private static void table(List<List<String>> rows, Screen screen) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        int total = GAP * (columns - 1);
        for (int i = 0; i < columns; i++) {
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], Printable.text(row.get(i)).length());
            }
            total += widths[i];
        }
        for (; total > screen.ability().width(); total--) {
            int widest = 0;
            for (int i = 1; i < columns; i++) {
                widest = widths[i] > widths[widest] ? i : widest;
            }
            if (widths[widest] <= NARROWEST) {
                break;
            }
            widths[widest]--;
        }
        for (int r = 0; r < rows.size(); r++) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = cut(Printable.text(rows.get(r).get(i)), widths[i]);
                line.append(cell);
                if (i + 1 < columns) {
                    line.append(" ".repeat(widths[i] - cell.length() + GAP));
                }
            }
            screen.print(r == 0 ? screen.styled(Style.FAINT, line.toString()) : line.toString());
        }
    }

    /** The end of a path says more than its middle. */
    private static String cut(String text, int width) {
        if (text.length() <= width) {
            return text;
        }
        int tail = (width - 2) / 2;
        return text.substring(0, width - 2 - tail) + ".." + text.substring(text.length() - tail);
    }
}
