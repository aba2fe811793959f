package dev.sluice.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The system calls of io_uring, and the memory it shares with the kernel.
 *
 * <p>Owned by the thread that created it, as {@link Ring} is.
 */
final class RingMemory {
    private static final long SYS_IO_URING_SETUP = 425;
    private static final long SYS_IO_URING_ENTER = 426;
    private static final long SYS_IO_URING_REGISTER = 427;

    private static final int SETUP_CQSIZE = 1 << 3;
    private static final int SETUP_CLAMP = 1 << 4;
    private static final int SETUP_SUBMIT_ALL = 1 << 7;
    private static final int SETUP_COOP_TASKRUN = 1 << 8;
    private static final int SETUP_SINGLE_ISSUER = 1 << 12;
    private static final int SETUP_DEFER_TASKRUN = 1 << 13;
    private static final int SETUP_NO_SQARRAY = 1 << 16;
    private static final int FEATURE_SINGLE_MMAP = 1;

    /** From the newest kernels' to the oldest's. */
    private static final int[] FLAGS_TO_TRY = {
        SETUP_SUBMIT_ALL | SETUP_SINGLE_ISSUER | SETUP_DEFER_TASKRUN | SETUP_NO_SQARRAY,
        SETUP_SUBMIT_ALL | SETUP_SINGLE_ISSUER | SETUP_DEFER_TASKRUN,
        SETUP_SUBMIT_ALL | SETUP_COOP_TASKRUN,
        0
    };

    private static final int PARAMS_BYTES = 120;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_POPULATE = 0x8001;
    private static final long OFFSET_RINGS = 0;
    private static final long OFFSET_ENTRIES = 0x10000000L;
    private static final int ENTRY_BYTES = 64;
    private static final int COMPLETION_BYTES = 16;

    /** The descriptor, negative when the kernel refused: then a negated error number. */
    final int fd;

    final MemorySegment rings;
    final MemorySegment entries;
    final int entryCount;
    final int completionCount;
    final boolean hasEntryArray;
    final int submissionTail;
    final int submissionHead;
    final int submissionArray;
    final int completionHead;
    final int completionTail;
    final int completions;
    final int completionOverflow;

    private RingMemory(int fd, MemorySegment params) {
        this.fd = fd;
        entryCount = params.get(JAVA_INT, 0);
        completionCount = params.get(JAVA_INT, 4);
        hasEntryArray = (params.get(JAVA_INT, 8) & SETUP_NO_SQARRAY) == 0;
        submissionHead = params.get(JAVA_INT, 40);
        submissionTail = params.get(JAVA_INT, 44);
        submissionArray = params.get(JAVA_INT, 64);
        completionHead = params.get(JAVA_INT, 80);
        completionTail = params.get(JAVA_INT, 84);
        completionOverflow = params.get(JAVA_INT, 96);
        completions = params.get(JAVA_INT, 100);
        if (fd < 0) {
            rings = MemorySegment.NULL;
            entries = MemorySegment.NULL;
            return;
        }
        long ringBytes = Math.max(
                completions + (long) completionCount * COMPLETION_BYTES,
                hasEntryArray ? submissionArray + entryCount * 4L : 0);
        rings = map(fd, ringBytes, OFFSET_RINGS);
        entries = map(fd, (long) entryCount * ENTRY_BYTES, OFFSET_ENTRIES);
        if (hasEntryArray) {
            for (int i = 0; i < entryCount; i++) {
                rings.set(JAVA_INT, submissionArray + i * 4L, i);
            }
        }
    }

    static RingMemory create(int entries, int completions) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params = arena.allocate(PARAMS_BYTES, 8);
            int fd = Errno.EINVAL.negated();
            for (int i = 0; i < FLAGS_TO_TRY.length && fd == Errno.EINVAL.negated(); i++) {
                params.fill((byte) 0);
                params.set(JAVA_INT, 8, FLAGS_TO_TRY[i] | SETUP_CQSIZE | SETUP_CLAMP);
                params.set(JAVA_INT, 4, completions);
                fd = (int) call(SYS_IO_URING_SETUP, entries, params.address(), 0, 0, 0);
            }
            if (fd >= 0 && (params.get(JAVA_INT, 20) & FEATURE_SINGLE_MMAP) == 0) {
                Linux.close(fd);
                fd = Errno.ENOSYS.negated();
            }
            return new RingMemory(fd, params);
        }
    }

    private static MemorySegment map(int fd, long bytes, long offset) {
        long address = Native.call(Native.MMAP, 0, bytes, PROT_READ_WRITE, MAP_SHARED_POPULATE, fd, offset);
        if (address < 0 && address > -4096) {
            throw new OutOfMemoryError("io_uring: mapping " + bytes + " bytes failed: " + Errno.describe(address));
        }
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    private static void unmap(MemorySegment memory) {
        long result = Native.call(Native.MUNMAP, memory.address(), memory.byteSize(), 0, 0);
        if (result < 0) {
            throw new AssertionError("io_uring: unmapping failed: " + Errno.describe(result));
        }
    }

    /** Submits and waits; fd and flags name the ring either by descriptor or by registered index. */
    static int enter(int fd, int submit, int minimum, int flags) {
        return (int) call(SYS_IO_URING_ENTER, fd, submit, minimum, flags, 0);
    }

    int register(int what, long address, int count) {
        return (int) call(SYS_IO_URING_REGISTER, fd, what, address, count, 0);
    }

    private static long call(long number, long first, long second, long third, long fourth, long fifth) {
        Scratch scratch = Scratch.take();
        try {
            return Native.once(scratch, number, first, second, third, fourth, fifth, 8);
        } finally {
            scratch.giveBack();
        }
    }

    void close() {
        if (fd >= 0) {
            unmap(entries);
            unmap(rings);
            Linux.close(fd);
        }
    }
}
