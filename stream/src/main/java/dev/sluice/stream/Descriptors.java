package dev.sluice.stream;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps some descriptors free: whoever asks which step a process belongs to needs one, and must get one however many files there
 * are. Else a step's process would be taken for a stranger, who waits for nothing. Safe for use by many threads.
 */
final class Descriptors {
    /** Those of this process. */
    static final Descriptors OURS = new Descriptors(limit());

    private static final String LIMIT = "Max open files";
    private static final int MOST_FREE = 256;
    private static final int PART = 8;

    private final int limit;
    private final int most;
    private final AtomicLong refused = new AtomicLong();

    /**
     * Knows none in use.
     *
     * @param limit how many a process may have
     */
    Descriptors(int limit) {
        this.limit = limit;
        most = limit - Math.min(MOST_FREE, limit / PART);
    }

    private static int limit() {
        try {
            return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                    .filter(line -> line.startsWith(LIMIT))
                    .map(line -> line.substring(LIMIT.length()).strip().split(" ", 2)[0])
                    .filter(number -> number.chars().allMatch(Character::isDigit))
                    .mapToLong(Long::parseLong)
                    .mapToInt(number -> (int) Math.min(number, Integer.MAX_VALUE))
                    .findFirst()
                    .orElse(Integer.MAX_VALUE);
        } catch (IOException e) {
            return Integer.MAX_VALUE; // then nothing is known, and nothing kept free
        }
    }

    /**
     * Takes a descriptor for a file, if enough others are left: the kernel gives the lowest one that is free.
     *
     * @param opened the descriptor, or a negated error number
     * @return the same, or EMFILE, negated; then it is closed
     */
    int take(int opened) {
        int taken = takeSpare(opened);
        if (taken == Errno.EMFILE.negated()) {
            refused.incrementAndGet();
        }
        return taken;
    }

    /** The same for what can be done without: nobody is told. */
    int takeSpare(int opened) {
        if (leavesEnough(opened)) {
            return opened;
        }
        Linux.close(opened);
        return Errno.EMFILE.negated();
    }

    /** {@return whether enough others are free behind a descriptor; also true of an error number} */
    boolean leavesEnough(int opened) {
        return opened < most;
    }

    /** {@return what people are to know when one was refused} */
    Optional<String> sentence() {
        long times = refused.get();
        return times == 0
                ? Optional.empty()
                : Optional.of(
                        "the server may have no more than " + limit + " files open, so that steps got an error (EMFILE,"
                                + " too many open files) " + times + (times == 1 ? " time" : " times")
                                + "; each file in memory that has more than " + (SmallFiles.MOST_BYTES >> 10)
                                + " KiB takes one of them: raise the hard limit (ulimit -Hn) and run again");
    }
}
