package dev.sluice.linux;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Descriptors that a test has opened, all closed at its end. */
final class Opened implements AutoCloseable {
    private final List<Integer> descriptors = new ArrayList<>();

    int open(Path path, int mode, OpenFlag... flags) {
        int bits = OpenFlag.CLOSE_ON_EXEC.bits();
        for (OpenFlag flag : flags) {
            bits |= flag.bits();
        }
        int fd = Linux.open(path, bits, mode);
        if (fd < 0) {
            throw new AssertionError("opening " + path + ": " + Errno.describe(fd));
        }
        return add(fd);
    }

    int add(int fd) {
        descriptors.add(fd);
        return fd;
    }

    /** The descriptor that was added at a place. */
    int descriptor(int index) {
        return descriptors.get(index);
    }

    @Override
    public void close() {
        descriptors.forEach(Linux::close);
    }
}
