package dev.sluice.files;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.Mounts;
import dev.sluice.linux.Names;
import dev.sluice.linux.OpenFlag;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A file that gets its name when it is complete: nobody ever sees half of it, whenever this ends.
 *
 * <p>It has no name until then where the file system can do that, else a hidden one beside its own. For use by one thread.
 */
final class WholeFile implements AutoCloseable {
    private static final int TRIES = 16;

    private final Path target;
    private final Descriptor descriptor;

    /** Where it has a name of its own already. */
    private @Nullable Path hidden;

    private WholeFile(Path target, Descriptor descriptor, @Nullable Path hidden) {
        this.target = target;
        this.descriptor = descriptor;
        this.hidden = hidden;
    }

    static WholeFile begin(Path target, int mode) throws IOException {
        Path folder = Optional.ofNullable(target.toAbsolutePath().getParent()).orElse(Path.of("/"));
        int flags = OpenFlag.UNNAMED.bits() | OpenFlag.READ_WRITE.bits() | OpenFlag.CLOSE_ON_EXEC.bits();
        int fd = Linux.open(folder, flags, mode);
        if (fd >= 0) {
            return new WholeFile(target, Descriptor.of(target, fd), null);
        }
        if (fd != Errno.EOPNOTSUPP.negated() && fd != Errno.EISDIR.negated()) {
            throw Errno.exception(fd, target.toString(), "creating");
        }
        Path hidden = hiddenName(target);
        return new WholeFile(
                target,
                Descriptor.open(hidden, mode, OpenFlag.READ_WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE),
                hidden);
    }

    private static Path hiddenName(Path target) {
        long random = ThreadLocalRandom.current().nextLong();
        return target.resolveSibling(
                "." + target.getFileName() + "." + HexFormat.of().toHexDigits(random));
    }

    Descriptor descriptor() {
        return descriptor;
    }

    /**
     * Gives it its name.
     *
     * @param replaces whether it may take the place of another file
     */
    void complete(boolean replaces) throws IOException {
        if (replaces) {
            Path beside = hidden == null ? linkBeside() : hidden;
            hidden = beside; // so that it goes if it cannot be moved
            check(rename(beside, 0));
            hidden = null;
        } else if (hidden == null) {
            check(Names.link(descriptor.fd, Names.CURRENT_FOLDER, Mounts.nameOf(target)));
        } else {
            check(rename(hidden, Names.NO_REPLACE));
            hidden = null;
        }
    }

    private int rename(Path from, int flags) {
        return Names.rename(
                Names.CURRENT_FOLDER, Mounts.nameOf(from), Names.CURRENT_FOLDER, Mounts.nameOf(target), flags);
    }

    private Path linkBeside() throws IOException {
        int result = 0;
        for (int i = 0; i < TRIES; i++) {
            Path beside = hiddenName(target);
            result = Names.link(descriptor.fd, Names.CURRENT_FOLDER, Mounts.nameOf(beside));
            if (result >= 0) {
                return beside;
            }
            if (result != Errno.EEXIST.negated()) {
                break;
            }
        }
        throw Errno.exception(result, target.toString(), "giving it a name");
    }

    private void check(int result) throws IOException {
        if (result < 0) {
            throw Errno.exception(result, target.toString(), "giving it its name");
        }
    }

    /** Without its name by now, it is gone. */
    @Override
    public void close() {
        descriptor.close();
        if (hidden != null) {
            Names.remove(Names.CURRENT_FOLDER, Mounts.nameOf(hidden));
        }
    }
}
