package dev.sluice.stream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps what went wrong, for people. Owned by the workflow's lock. */
final class Incidents implements Chronicle {
    private static final int MOST = 1000;

    /** Sentences, and what each is about: the path of a file, or a step behind a slash, which no path begins with. */
    private final Map<String, String> sentences = new LinkedHashMap<>();

    private int more;

    private void add(String sentence, String about) {
        if (sentences.size() < MOST) {
            sentences.put(sentence, about);
        } else if (!sentences.containsKey(sentence)) {
            more++;
        }
    }

    private static String of(@Nullable Session session) {
        return "/" + (session == null ? "" : session.step());
    }

    @Override
    public void renewed(Stream stream) {
        sentences.values().removeIf(stream.path()::equals);
    }

    @Override
    public void renewed(String step) {
        sentences.values().removeIf(("/" + step)::equals);
    }

    @Override
    public void failed(Stream stream, @Nullable String step) {
        add(
                stream.path() + " is not complete: " + (step == null ? "a step" : "step " + step)
                        + " that writes it has failed",
                stream.path());
    }

    @Override
    public void hit(Stream stream, @Nullable Session session) {
        add(
                (session == null ? "a process" : "step " + session.step()) + " wanted "
                        + (stream.path().isEmpty() ? "the managed directory" : stream.path())
                        + ", and got an error (EIO) because "
                        + (stream.file != null && stream.file.hasLost
                                ? "not all of it could be stored"
                                : "a step that writes it has failed"),
                of(session));
    }

    @Override
    public void unstored(Handle handle, Refusal reason) {
        for (RegularFile.Link link : handle.file.links) {
            String path = Directory.path(link.parent(), link.name());
            add(
                    path + " is not whole: what "
                            + (handle.session == null ? "a process" : "step " + handle.session.step())
                            + " has written by a mapping could not be stored: " + reason.getMessage(),
                    path);
        }
    }

    @Override
    public void stored(RegularFile file) {
        for (RegularFile.Link link : file.links) {
            sentences.values().removeIf(Directory.path(link.parent(), link.name())::equals);
        }
    }

    @Override
    public void changed(Stream stream, long offset, @Nullable Session writer) {
        add(
                stream.path() + " was changed at byte " + offset + " by "
                        + (writer == null ? "a process" : "step " + writer.step()) + " after "
                        + (stream.reader == null ? "a process" : "step " + stream.reader)
                        + " had read it: its fire rule no_update is for files that are written once; use update",
                "//");
    }

    @Override
    public void late(Stream stream, long offset, @Nullable Session writer) {
        add(
                stream.path() + " was complete when step " + stream.taker + " read it, and "
                        + (writer == null
                                ? "a process of no step wrote into it after that, at byte " + offset
                                        + "; let a step that produces it write it"
                                : "step " + writer.step() + " wrote into it after that, at byte " + offset
                                        + ": its commit rule is too early; use on_termination, or on_close:N when it"
                                        + " is closed N times"),
                "//");
    }

    @Override
    public void replaced(Stream stream, @Nullable String reader, boolean wasComplete, Session writer) {
        add(
                stream.path() + " was replaced by step " + writer.step() + " after "
                        + (reader == null ? "a process" : "step " + reader)
                        + (wasComplete
                                ? " had opened what it was before, when that was complete: its commit rule is too"
                                        + " early; use on_termination"
                                : " had read what it was before: its fire rule no_update is for files that are written"
                                        + " once; use update, and on_termination if it is closed before that"),
                "//");
    }

    @Override
    public void timedOut(Stream stream, @Nullable Session session) {
        add(
                (session == null ? "a process" : "step " + session.step()) + " has waited too long for " + stream.path()
                        + " and got an error (ETIMEDOUT); it is produced by "
                        + String.join(", ", stream.producers(session)),
                of(session));
    }

    @Override
    public void gone(Stream stream, @Nullable Session session) {
        add(
                (session == null ? "a process" : "step " + session.step()) + " wanted " + stream.path()
                        + " from a place that all its readers had passed, and got an error (EIO): memory was short,"
                        + " and that room was used again; let what is more than memory go to disk (--overflow disk),"
                        + " or take more memory",
                of(session));
    }

    @Override
    public void lost(Stream stream) {
        add(
                stream.path()
                        + " is not kept to be looked at: memory was short, and the room of what had been read was used"
                        + " again",
                "//");
    }

    @Override
    public void deadlocked(String sentence, @Nullable Session victim) {
        add(sentence, of(victim));
    }

    /** {@return what went wrong} */
    List<String> all() {
        List<String> all = new ArrayList<>(sentences.keySet());
        if (more > 0) {
            all.add("and " + more + " more of these");
        }
        return all;
    }
}
