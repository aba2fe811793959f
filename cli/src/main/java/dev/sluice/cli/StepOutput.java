package dev.sluice.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/** Prints what steps print, each line behind its step's name. Safe for use by many threads. */
final class StepOutput {
    private final PrintWriter out;
    private final PrintWriter err;

    /** What is shown below everything else; empty where nothing is. */
    private final LiveBlock block;

    StepOutput(CommandLine command) {
        this(command.getOut(), command.getErr());
    }

    StepOutput(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
        block = new LiveBlock(err);
    }

    /** Prints lines as they come, until the last process that has the other end is gone; in a thread of its own. */
    Thread follow(String step, InputStream lines, boolean isError) {
        return Thread.ofVirtual().name("output of " + step).start(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    print(isError ? err : out, step + " | " + line);
                }
            } catch (IOException e) {
                say("the output of step " + step + " cannot be read any more: " + e.getMessage());
            }
        });
    }

    /** Prints a sentence of our own. */
    void say(String sentence) {
        print(err, "sluice: " + Printable.text(sentence));
    }

    /** Shows lines below everything else, in the place of those that were shown there before. */
    synchronized void show(List<String> lines) {
        block.show(lines);
    }

    /** The terminal has another width. */
    synchronized void resized(int columns) {
        block.resized(columns);
    }

    private synchronized void print(PrintWriter writer, String line) {
        block.hide();
        writer.println(line);
        writer.flush();
        block.showAgain();
    }
}
