package dev.sluice.cli;

import dev.sluice.language.Contract;
import dev.sluice.language.Contracts;
import dev.sluice.stream.Workflow.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a command's input and output lies in the managed directory: the shell has opened that before the step began. A file that
 * flows must not be read so while it grows, since nobody would wait for what is still to come; and what was opened before the
 * directory was mounted is not the file that the other steps see. Both would give wrong results without a word. Immutable.
 */
final class Redirections {
    private static final String DELETED = " (deleted)";
    private static final int MOST_FILES = 10_000;

    private final Path directory;

    /** By descriptor: as seen from the managed directory, or empty where it does not lie in there. */
    private final List<String> paths;

    private Redirections(Path directory, List<String> paths) {
        this.directory = directory;
        this.paths = paths;
    }

    /** {@return those of this process} */
    static Redirections of(Path directory) {
        List<String> paths = new ArrayList<>();
        for (int descriptor = 0; descriptor <= 2; descriptor++) {
            paths.add(path(directory, descriptor));
        }
        return new Redirections(directory, paths);
    }

    private static String path(Path directory, int descriptor) {
        try {
            String name = Files.readSymbolicLink(file(descriptor)).toString();
            Path target = Path.of(name.endsWith(DELETED) ? name.substring(0, name.length() - DELETED.length()) : name);
            Path root = directory.toRealPath();
            return target.startsWith(root) ? root.relativize(target).toString() : "";
        } catch (IOException e) {
            return ""; // it is closed, or nobody can say what it is
        }
    }

    private static Path file(int descriptor) {
        return Path.of("/proc/self/fd", Integer.toString(descriptor));
    }

    /** {@return a request with the question which of them flow} */
    Message asked(Message request) {
        return paths.stream().allMatch(String::isEmpty) ? request : request.with("opened", paths);
    }

    /** {@return the server's answer to that question: which flow, and which of these are not complete yet} */
    static Message answer(Execution execution, String step, List<String> opened) {
        if (opened.isEmpty()) {
            return Message.of();
        }
        Contracts contracts = Contracts.of(execution.flow());
        List<String> flowing = opened.stream()
                .filter(path -> !path.isEmpty())
                .filter(path -> isFlowing(contracts.file(path), step))
                .distinct()
                .toList();
        if (flowing.isEmpty()) {
            return Message.of();
        }
        Snapshot snapshot = execution.snapshot(MOST_FILES);
        Set<String> over = new HashSet<>();
        snapshot.steps().stream().filter(Snapshot.StepState::isOver).forEach(each -> over.add(each.name()));
        List<String> growing = snapshot.files().stream()
                .filter(file -> flowing.contains(file.path()) && !over.containsAll(file.producers()))
                .filter(file -> Set.of("expected", "before", "growing").contains(file.state()))
                .map(Snapshot.FileState::path)
                .toList();
        return Message.of().with("flowing", flowing).with("growing", growing);
    }

    /** What no other step reads, such as a log, is as well in the plain directory. */
    private static boolean isFlowing(Contract contract, String step) {
        return !contract.isExcluded()
                && !contract.producers().isEmpty()
                && !contract.consumers().isEmpty()
                && (contract.isProducer(step) || contract.isConsumer(step));
    }

    /** {@return what is wrong with them, by what the server has answered; null when nothing is} */
    @Nullable
    String trouble(Message answer, String step) throws IOException {
        Set<String> flowing = new HashSet<>(answer.texts("flowing"));
        Set<String> growing = new HashSet<>(answer.texts("growing"));
        for (int descriptor = 0; descriptor < paths.size(); descriptor++) {
            String path = paths.get(descriptor);
            boolean isInput = descriptor == 0;
            if (flowing.contains(path)
                    && (isBeneath(descriptor) || (isInput && (growing.contains(path) || isAnother(path))))) {
                return path + " was opened by the shell before step " + step + " began, so "
                        + (isInput ? "reading it would not wait for what comes" : "no other step would see what comes")
                        + "; let the step open it: sluice exec --step " + step + " -- sh -c '... "
                        + List.of("<", ">", "2>").get(descriptor) + " FILE'";
            }
        }
        return null;
    }

    /** Is it in the plain directory, beneath the mount? */
    private boolean isBeneath(int descriptor) throws IOException {
        return !Files.getAttribute(file(descriptor), "unix:dev").equals(Files.getAttribute(directory, "unix:dev"));
    }

    /** Has the path come to another file than the input? */
    private boolean isAnother(String path) throws IOException {
        Path now = directory.resolve(path);
        return !Files.exists(now)
                || !Files.getAttribute(file(0), "unix:ino").equals(Files.getAttribute(now, "unix:ino"));
    }
}
