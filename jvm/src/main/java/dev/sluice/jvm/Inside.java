package dev.sluice.jvm;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The agent's way into a workflow: opens the door of this process, and makes what the {@link Hook} asks. A function of JDK's types
 * alone, since who asks may be of another loader. Stateless.
 */
final class Inside implements Function<Object[], Object> {
    /** For who has found this class. */
    Inside() {}

    /**
     * Goes in.
     *
     * @param given the directory; the step that this process is to begin, or null if it is a process of one; the
     *     folder of temporary files as it was when the program began; what hands keys to watch services of the JDK's
     * @return what is asked from now on, or what went wrong
     */
    @Override
    @SuppressWarnings("unchecked")
    public Object apply(Object[] given) {
        try {
            MeetingPoint.temporary(String.valueOf(given[2]));
            Path directory = Path.of(String.valueOf(given[0]));
            RemoteDoor door = Aside.does(
                    () -> given[1] == null ? RemoteDoor.enter(directory) : begun(directory, String.valueOf(given[1])));
            Territory territory = Territory.of(door, directory);
            Routes.everywhere(territory);
            return new Far(
                    new SluiceFileSystemProvider(FileSystems.getDefault().provider()), territory, door, (BiPredicate<
                                    WatchService, @Nullable WatchKey>)
                            given[3]);
        } catch (IOException | RuntimeException | LinkageError e) {
            return e;
        }
    }

    private static RemoteDoor begun(Path directory, String step) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory + " is no directory");
        }
        RemoteDoor door = RemoteDoor.join(directory, step, true);
        Surroundings.become(step, door.environment().getOrDefault("SLUICE_SESSION", ""));
        return door;
    }
}
