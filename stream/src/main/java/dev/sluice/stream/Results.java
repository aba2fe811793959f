package dev.sluice.stream;

import static dev.sluice.stream.Underlying.bytes;
import static dev.sluice.stream.Underlying.check;

import dev.sluice.language.Contract;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Names;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Gate.Phase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final Streams streams;
    private final Underlying underlying;
    private final Incidents incidents;
    private final Keep keep;
    private final Aside aside;
    private final ExecutorService keepers = keepers();
    private final Map<String, String> troubles = new TreeMap<>();

    /** What has got a name that says so. */
    private final List<String> incomplete = new ArrayList<>();

    Results(Waiters waiters, Naming naming, Streams streams, Underlying underlying, Incidents incidents, Keep keep) {
        this.waiters = waiters;
        this.naming = naming;
        this.streams = streams;
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
        boolean stays = stream == null || file.isStray() || stays(stream.contract, true) || hasNameThatStays(file);
        if (stays && !keepers.isShutdown()) {
            keepers.execute(() -> bringNow(file));
        }
    }

    /** Is what the flow says this of to stay? What it does not speak of is. */
    private boolean stays(@Nullable Contract contract, boolean hasSucceeded) {
        return contract == null
                || keep == Keep.ALL
                || (keep == Keep.PERMANENT
                        && (contract.isPermanent() || contract.consumers().isEmpty() || !hasSucceeded));
    }

    private boolean hasNameThatStays(RegularFile file) {
        return file.links.size() > 1
                && file.links.stream().anyMatch(link -> stays(streams.contract(link.parent(), link.name()), true));
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
            unpin(file);
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
        Content content = file.content;
        boolean isReady = file.isComplete()
                && content != null
                && content.givenBack() == 0
                && !file.isBrought()
                && !file.links.isEmpty();
        return isReady && content != null ? Aside.Picture.of(file, content) : null;
    }

    private static @Nullable String path(RegularFile file) {
        return file.links.isEmpty()
                ? null
                : Directory.path(
                        file.links.getFirst().parent(), file.links.getFirst().name());
    }

    /**
     * Brings what is left of what stays, and lets the rest go.
     *
     * @param hasSucceeded whether all steps have done their work
     */
    Ending finish(boolean hasSucceeded) throws IOException {
        waiters.enter();
        try {
            keepers.shutdown(); // who completes a file from now on has it brought below with the rest
        } finally {
            waiters.leave();
        }
        await(keepers);
        List<String> kept = new ArrayList<>();
        int[] dropped = {0};
        Map<RegularFile, Runnable> bringing = new LinkedHashMap<>();
        waiters.enter();
        try {
            troubles.clear(); // what could not be brought is tried again: perhaps there is room by now
            finish(naming.root, hasSucceeded, kept, dropped, bringing);
        } finally {
            waiters.leave();
        }
        try (ExecutorService last = keepers()) {
            bringing.values().forEach(last::execute);
            await(last);
        }
        waiters.enter();
        try {
            giveTimes();
            kept.removeAll(troubles.keySet());
            List<String> sentences = incidents.all();
            troubles.entrySet().stream()
                    .limit(MOST_TOLD)
                    .map(trouble -> trouble.getKey() + " could not be brought to the disk: " + trouble.getValue()
                            + "; make room or mend the permissions, and run again")
                    .forEach(sentences::add);
            sentences.addAll(aside.unkept(MOST_TOLD));
            if (troubles.size() > MOST_TOLD) {
                sentences.add("and " + (troubles.size() - MOST_TOLD) + " more could not be brought to the disk");
            }
            return new Ending(kept, dropped[0], sentences, whereIncomplete());
        } finally {
            waiters.leave();
        }
    }

    /** A log of a step that has failed is among these: the first thing to look at. */
    private List<String> whereIncomplete() {
        if (incomplete.isEmpty()) {
            return List.of();
        }
        int more = incomplete.size() - 1;
        return List.of(incomplete.getFirst()
                + INCOMPLETE
                + (more == 0
                        ? " holds what there is of a file that is not complete"
                        : " and " + more + " more hold what there is of files that are not complete"));
    }

    private void giveTimes() {
        try {
            aside.giveTimes(naming.root);
        } catch (Refusal e) {
            troubles.put(".", String.valueOf(e.getMessage())); // a directory has gone below
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
            Directory directory,
            boolean hasSucceeded,
            List<String> kept,
            int[] dropped,
            Map<RegularFile, Runnable> bringing) {
        for (Entry entry : List.copyOf(directory.entries())) {
            if (entry.node instanceof Directory inside) {
                finish(inside, hasSucceeded, kept, dropped, bringing);
            } else if (entry.node instanceof RegularFile file) {
                String path = Directory.path(directory, entry.name);
                Contract contract = contract(file, directory, entry, path);
                try {
                    if (contract == null) {
                        finishPlain(path, directory, entry, file, bringing);
                    } else if (finish(path, directory, entry, file, contract, hasSucceeded, bringing)) {
                        kept.add(path);
                    } else if (!isUntouched(file)) {
                        dropped[0]++;
                    }
                } catch (Refusal e) {
                    troubles.put(path, String.valueOf(e.getMessage()));
                }
                underlying.trim();
            }
        }
    }

    /** {@return what the flow says of one of a file's names, or null when it does not speak of it} */
    private @Nullable Contract contract(RegularFile file, Directory directory, Entry entry, String path) {
        Stream stream = file.stream;
        if (stream == null || stream.isOrphan) {
            return null;
        }
        return stream.path().equals(path) ? stream.contract : streams.contract(directory, entry.name);
    }

    /** Has no step written it? */
    private static boolean isUntouched(RegularFile file) {
        Stream stream = file.stream;
        return file.content == null
                && stream != null
                && stream.writers.isEmpty()
                && stream.authors().isEmpty();
    }

    /** What the flow does not speak of stays in any case. */
    private void finishPlain(
            String path, Directory directory, Entry entry, RegularFile file, Map<RegularFile, Runnable> bringing) {
        Content content = file.content;
        if (content == null) {
            return;
        }
        Stream stream = file.stream;
        if (content.givenBack() > 0 && !file.isBrought()) {
            troubles.put(path, "its first bytes were given back when they had been read"); // under its old name
        } else if (stream == null || stream.isOrphan || stream.phase == Phase.COMMITTED) {
            bring(path, file, content, "", bringing);
        } else if (isFirst(file, directory, entry)) {
            incomplete.add(path);
            bring(path, file, content, INCOMPLETE, bringing);
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
            Contract contract,
            boolean hasSucceeded,
            Map<RegularFile, Runnable> bringing)
            throws Refusal {
        Stream stream = Objects.requireNonNull(file.stream);
        boolean isComplete = stream.phase == Phase.COMMITTED;
        boolean stays = stays(contract, hasSucceeded);
        Content content = file.content;
        if (stays && content != null && content.givenBack() > 0) {
            incidents.lost(stream);
            if (hasSucceeded) { // it has got the name of a file that stays
                throw Refusal.of(Errno.ENODATA);
            }
            return false;
        }
        if (stays && isComplete) {
            if (content != null) {
                bring(path, file, content, "", bringing); // with its other names
            }
            return true;
        }
        if (isComplete) {
            if (!isUntouched(file)) { // else it is from before
                drop(directory, entry, file);
            }
        } else if (content == null && file.isNew && !hasSucceeded) {
            incompleteBelow(directory, entry, stays);
            if (stays) {
                incomplete.add(path);
            }
        } else if (stays && content != null && !hasSucceeded && isFirst(file, directory, entry)) {
            incomplete.add(path);
            bring(path, file, content, INCOMPLETE, bringing); // to look at
        }
        return false;
    }

    /** A name goes. Where the file has others, they may stay. */
    private void drop(Directory directory, Entry entry, RegularFile file) throws Refusal {
        if (entry.isBelow) {
            check(Names.remove(underlying.folder(directory), bytes(entry.name)));
            entry.isBelow = false;
        }
        if (file.links.size() > 1) {
            file.links.remove(new RegularFile.Link(directory, entry.name));
        }
    }

    /** A file that was made below, and then got its name, is no result, since its step has failed. */
    private void incompleteBelow(Directory directory, Entry entry, boolean stays) throws Refusal {
        int folder = underlying.folder(directory);
        byte[] name = bytes(entry.name);
        check(
                stays
                        ? Names.rename(folder, name, folder, bytes(Aside.name(entry.name, INCOMPLETE)), 0)
                        : Names.remove(folder, name));
        entry.isBelow = false;
    }

    private void bring(
            String path, RegularFile file, Content content, String suffix, Map<RegularFile, Runnable> bringing) {
        if (!bringing.containsKey(file)) {
            file.pins++; // so that its bytes stay where they are read, whoever opens and closes it meanwhile
            bringing.put(file, bringing(path, file, content, suffix));
        }
    }

    private void unpin(RegularFile file) {
        waiters.enter();
        try {
            file.pins--;
            Openings.release(file);
        } finally {
            waiters.leave();
        }
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
            } finally {
                unpin(file);
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
                return aside.describe(Aside.Picture.of(file, content));
            }
            return isBrought;
        } finally {
            waiters.leave();
        }
    }

    /** Brings nothing more. Afterwards nobody uses descriptors that may mean another file by then. Called without the lock. */
    void stop() {
        waiters.enter();
        try {
            keepers.shutdownNow();
        } finally {
            waiters.leave();
        }
        keepers.close();
    }

    /** Gives bytes and directories back, after {@link #stop}. Called with the lock held. */
    void close() {
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
