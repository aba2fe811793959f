package dev.sluice.cli;

import dev.sluice.language.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;

/** Asks a user what a first flow needs. One thread at a time. */
final class Dialogue {
    private final BufferedReader in;
    private final PrintWriter out;
    private final int width;

    /**
     * A dialogue.
     *
     * @param width how many characters a line may have
     */
    Dialogue(BufferedReader in, PrintWriter out, int width) {
        this.in = in;
        this.out = out;
        this.width = width;
    }

    /**
     * Asks.
     *
     * @param name what the flow is called unless the user says otherwise
     * @param target where it will be written
     */
    Draft ask(String name, String target) throws IOException {
        say(0, "A flow says which step reads and writes which files. This one becomes " + target + ".");
        say(0, "[...] is what an empty answer means; Ctrl-D ends this and writes nothing.");
        out.println();
        Draft draft = new Draft(answer("Name of the workflow", name));
        while (true) {
            int number = draft.steps().size() + 1;
            out.println();
            String step = answer("Step " + number + ": its name", number == 1 ? "" : "no more steps", "");
            if (step.isEmpty() && number > 1) {
                break;
            }
            if (step.isEmpty() || draft.has(step)) {
                say(2, step.isEmpty() ? "A flow has at least one step." : "There is a step of that name.");
                continue;
            }
            step(draft, step);
        }
        out.println();
        String results = String.join(", ", draft.results());
        draft.keep(understood(
                "What is kept when the run ends",
                results.isEmpty() ? "nothing" : results,
                typed -> typed.isEmpty() ? draft.results() : StepText.paths(typed)));
        return draft;
    }

    private void step(Draft draft, String name) throws IOException {
        List<String> reads = understood("  reads these files or patterns, with commas", "nothing", StepText::paths);
        List<String> writes = understood("  writes", "nothing", StepText::paths);
        draft.add(new Step(name, reads, writes, List.of()));
        for (String path : writes) {
            if (draft.steps().stream()
                            .filter(step -> step.outputs().contains(path))
                            .count()
                    > 1) {
                continue; // its rule was asked for with the first step that writes it
            }
            say(2, "How does " + name + " write " + path + "?");
            option("r", "it may change what it has written, or you do not know; readers wait until it has ended");
            option("a", "it appends only; readers get bytes as they come, until it has ended");
            option("o", "it writes once from front to back and closes; the same, until the close");
            draft.write(path, understood("   ", "r", Dialogue::writing));
        }
    }

    private static Draft.Writing writing(String typed) {
        return switch (typed) {
            case "", "r" -> Draft.Writing.REWRITTEN;
            case "a" -> Draft.Writing.APPENDED;
            case "o" -> Draft.Writing.ONCE;
            default -> throw new IllegalArgumentException("answer r, a or o");
        };
    }

    /** Asks until the answer makes sense. */
    private <T> T understood(String question, String usual, Function<String, T> meaning) throws IOException {
        while (true) {
            try {
                return meaning.apply(answer(question, usual, ""));
            } catch (IllegalArgumentException e) {
                say(2, String.valueOf(e.getMessage()));
            }
        }
    }

    private void say(int indent, String text) {
        Wrap.lines(Printable.text(text), width, indent, indent).forEach(out::println);
    }

    private void option(String letter, String text) {
        Wrap.lines(letter + "  " + text, width, 4, 7).forEach(out::println);
    }

    private String answer(String question, String usual) throws IOException {
        return answer(question, usual, usual);
    }

    private String answer(String question, String usual, String empty) throws IOException {
        while (true) {
            out.print(question + (usual.isEmpty() ? "" : " [" + Printable.text(usual) + "]") + ": ");
            out.flush();
            String line = in.readLine();
            if (line == null) {
                out.println();
                throw Refusal.failed("ended; nothing was written");
            }
            if (line.chars().noneMatch(Character::isISOControl)) {
                return line.isBlank() ? empty : line.strip();
            }
            say(2, "There is a key in it that is no letter, such as an arrow; type it again.");
        }
    }
}
