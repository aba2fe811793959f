package dev.sluice.stream;

import dev.sluice.stream.Gate.Ask;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who waits, and why.
 *
 * @param step the step that waits, or null for a process of none
 * @param path the file or directory
 * @param why what is waited for, as a sentence
 * @param producers the steps that can end it
 * @param since how long
 */
@SuppressWarnings("exports") // users need not have JSpecify
public record Waiting(@Nullable String step, String path, String why, List<String> producers, Duration since) {
    /** For what somebody waits. */
    public enum Reason {
        /** For the next bytes of a file that is read as it grows. */
        BYTES,
        /** For a file's commit. */
        COMMIT,
        /** For room in memory, to write. */
        ROOM
    }

    /** Copies the list. */
    public Waiting {
        producers = List.copyOf(producers);
    }

    static Waiting of(Wait wait) {
        Stream stream = wait.stream;
        Session session = wait.request.session();
        List<String> producers = stream.producers(session);
        String who = session == null ? "a process" : "step " + session.step();
        Ask ask = wait.ask;
        if (ask == null) {
            List<String> readers = stream.contract.consumers();
            String full = who + " writes " + stream.path()
                    + " and waits: memory is full until more of it is read; read by " + String.join(", ", readers);
            return new Waiting(
                    session == null ? null : session.step(),
                    stream.path(),
                    full,
                    readers,
                    Duration.ofNanos(System.nanoTime() - wait.since));
        }
        String what = switch (ask) {
            case OPEN -> "opens";
            case WRITE -> "changes";
            case READ -> "reads";
            case STAT, STAT_OPEN -> "asks about";
        };
        String until = switch (stream.phase) {
            case EXPECTED -> "it has not been created yet";
            case PRIOR -> "it is from before the run, and may be made anew";
            default ->
                ask == Ask.READ && stream.fire() == dev.sluice.language.FireRule.NO_UPDATE
                        ? "nothing is written there yet"
                        : "it is not complete, which it is " + stream.contract.commit();
        };
        String why = who + " " + what + " " + stream.path() + " and waits: " + until + "; produced by "
                + String.join(", ", producers);
        return new Waiting(
                session == null ? null : session.step(),
                stream.path(),
                why,
                producers,
                Duration.ofNanos(System.nanoTime() - wait.since));
    }
}
