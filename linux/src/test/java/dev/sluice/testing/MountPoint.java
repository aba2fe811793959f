package dev.sluice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An empty directory below the build's folder to mount over; closing it leaves no mount behind. */
public final class MountPoint implements AutoCloseable {
    private static final Path ALL = Path.of("target", "mounts").toAbsolutePath();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Path directory;

    private MountPoint(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes one.
     *
     * @param name its name's beginning
     * @return it
     */
    public static MountPoint of(String name) {
        Path directory = ALL.resolve(name + "-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet());
        try {
            return new MountPoint(Files.createDirectories(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the directory, absolute} */
    public Path path() {
        return directory;
    }

    /** {@return the lines of the table of mounts about the directory and what is below it} */
    public List<String> mounts() {
        try {
            return Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> place(line).startsWith(directory))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path place(String line) {
        String escaped = line.split(" ", 6)[4];
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            boolean isEscape = escaped.charAt(i) == '\\';
            name.append(isEscape ? (char) Integer.parseInt(escaped, i + 1, i + 4, 8) : escaped.charAt(i));
            i += isEscape ? 3 : 0;
        }
        return Path.of(new String(name.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        for (String line : mounts().reversed()) {
            Child.Outcome ended =
                    Child.run(List.of("umount", "-l", "--", place(line).toString()));
            if (ended.exit() != 0) {
                throw new AssertionError("a mount is left: " + line + ": " + ended.output());
            }
        }
        Child.run(List.of("find", directory.toString(), "-xdev", "-delete"));
    }
}
