package dev.sluice.cli;

import dev.sluice.linux.Pids;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A command that this process runs for a step, in its own place: the same input, output, directory and signals. */
final class Foreground {
    private static final int NO_SUCH_COMMAND = 127;
    private static final int NOT_STARTED = 126;
    private static final int NO_SUCH_FILE = 2;
    private static final Pattern REASON = Pattern.compile("error[=:] ?(\\d+),? ?\\(?([^()]*)\\)?\\s*$");
    private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP", "USR1");
    private static final int FOREGROUND_GROUP = 5;
    private static final int GROUP = 2;
    private static final long FIRST_LOOK_SECONDS = 5;
    private static final long RAREST_LOOK_SECONDS = 320;

    private final Client client;
    private final PrintWriter err;
    private final String step;
    private final Unstarted unstarted;
    private final CompletableFuture<Process> started = new CompletableFuture<>();

    Foreground(Client client, PrintWriter err, String step, Path directory) {
        this.client = client;
        this.err = err;
        this.step = step;
        unstarted = new Unstarted(step, directory, err);
    }

    /** Runs it. {@return the status with which this process ends} */
    int run(List<String> command, Map<String, String> environment) throws IOException {
        SIGNALS.forEach(name -> Signals.take(name, this::passOn)); // what is ignored here is so in the command
        ProcessBuilder builder = new ProcessBuilder(command)
                .inheritIO()
                .directory(Path.of("").toAbsolutePath().toFile());
        builder.environment().putAll(environment);
        String text = String.join(" ", command);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return notStarted(command.getFirst(), String.valueOf(e.getMessage()), text);
        }
        if (!tellStart(process, text)) {
            return told(false, CompletableFuture.completedFuture(null), ended(process));
        }
        CompletableFuture<@Nullable Message> answer = CompletableFuture.supplyAsync(this::next, Foreground::inThread);
        CompletableFuture<Void> _ = answer.handle((message, _) -> {
            if (message == null) {
                process.destroy();
            }
            return null;
        });
        started.complete(process);
        int status = end(process);
        return told(ended(status, ""), answer, status);
    }

    /** Waits for the end of the command, and looks now and then, ever more seldom, whether it waits for who never came. */
    private int end(Process process) {
        long seconds = FIRST_LOOK_SECONDS;
        while (process.onExit()
                .completeOnTimeout(process, seconds, TimeUnit.SECONDS)
                .join()
                .isAlive()) {
            unstarted.look();
            seconds = Math.min(2 * seconds, RAREST_LOOK_SECONDS);
        }
        return process.exitValue();
    }

    /** Tells that it runs: false when the server has ended. A process that the server does not know of is not left to itself. */
    private boolean tellStart(Process process, String text) throws IOException {
        boolean isKnown = false;
        try {
            isKnown = client.askUnlessEnding(Message.of()
                            .with("do", "started")
                            .with("process", process.pid())
                            .with("command", shortened(text)))
                    != null;
        } finally {
            if (!isKnown) {
                ended(process);
            }
        }
        return isKnown;
    }

    private static int ended(Process process) {
        process.destroy();
        return process.onExit().join().exitValue();
    }

    private static void inThread(Runnable task) {
        Thread.ofPlatform().daemon().name("answers").start(task);
    }

    private @Nullable Message next() {
        try {
            return client.next();
        } catch (IOException e) {
            return null;
        }
    }

    private static String shortened(String text) {
        int most = 1000;
        return text.length() <= most ? text : text.substring(0, most) + "...";
    }

    private boolean ended(int status, String command) {
        try {
            client.send(Message.of().with("do", "ended").with("status", status).with("command", shortened(command)));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private int told(boolean isSent, CompletableFuture<@Nullable Message> coming, int status) {
        Message answer;
        try {
            answer = isSent ? coming.join() : null;
        } catch (CompletionException e) {
            say("the end of step " + step + " could not be told: " + Failure.sentence(e));
            return status == 0 ? Refusal.FAILED : status;
        }
        if (answer == null) {
            say("the server has ended before step " + step + "; what the step has written is lost, or not complete");
            return status == 0 ? Refusal.FAILED : status;
        }
        if (answer.number("left") > 0) {
            say("step " + step + " ends later: it has left processes that still run, " + answer.number("left")
                    + " of them");
        }
        for (String sentence : answer.texts("said")) {
            err.println("sluice: " + Printable.text(sentence));
        }
        err.flush();
        boolean isOtherwiseBad = answer.number("status") != 0 && !answer.is("failedStep");
        return status == 0 && isOtherwiseBad ? Refusal.FAILED : status;
    }

    private int notStarted(String program, String message, String text) {
        Matcher reason = REASON.matcher(message);
        boolean isKnown = reason.find();
        boolean isLine = program.indexOf(' ') >= 0; // for a shell, perhaps
        say(program + " cannot be started: " + (isKnown ? reason.group(2) : message)
                + (isLine ? "; a line for a shell is run by -- sh -c 'LINE'" : ""));
        int status = isKnown && Integer.parseInt(reason.group(1)) == NO_SUCH_FILE ? NO_SUCH_COMMAND : NOT_STARTED;
        return toldWithoutStart(status, text);
    }

    /** Runs nothing: the step has failed, so that nobody waits for what it would have made. Its log may have what is said here. */
    int refuse(String why) {
        say(why);
        return toldWithoutStart(Refusal.MISUSED, why);
    }

    private int toldWithoutStart(int status, String text) {
        boolean isSent = ended(status, text);
        return told(isSent, CompletableFuture.completedFuture(isSent ? next() : null), status);
    }

    private void say(String sentence) {
        err.println("sluice exec: " + Printable.text(sentence));
        err.flush();
    }

    /** What a terminal sends by its keys it sends to the command as well. */
    private void passOn(String name, int number) {
        if (name.equals("INT") && isInForeground()) {
            return;
        }
        CompletableFuture<Void> _ = started.thenAccept(process -> {
            if (process.isAlive()) {
                Pids.signal(Math.toIntExact(process.pid()), number);
            }
        });
    }

    /** Does this process's terminal speak to its group? */
    private static boolean isInForeground() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields[GROUP].equals(fields[FOREGROUND_GROUP]);
        } catch (IOException e) {
            return false;
        }
    }
}
