package dev.sluice.jvm;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server of a managed directory that was started by this process; it ends when every step has run. One thread at a time. */
final class ServerProcess {
    /** Several start one at the same time, and only one of these can stay; it may not be ready when the others have ended. */
    private static final Duration OTHER_MAY_COME = Duration.ofSeconds(3);

    private static final List<String> OF_A_STEP = List.of("SLUICE_STEP", "SLUICE_SESSION", "CAPIO_APP_NAME");

    /** Tells the server into which file it prints: it removes that when all has gone well. */
    private static final String LOG = "SLUICE_SERVER_LOG";

    private final List<String> program;
    private final Path directory;
    private final Process process;
    private final Path log;
    private long ended;

    private ServerProcess(List<String> program, Path directory, Process process, Path log) {
        this.program = program;
        this.directory = directory;
        this.process = process;
        this.log = log;
    }

    Path log() {
        return log;
    }

    static ServerProcess start(List<String> program, Path directory, Path flow) throws IOException {
        Path log = Files.createTempFile("sluice-server-", ".log");
        List<String> words = List.of("serve", "--once", "--dir", directory.toString(), "--", flow.toString());
        return new ServerProcess(program, directory, run(program, words, log), log);
    }

    /** In a session of its own, so that what a terminal sends to this process does not end it. */
    private static Process run(List<String> program, List<String> words, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(program);
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .redirectErrorStream(true);
        OF_A_STEP.forEach(builder.environment()::remove);
        builder.environment().put(LOG, log.toString());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException(
                    "the server could not be started; say by server(...) how " + String.join(" ", command)
                            + " is to be",
                    e);
        }
    }

    /** When another one was quicker, this one has ended, and that one is found soon; else there will be none. */
    void refuseIfFailed() throws IOException {
        if (process.isAlive()) {
            return;
        }
        if (ended == 0) {
            ended = System.nanoTime();
        } else if (System.nanoTime() - ended > OTHER_MAY_COME.toNanos()) {
            String last = lastWord();
            throw new FileSystemException(
                    directory.toString(),
                    null,
                    "the server could not be started: "
                            + (last.isEmpty() ? "it has ended with status " + process.exitValue() : last));
        }
    }

    /** {@return what it does by now, for who has waited in vain} */
    String condition() throws IOException {
        String last = lastWord();
        return (process.isAlive() ? "still runs" : "has ended with status " + process.exitValue())
                + (last.isEmpty() ? "" : ", and said last: " + last);
    }

    private String lastWord() throws IOException {
        List<String> said = Files.readAllLines(log);
        return said.isEmpty() ? "" : said.getLast();
    }

    /** Somebody is found who serves. What this one has said is of no use if it is not him. */
    void forgetIfEnded() throws IOException {
        if (!process.isAlive()) {
            Files.deleteIfExists(log);
        }
    }

    /** Ends it, and waits until what stays is on the disk. */
    void stop() throws IOException {
        Process stopping = run(program, List.of("stop", "--dir", directory.toString()), log);
        try {
            stopping.waitFor();
            process.waitFor();
            Files.deleteIfExists(log);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while the server of " + directory + " ends");
        }
    }
}
