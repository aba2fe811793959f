package dev.sluice.stream;

import static dev.sluice.stream.Underlying.bytes;
import static dev.sluice.stream.Underlying.check;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Names;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Gate.Phase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brings to the underlying directory what stays: each file whole, written under another name, brought to the disk and then
 * renamed. What is known to stay is brought as soon as it is complete, by threads of its own: several, since each waits for the
 * disk, which brings what several want at once. Its state is owned by the workflow's lock.
 */
final class Results {
    private static final String INCOMPLETE = ".incomplete";
    private static final int KEEPERS = 8;
    private static final int TRIES = 5;
    private static final int MOST_TOLD = 100;

    private final Waiters waiters;
    private final Naming naming;
    private final Underlying underlying;
    private final Incidents incidents;
    private final Keep keep;
    private final Aside aside;
    private final ExecutorService keepers = keepers();
    private final Map<String, String> troubles = new TreeMap<>();

    Results(Waiters waiters, Naming naming, Underlying underlying, Incidents incidents, Keep keep) {
        this.waiters = waiters;
        this.naming = naming;
        this.underlying = underlying;
        this.incidents = incidents;
        this.keep = keep;
        aside = new Aside(waiters, naming.root, underlying);
    }

    private static ExecutorService keepers() {
        return Executors.newFixedThreadPool(
                KEEPERS, Thread.ofPlatform().daemon().name("keeper-", 0).factory());
    }

    /** Removes what a run that was killed has left half done. {@return how many files} */
    int cleanUp() throws Refusal {
        return aside.cleanUp();
    }

    /** A file is complete. */
    void complete(RegularFile file) {
        Stream stream = file.stream;
        boolean stays = stream == null || (keep != Keep.NONE && (keep == Keep.ALL || staysAnyway(stream)));
        if (stays && !keepers.isShutdown()) {
            keepers.execute(() -> bringNow(file));
        }
    }

    private static boolean staysAnyway(Stream stream) {
        return stream.contract.isPermanent() || stream.contract.consumers().isEmpty();
    }

    private void bringNow(RegularFile file) {
        Aside.Picture picture;
        waiters.enter();
        try {
            picture = picture(file);
            if (picture == null) {
                return;
            }
            file.pins++;
        } finally {
            waiters.leave();
        }
        try {
            boolean _ = aside.bring(picture, ""); // who has changed it meanwhile has it brought again
        } catch (Refusal e) {
            trouble(String.valueOf(path(file)), e);
        } finally {
            waiters.enter();
            try {
                file.pins--;
                Openings.release(file);
            } finally {
                waiters.leave();
            }
        }
    }

    private void trouble(String path, Refusal reason) {
        waiters.enter();
        try {
            troubles.put(path, String.valueOf(reason.getMessage()));
        } finally {
            waiters.leave();
        }
    }

    private static Aside.@Nullable Picture picture(RegularFile file) {
        Stream stream = file.stream;
        Content content = file.content;
        boolean isComplete = stream == null ? file.writers() == 0 : stream.phase == Phase.COMMITTED;
        boolean isReady =
                isComplete && content != null && content.givenBack() == 0 && !file.isBrought() && !file.links.isEmpty();
        return isReady && content != null ? Aside.Picture.of(file, content) : null;
    }

    private static @Nullable String path(RegularFile file) {
        return file.links.isEmpty()
                ? null
                : Streams.path(
                        file.links.getFirst().parent(), file.links.getFirst().name());
    }

    /**
     * Brings what is left of what stays, and lets the rest go.
     *
     * @param hasSucceeded whether all steps have done their work
     */
    Ending finish(boolean hasSucceeded) throws IOException {
        await(keepers);
        List<String> kept = new ArrayList<>();
        int[] dropped = {0};
        List<Runnable> bringing = new ArrayList<>();
        waiters.enter();
        try {
            troubles.clear(); // what could not be brought is tried again: perhaps there is room by now
            finish(naming.root, hasSucceeded, kept, dropped, bringing);
        } finally {
            waiters.leave();
        }
        try (ExecutorService last = keepers()) {
            bringing.forEach(last::execute);
            await(last);
        }
        waiters.enter();
        try {
            kept.removeAll(troubles.keySet());
            List<String> sentences = incidents.all();
            troubles.entrySet().stream()
                    .limit(MOST_TOLD)
                    .map(trouble -> trouble.getKey() + " could not be brought to the disk: " + trouble.getValue()
                            + "; make room or mend the permissions, and run again")
                    .forEach(sentences::add);
            if (troubles.size() > MOST_TOLD) {
                sentences.add("and " + (troubles.size() - MOST_TOLD) + " more could not be brought to the disk");
            }
            return new Ending(kept, dropped[0], sentences, List.of());
        } finally {
            waiters.leave();
        }
    }

    private static void await(ExecutorService pool) throws IOException {
        pool.shutdown();
        try {
            while (!pool.awaitTermination(1, TimeUnit.DAYS)) {}
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while results are brought to the disk; run again", e);
        }
    }

    private void finish(
            Directory directory, boolean hasSucceeded, List<String> kept, int[] dropped, List<Runnable> bringing) {
        for (Entry entry : List.copyOf(directory.entries())) {
            if (entry.node instanceof Directory inside) {
                finish(inside, hasSucceeded, kept, dropped, bringing);
            } else if (entry.node instanceof RegularFile file && file.stream == null) {
                finishStray(directory, entry, file, bringing);
            } else if (entry.node instanceof RegularFile file && file.stream != null) {
                String path = Streams.path(directory, entry.name);
                try {
                    if (finish(path, directory, entry, file, file.stream, hasSucceeded, bringing)) {
                        kept.add(path);
                    } else {
                        dropped[0]++;
                    }
                } catch (Refusal e) {
                    troubles.put(path, String.valueOf(e.getMessage()));
                }
            }
        }
    }

    /** What the flow does not speak of stays in any case. */
    private void finishStray(Directory directory, Entry entry, RegularFile file, List<Runnable> bringing) {
        Content content = file.content;
        if (content == null || !isFirst(file, directory, entry)) {
            return;
        }
        String path = Streams.path(directory, entry.name);
        if (content.givenBack() > 0 && !file.isBrought()) {
            troubles.put(path, "its first bytes were given back when they had been read"); // under its old name
        } else {
            bringing.add(bringing(path, file, content, ""));
        }
    }

    private static boolean isFirst(RegularFile file, Directory directory, Entry entry) {
        return file.links.getFirst().equals(new RegularFile.Link(directory, entry.name));
    }

    /** {@return whether it stays} */
    private boolean finish(
            String path,
            Directory directory,
            Entry entry,
            RegularFile file,
            Stream stream,
            boolean hasSucceeded,
            List<Runnable> bringing)
            throws Refusal {
        boolean isComplete = stream.phase == Phase.COMMITTED;
        boolean stays = keep == Keep.ALL || (keep == Keep.PERMANENT && (staysAnyway(stream) || !hasSucceeded));
        Content content = file.content;
        if (stays && content != null && content.givenBack() > 0) {
            incidents.lost(stream);
            if (hasSucceeded) { // it has got the name of a file that stays
                throw Refusal.of(Errno.ENODATA);
            }
            return false;
        }
        // It is brought with its other names.
        boolean isFirstName = isFirst(file, directory, entry);
        if (stays && isComplete) {
            if (content != null && isFirstName) {
                bringing.add(bringing(path, file, content, ""));
            }
            return true;
        }
        if (!isComplete && stays && content != null && !hasSucceeded) {
            if (isFirstName) {
                bringing.add(bringing(path, file, content, INCOMPLETE)); // to look at
            }
            return false;
        }
        if (isComplete && entry.isBelow) {
            check(Names.remove(underlying.folder(directory), bytes(entry.name)));
            entry.isBelow = false;
        }
        return false;
    }

    private Runnable bringing(String path, RegularFile file, Content content, String suffix) {
        return () -> {
            try {
                for (int i = 0; i < TRIES; i++) {
                    if (isDescribed(file, content, suffix) || aside.bring(picture(file, content), suffix)) {
                        return;
                    }
                }
                trouble(path, Refusal.of(Errno.EBUSY)); // somebody goes on writing, though all steps have ended
            } catch (Refusal e) {
                trouble(path, e);
            }
        };
    }

    private Aside.Picture picture(RegularFile file, Content content) {
        waiters.enter();
        try {
            return Aside.Picture.of(file, content);
        } finally {
            waiters.leave();
        }
    }

    /** Is it below already? Then no more than its attributes may be missing, which are given to it here. */
    private boolean isDescribed(RegularFile file, Content content, String suffix) throws Refusal {
        waiters.enter();
        try {
            boolean isBrought = suffix.isEmpty() && file.isBrought();
            if (isBrought && !file.isDescribed()) {
                aside.describe(Aside.Picture.of(file, content));
            }
            return isBrought;
        } finally {
            waiters.leave();
        }
    }

    void close() {
        keepers.shutdownNow();
        close(naming.root);
    }

    private void close(Directory directory) {
        for (Entry entry : directory.entries()) {
            if (entry.node instanceof Directory inside) {
                close(inside);
            } else if (entry.node instanceof RegularFile file && file.content != null) {
                file.content.close();
                file.content = null;
            }
        }
        if (!directory.isRoot()) {
            underlying.close(directory);
        }
    }
}
