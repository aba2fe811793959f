package dev.sluice.cli;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server that is started in the background, in a session of its own, so that it lives longer than who needs it first. One
 * thread at a time; of many processes that want one for the same directory, one starts it.
 */
final class Background implements AutoCloseable {
    private static final Duration OTHER_MAY_COME = Duration.ofSeconds(3);
    private static final List<String> OF_A_STEP = List.of("SLUICE_STEP", "SLUICE_SESSION", "CAPIO_APP_NAME");

    private final Path directory;
    private final List<String> words;
    private final Station station;
    private Station.@Nullable Claim claim;
    private @Nullable Process process;
    private long ended;

    /**
     * Prepares one.
     *
     * @param directory what it serves
     * @param words its command line
     */
    Background(Path directory, List<String> words) throws IOException {
        this.directory = directory;
        this.words = words;
        station = Station.of(directory);
    }

    Path log() {
        return station.log();
    }

    /** Starts it, unless it has been started, by this process or by another one. Refuses when it has failed. */
    void start() throws IOException {
        Process server = process;
        if (server != null) {
            refuseIfEnded(server);
            return;
        }
        if (claim == null) {
            claim = station.claimStart();
        }
        if (claim == null || isThere()) {
            return;
        }
        Files.deleteIfExists(log());
        Files.newByteChannel(
                        log(),
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                .close();
        ProcessBuilder builder = new ProcessBuilder(command())
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectOutput(Redirect.appendTo(log().toFile()))
                .redirectErrorStream(true);
        OF_A_STEP.forEach(builder.environment()::remove);
        process = builder.start();
    }

    private boolean isThere() throws IOException {
        try (Client client = Client.find(directory)) {
            return client != null;
        }
    }

    private void refuseIfEnded(Process server) throws IOException {
        if (server.isAlive()) {
            return;
        }
        if (ended == 0) {
            ended = System.nanoTime();
        } else if (System.nanoTime() - ended > OTHER_MAY_COME.toNanos() || server.exitValue() != Refusal.FAILED) {
            List<String> said = Files.readAllLines(log(), StandardCharsets.UTF_8);
            throw Refusal.failed("the server could not be started: "
                    + (said.isEmpty() ? "it has ended with status " + server.exitValue() : said.getLast()));
        }
    }

    /** This program again, with the same options of the JVM. */
    private List<String> command() throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        String[] mine = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8)
                .split("\0", -1);
        command.add(Path.of("/proc/self/exe").toRealPath().toString());
        for (int i = 1; i < mine.length; i++) {
            command.add(mine[i]);
            if (mine[i].endsWith(Main.class.getName())) {
                command.addAll(words);
                return command;
            }
        }
        throw Refusal.failed("a server cannot be started from here; start it with sluice serve");
    }

    @Override
    public void close() throws IOException {
        if (claim != null) {
            claim.close();
            claim = null;
        }
    }
}
