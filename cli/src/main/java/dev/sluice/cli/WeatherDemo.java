package dev.sluice.cli;

import dev.sluice.fuse.MountOptions;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Limits;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Serial;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the workflow {@link Weather} with and without Sluice, and compares. For one thread. */
final class WeatherDemo {
    /** So long should the steps take, one after the other. */
    private static final double SECONDS = 7;

    private static final long TRIAL = 2L << 20;
    private static final long LARGEST = 256L << 20;
    private static final int FILES = 3; // as large as the first one, at most
    private static final int PATIENCE_SECONDS = 60;

    private final Screen screen;
    private final Path parent;
    private final Relay relay = new Relay();
    private final CountDownLatch idle = new CountDownLatch(1);

    /** Nothing can be mounted, in spite of all hope. */
    static final class NoMountException extends Exception {
        @Serial
        private static final long serialVersionUID = 1;

        NoMountException(IOException cause) {
            super(cause);
        }
    }

    /** How a run went: when its steps worked, how long all of it took, and what its result is. */
    private record Outcome(List<Lane> lanes, double seconds, String checksum) {}

    WeatherDemo(Screen screen, Path parent) {
        this.screen = screen;
        this.parent = parent;
    }

    /**
     * Shows it all.
     *
     * @param asked how much the first step writes; 0 when nobody has said
     */
    void show(long asked) throws Exception {
        long room = room();
        if (Math.max(asked, TRIAL) > room) {
            throw Refusal.failed(parent + " has not enough room: "
                    + Figures.bytes(FILES * Math.max(asked, TRIAL))
                    + " are needed; name another with --directory, or less with --size");
        }
        try (Scratch scratch = new Scratch(parent, () -> screen.print("interrupted; nothing is left behind"))) {
            scratch.first(this::end);
            try {
                Weather.write(scratch.directory());
                compare(scratch.directory(), asked, room);
            } catch (Exception e) {
                if (!scratch.isEnding()) {
                    throw e;
                }
            } finally {
                idle.countDown();
            }
        }
    }

    private void compare(Path folder, long asked, long room) throws Exception {
        screen.heading("Three steps that hand files to each other, and know nothing of Sluice");
        screen.entry("simulate  ", "makes what 40 weather stations measure (awk)");
        screen.entry("clean     ", "drops what cannot be, and smooths the rest (awk)");
        screen.entry("report    ", "sums it up by hour and station (awk, sort)");
        screen.live("  looking how fast this machine is ...");
        long bytes = asked > 0 ? asked : Math.clamp(fitting(folder), TRIAL, Math.min(LARGEST, room));
        List<StepCommand> steps = Weather.steps(folder, bytes);
        screen.live("  through Sluice, at the same time ...");
        Outcome streamed = streamed(folder, steps);
        screen.live("  one after the other ...");
        Outcome plain = plain(folder, steps);
        screen.endLive();
        if (!plain.checksum.equals(streamed.checksum)) {
            throw new IOException("the results differ, which must never be: " + plain.checksum + " and "
                    + streamed.checksum + "; please report it");
        }
        tell(plain, streamed, bytes);
        tellMore();
    }

    /** How much work takes the wanted time, as far as a small piece of it tells. */
    private long fitting(Path folder) throws Exception {
        double seconds = plain(folder, Weather.steps(folder, TRIAL)).seconds;
        return Math.round(SECONDS / Math.max(seconds, 1e-3) * TRIAL) >> 20 << 20;
    }

    private Outcome plain(Path folder, List<StepCommand> steps) throws IOException, InterruptedException {
        List<Lane> lanes = relay.run(steps);
        return outcome(folder, lanes, Timeline.end(lanes));
    }

    private static Outcome streamed(Path folder, List<StepCommand> steps) throws Exception {
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said, true);
        Path directory = folder.resolve(Weather.DIRECTORY);
        long start = System.nanoTime();
        List<Lane> lanes;
        int status;
        StepOutput output = new StepOutput(writer, writer);
        try (Execution execution = begin(directory, output)) {
            Observation observation = new Observation(execution::sessions, start);
            try (observation) {
                status = Run.run(steps, execution, output, Presence.none(output));
            }
            lanes = observation.lanes();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (status != 0) {
            throw new IOException("the steps have failed through Sluice: "
                    + said.toString().strip().replace("\n", "; "));
        }
        return outcome(folder, lanes, seconds);
    }

    private static Execution begin(Path directory, StepOutput output) throws NoMountException, IOException {
        try {
            return Execution.begin(
                    Weather.flow(), directory, Keep.PERMANENT, Limits.usual(), MountOptions.standard(), output);
        } catch (IOException e) {
            throw new NoMountException(e);
        }
    }

    /** Takes the result's checksum, and empties the directory. */
    private static Outcome outcome(Path folder, List<Lane> lanes, double seconds) throws IOException {
        Path directory = folder.resolve(Weather.DIRECTORY);
        byte[] result = Files.readAllBytes(directory.resolve(Weather.RESULT));
        if (result.length == 0) {
            throw new IOException("the last step has written nothing; are awk and sort installed?");
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        return new Outcome(lanes, seconds, sha256(result));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every JDK has it
        }
    }

    private void tell(Outcome plain, Outcome streamed, long bytes) {
        Timeline timeline = new Timeline(screen, Math.max(plain.seconds, streamed.seconds));
        screen.heading("One after the other, in a plain directory: " + Figures.seconds(plain.seconds));
        timeline.print(plain.lanes);
        screen.heading("At the same time, through Sluice: " + Figures.seconds(streamed.seconds));
        timeline.print(streamed.lanes);
        screen.faint(timeline.legend());
        screen.print("");
        screen.verified("the results are the same, byte for byte: sha256 " + plain.checksum.substring(0, 16) + "...");
        double total = plain.lanes.stream().mapToDouble(Lane::taken).sum();
        double longest = plain.lanes.stream().mapToDouble(Lane::taken).max().orElse(total);
        int processors = Runtime.getRuntime().availableProcessors();
        double best = total / Math.max(longest, total / processors);
        double gain = plain.seconds / streamed.seconds;
        String possible = "mounting and unmounting included; no more than " + times(best) + " is possible with "
                + processors + (processors == 1 ? " processor" : " processors") + " and these steps";
        if (gain >= 1) {
            screen.verified(times(gain) + " as fast, " + possible);
        } else {
            screen.text("Not faster here (" + times(gain) + " as fast), " + possible + ": with so little work, mounting"
                    + " takes longer than it saves, or others keep the machine busy. Try --size 32M.");
        }
        screen.faint("The first step wrote about " + Figures.bytes(bytes)
                + ". This is a measurement of this run, no benchmark.");
    }

    private static String times(double ratio) {
        return String.format(Locale.ROOT, "%.1f times", ratio);
    }

    private void tellMore() throws IOException {
        screen.heading("The flow says who writes and reads what");
        Weather.text().lines().forEach(screen::text);
        screen.heading("Try it yourself");
        screen.print("  sluice demo --save weather && cd weather");
        commands();
    }

    /** Writes the workflow down, for users to try. */
    void save(Path folder) throws IOException {
        Files.createDirectories(folder);
        Weather.write(folder);
        screen.heading("The workflow is in " + folder + "; try");
        screen.print("  cd " + Weather.quoted(folder));
        commands();
    }

    /** Commands are not wrapped, so that they can be copied. */
    private void commands() {
        screen.print("  sluice check flow.json");
        screen.print("  sluice run flow.json --dir " + Weather.DIRECTORY + " \\");
        String steps = Weather.steps().stream()
                .map(step -> "    --step '" + step.step() + "=" + step.command() + "'")
                .collect(Collectors.joining(" \\\n"));
        steps.lines().forEach(screen::print);
        screen.print("  head " + Weather.DIRECTORY + "/" + Weather.RESULT);
    }

    private long room() throws IOException {
        long usable = Files.getFileStore(parent).getUsableSpace();
        return Math.max(0, usable - usable / 20) / FILES;
    }

    /** Since the program is told to end: ends what runs, and waits until it is cleaned up after. */
    private void end() {
        relay.stop();
        try {
            boolean _ = idle.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
