package dev.sluice.aio;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.OpenFlag;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a file is opened: the JDK's options, checked against each other, and what they become in the kernel.
 *
 * @param options the options
 * @param readable whether it can be read
 * @param writable whether it can be written
 */
record Opening(Set<OpenOption> options, boolean readable, boolean writable) {
    /** What a created file's permissions are before the process's mask takes its share: as the JDK has it. */
    private static final int CREATED_MODE = 0666;

    private static final Set<OpenOption> KNOWN = Set.of(
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.CREATE,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.DELETE_ON_CLOSE,
            StandardOpenOption.SPARSE,
            StandardOpenOption.SYNC,
            StandardOpenOption.DSYNC,
            LinkOption.NOFOLLOW_LINKS);

    static Opening of(OpenOption... given) {
        Set<OpenOption> options = new HashSet<>(Arrays.asList(given));
        for (OpenOption option : options) {
            if (!KNOWN.contains(option) && !isDirect(option)) {
                throw new UnsupportedOperationException("open option " + option + " is not supported");
            }
        }
        boolean append = options.contains(StandardOpenOption.APPEND);
        boolean write = append || options.contains(StandardOpenOption.WRITE);
        boolean read = !write || options.contains(StandardOpenOption.READ);
        if (append && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
            throw new IllegalArgumentException("APPEND and TRUNCATE_EXISTING exclude each other: " + options);
        }
        for (OpenOption needsWrite : List.of(
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.CREATE, StandardOpenOption.CREATE_NEW)) {
            if (options.contains(needsWrite) && !write) {
                throw new IllegalArgumentException(needsWrite + " needs WRITE or APPEND: " + options);
            }
        }
        return new Opening(Set.copyOf(options), read, write);
    }

    /** The JDK's {@code ExtendedOpenOption.DIRECT}, known by its name: its package is not a standard one. */
    private static boolean isDirect(OpenOption option) {
        return option instanceof Enum<?> constant && constant.name().equals("DIRECT");
    }

    private boolean direct() {
        return options.stream().anyMatch(Opening::isDirect);
    }

    boolean has(OpenOption option) {
        return options.contains(option);
    }

    /** Opens a file by the kernel's own call where that can be had, else by the JDK's channel. */
    OpenFile open(Path path, PipeOpening.Check stopped) throws IOException {
        if (Linux.availability().available() && path.getFileSystem().equals(FileSystems.getDefault())) {
            boolean mayWait = !(readable && writable) && Linux.isPipe(path);
            int fd = mayWait
                    ? PipeOpening.open(path, flags(), readable, stopped)
                    : Linux.open(path, flags(), CREATED_MODE);
            if (fd < 0) {
                throw Errno.exception(fd, path.toString(), "opening " + purpose());
            }
            DescriptorFile file = DescriptorFile.of(fd, path.toString(), true);
            if (has(StandardOpenOption.DELETE_ON_CLOSE)) {
                deleteName(path);
            }
            return file;
        }
        return openChannel(path);
    }

    /** The file goes with its last descriptor: a name that is deleted later may be another file's by then. */
    private static void deleteName(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // As the JDK has it: who may not delete it can use it all the same.
        }
    }

    ChannelFile openChannel(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, options);
        int alignment = 1;
        if (direct()) {
            alignment = (int) Files.getFileStore(path).getBlockSize();
        }
        return new ChannelFile(path.toString(), channel, true, has(StandardOpenOption.APPEND), alignment);
    }

    private String purpose() {
        return readable ? writable ? "for reading and writing" : "for reading" : "for writing";
    }

    private int flags() {
        OpenFlag access = readable ? writable ? OpenFlag.READ_WRITE : OpenFlag.READ_ONLY : OpenFlag.WRITE_ONLY;
        int flags = access.bits() | OpenFlag.CLOSE_ON_EXEC.bits();
        flags |= bits(StandardOpenOption.APPEND, OpenFlag.APPEND);
        flags |= bits(StandardOpenOption.TRUNCATE_EXISTING, OpenFlag.TRUNCATE);
        flags |= bits(StandardOpenOption.CREATE, OpenFlag.CREATE);
        flags |= bits(StandardOpenOption.CREATE_NEW, OpenFlag.CREATE)
                | bits(StandardOpenOption.CREATE_NEW, OpenFlag.EXCLUSIVE);
        flags |= bits(StandardOpenOption.SYNC, OpenFlag.SYNC);
        flags |= bits(StandardOpenOption.DSYNC, OpenFlag.DATA_SYNC);
        flags |= bits(LinkOption.NOFOLLOW_LINKS, OpenFlag.NO_FOLLOW);
        flags |= bits(StandardOpenOption.DELETE_ON_CLOSE, OpenFlag.NO_FOLLOW); // else it would delete the link
        return direct() ? flags | OpenFlag.DIRECT.bits() : flags;
    }

    private int bits(OpenOption option, OpenFlag flag) {
        return has(option) ? flag.bits() : 0;
    }
}
