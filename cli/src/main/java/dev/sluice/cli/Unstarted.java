package dev.sluice.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells when a step waits for one that nobody has started, as when a manager starts one step after the other, the consumer
 * first: such a wait would last for ever, and say nothing. Each file is told of once. One thread at a time.
 */
final class Unstarted {
    private static final int MOST_WAITS = 1000;

    private final String step;
    private final Path directory;
    private final PrintWriter err;
    private final Set<String> told = new HashSet<>();

    /**
     * Prepares to look.
     *
     * @param step whose waits count
     * @param directory what is served
     * @param err where it is told
     */
    Unstarted(String step, Path directory, PrintWriter err) {
        this.step = step;
        this.directory = directory;
        this.err = err;
    }

    /** Asks the server, and tells what is new. */
    void look() {
        Message status;
        try (Client client = Client.find(directory)) {
            if (client == null) {
                return;
            }
            status = client.ask(Message.of().with("do", "status").with("most", MOST_WAITS));
        } catch (IOException | Refusal e) {
            return; // a server that has gone is told of by the connection that the step has
        }
        for (String sentence : sentences(status)) {
            err.println("sluice exec: " + Printable.text(sentence));
        }
        err.flush();
    }

    /** {@return what is to be told of an answer of the server, but for what was told before} */
    List<String> sentences(Message status) {
        Map<String, Message> steps = new HashMap<>();
        status.messages("steps").forEach(each -> steps.put(each.text("name"), each));
        List<String> sentences = new ArrayList<>();
        for (Message wait : status.messages("waits")) {
            List<String> producers = wait.texts("producers");
            List<String> missing = producers.stream()
                    .filter(each -> isMissing(steps.getOrDefault(each, Message.of())))
                    .toList();
            boolean isVain = !missing.isEmpty()
                    && producers.stream().noneMatch(each -> isAtWork(steps.getOrDefault(each, Message.of())));
            if (wait.text("step").equals(step) && isVain && told.add(wait.text("path"))) {
                boolean isFirst = missing.stream().allMatch(each -> isNew(steps.getOrDefault(each, Message.of())));
                String names = String.join(", ", missing);
                sentences.add("step " + step + " waits for " + wait.text("path") + ", which step " + names
                        + " makes, and nobody has started " + (isFirst ? "" : "the next run of ") + names
                        + "; start it before " + step
                        + " or at the same time, with a job for each (make -j2, parallel -j2, snakemake --cores 2)"
                        + (isThere(status, wait.text("path"))
                                ? "; or, to take the one from before as it is, start the server with --runs "
                                        + String.join("=0 --runs ", missing) + "=0"
                                : ""));
            }
        }
        return sentences;
    }

    /** Is it there from an earlier run? Then a manager has seen no reason to start who makes it. */
    private static boolean isThere(Message status, String path) {
        return status.messages("files").stream()
                .anyMatch(file ->
                        file.text("path").equals(path) && file.text("state").equals("before"));
    }

    private static boolean isMissing(Message step) {
        return step.number("running") == 0 && step.number("started") < step.number("expected");
    }

    private static boolean isNew(Message step) {
        return step.number("started") == 0;
    }

    private static boolean isAtWork(Message step) {
        return step.number("running") > 0;
    }
}
