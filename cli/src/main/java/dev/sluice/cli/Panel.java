package dev.sluice.cli;

import dev.sluice.view.Earlier;
import dev.sluice.view.Facts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A run in a few lines: a lane for each step, and the busiest files. One thread at a time. */
final class Panel {
    private static final int MOST_FILES = 4;
    private static final int MOST_NAME = 20;
    private static final int BAR = 12;
    private static final int NUMBER = 9;
    private static final int RATE = 11;
    private static final int CPU = 6;
    private static final int STATE = 10;
    private static final double PERCENT = 100;
    private static final int SECOND = 1_000_000;

    private final Progression progression;

    Panel(@Nullable Earlier earlier) {
        progression = new Progression(earlier);
    }

    /** What is known, in so many lines at most, each shorter than the terminal is wide. */
    List<String> lines(Facts facts, Ability ability, int most) {
        progression.look(facts);
        List<String> lines = new ArrayList<>();
        int width = Math.max(1, ability.width() - 1);
        lines.add(styled(Screen.Style.BOLD, fit(head(facts, width), width), ability));
        List<Facts.Step> steps = shown(facts);
        List<Facts.File> files = busiest(facts);
        int roomForFiles = Math.min(files.size(), Math.max(0, Math.min(MOST_FILES, most / 3)));
        int roomForSteps = Math.max(0, most - 1 - roomForFiles);
        boolean areAll = steps.size() <= roomForSteps;
        List<Facts.Step> some = areAll ? steps : steps.subList(0, Math.max(0, roomForSteps - 1));
        int name = 0;
        for (Facts.Step step : some) {
            name = Math.max(
                    name, Math.min(MOST_NAME, Printable.text(step.name()).length()));
        }
        for (Facts.Step step : some) {
            lines.add(lane(step, facts, name, width, ability));
        }
        if (!areAll && roomForSteps > 0) {
            lines.add(styled(
                    Screen.Style.FAINT,
                    fit("  and " + Report.counted(steps.size() - some.size(), "more step"), width),
                    ability));
        }
        files.stream().limit(roomForFiles).forEach(file -> lines.add(file(file, facts, width, ability)));
        return lines;
    }

    /** Those that wait or run first, when there are too many. */
    private static List<Facts.Step> shown(Facts facts) {
        List<Facts.Step> steps = facts.steps().stream()
                .filter(step -> !step.state().equals("left out"))
                .toList();
        if (steps.size() <= MOST_NAME) {
            return steps;
        }
        return steps.stream().sorted(Comparator.comparingInt(Panel::order)).toList();
    }

    private static int order(Facts.Step step) {
        return switch (step.state()) {
            case "failed" -> 0;
            case "running", "waiting" -> 1;
            case "expected" -> 2;
            default -> 3;
        };
    }

    private List<Facts.File> busiest(Facts facts) {
        return facts.files().stream()
                .filter(file -> !file.kind().equals("directory"))
                .filter(file -> file.state().equals("growing") || progression.rate(file) > 0)
                .sorted(Comparator.<Facts.File>comparingDouble(file -> -progression.rate(file)))
                .limit(MOST_FILES)
                .toList();
    }

    /** What has room as a whole; the expected end comes before the bytes, and these before how fast they are. */
    private String head(Facts facts, int width) {
        long over = facts.steps().stream()
                .filter(step -> step.state().equals("done") || step.state().equals("left out"))
                .count();
        String done = Printable.text(facts.head().workflow()) + "  "
                + clock(facts.head().micros()) + "  " + over + " of "
                + Report.counted(facts.steps().size(), "step") + " done";
        String written = "  " + Figures.bytes(facts.sums().written()) + " written";
        String rate = progression.rate() > 0 ? ", " + Figures.rate(Math.round(progression.rate()), 1) : "";
        String left = progression
                .left()
                .map(time -> "  about " + clock(time) + " left")
                .orElse("");
        return Stream.of(done + written + rate + left, done + written + left, done + left)
                .filter(text -> text.length() <= width)
                .findFirst()
                .orElse(done);
    }

    private String lane(Facts.Step step, Facts facts, int name, int width, Ability ability) {
        StringBuilder line = new StringBuilder("  ");
        line.append(padded(Printable.text(step.name()), name)).append("  ");
        OptionalDouble done = progression.done(step);
        boolean isOver = step.state().equals("done") || step.state().equals("failed");
        if (done.isPresent() && width >= 70) {
            line.append(styled(
                            Screen.Style.BAR, Bar.of(isOver ? 1 : done.getAsDouble(), BAR, ability.blocks()), ability))
                    .append("  ");
        }
        String state = step.state().equals("waiting") ? "waits" : step.state();
        line.append(styled(style(step), padded(state, STATE), ability));
        if (width >= 50) {
            line.append(behind(load(step, facts), CPU)).append(' ');
        }
        if (width >= 80) {
            line.append(behind("in " + Figures.bytes(step.read()), NUMBER + 3));
            line.append(behind("out " + Figures.bytes(step.written()), NUMBER + 5));
        }
        double rate = progression.rate(step);
        line.append(behind(rate > 0 && !isOver ? Figures.rate(Math.round(rate), 1) : "", RATE));
        String waits = step.waitsFor();
        if (waits != null && !isOver) {
            line.append("  for ").append(waits.isEmpty() ? "." : Printable.text(waits));
        }
        return fit(line.toString(), width);
    }

    /** How many processors have worked for it while it did not wait. */
    private static String load(Facts.Step step, Facts facts) {
        long busy = step.busy();
        return step.begin() == Facts.NEVER || busy < facts.head().micros() / PERCENT
                ? ""
                : String.format(Locale.ROOT, "%.0f %%", step.cpu() * PERCENT / busy);
    }

    private static Screen.Style style(Facts.Step step) {
        return switch (step.state()) {
            case "failed" -> Screen.Style.WRONG;
            case "waiting" -> Screen.Style.DOUBTFUL;
            case "running" -> Screen.Style.GOOD;
            default -> Screen.Style.FAINT;
        };
    }

    private String file(Facts.File file, Facts facts, int width, Ability ability) {
        StringBuilder line = new StringBuilder("    ");
        OptionalDouble done = progression.done(file);
        if (done.isPresent() && width >= 50) {
            line.append(styled(Screen.Style.BAR, Bar.of(done.getAsDouble(), BAR, ability.blocks()), ability))
                    .append("  ");
        }
        line.append(Printable.text(file.path())).append("  ").append(Figures.bytes(file.bytes()));
        for (Facts.Share share : file.shares()) {
            long lag = file.bytes() - share.read();
            if (share.read() > 0 && lag > 0) {
                line.append("  ")
                        .append(Printable.text(share.step()))
                        .append(" is ")
                        .append(Figures.bytes(lag))
                        .append(" behind");
            }
        }
        List<String> waiting = facts.steps().stream()
                .filter(step -> file.path().equals(step.waitsFor()))
                .map(step -> Printable.text(step.name()))
                .toList();
        if (!waiting.isEmpty()) {
            line.append("  ").append(String.join(", ", waiting)).append(waiting.size() == 1 ? " waits" : " wait");
        }
        return fit(line.toString(), width);
    }

    /** Without more than fits; what gives colours takes no room. */
    static String fit(String line, int width) {
        StringBuilder kept = new StringBuilder();
        int taken = 0;
        boolean isCode = false;
        boolean hasCode = false;
        for (int i = 0; i < line.length(); i++) {
            char sign = line.charAt(i);
            isCode |= sign == '\033';
            hasCode |= isCode;
            if (isCode || taken < width) {
                kept.append(sign);
                taken += isCode ? 0 : 1;
            }
            isCode &= sign != 'm';
        }
        return hasCode && taken >= width ? kept + "\033[0m" : kept.toString();
    }

    private static String styled(Screen.Style style, String text, Ability ability) {
        return new Screen(new java.io.PrintWriter(java.io.Writer.nullWriter()), ability).styled(style, text);
    }

    private static String padded(String text, int width) {
        return text.length() > width
                ? text.substring(0, Math.max(0, width - 2)) + ".."
                : text + " ".repeat(width - text.length());
    }

    private static String behind(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /** A step's state, and for what it waits. */
    static String state(Facts.Step step) {
        String waits = step.waitsFor();
        return waits == null ? "runs" : "waits for " + (waits.isEmpty() ? "." : waits);
    }

    static String clock(long micros) {
        long seconds = micros / SECOND;
        return seconds < 60
                ? seconds + " s"
                : seconds < 3600
                        ? seconds / 60 + " min " + seconds % 60 + " s"
                        : seconds / 3600 + " h " + seconds / 60 % 60 + " min";
    }

    /** How it was, in one sentence. */
    static String summary(Facts facts) {
        String taken = Figures.seconds(facts.head().micros() / (double) SECOND);
        String all = Report.counted(facts.steps().size(), "step") + " in " + taken;
        if (facts.steps().size() < 2 || !facts.head().state().equals("succeeded")) {
            return all;
        }
        return all + "; one after the other " + (facts.alone().isMeasured() ? "they took " : "about ")
                + Figures.seconds(facts.alone().micros() / (double) SECOND);
    }
}
