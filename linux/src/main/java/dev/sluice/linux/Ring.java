package dev.sluice.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.FileSystemException;

/**
 * One io_uring: operations are prepared, submitted many at a time by one system call, and complete in any order.
 *
 * <pre>
 *   prepare ──► submission queue ──enter──► kernel ──► completion queue ──drain──► {@link Completions}
 *              (shared memory)                         (shared memory)
 * </pre>
 *
 * <p>What an operation names (buffers, descriptors, path names) stays valid until it has completed: the kernel uses it
 * until then, also after a cancellation was asked for. The ring is owned by the thread that opened it; one thread at a
 * time, always that one.
 */
public final class Ring implements AutoCloseable {
    /** The index of the one registered buffer, see {@link #registerBuffer}. */
    private static final int REGISTERED_BUFFER = 0;

    private static final VarHandle INT = JAVA_INT.varHandle();

    private static final int OP_READV = 1;
    private static final int OP_WRITEV = 2;
    private static final int OP_FSYNC = 3;
    private static final int OP_READ_FIXED = 4;
    private static final int OP_WRITE_FIXED = 5;
    private static final int OP_POLL_ADD = 6;
    private static final int OP_ASYNC_CANCEL = 14;
    private static final int OP_READ = 22;
    private static final int OP_WRITE = 23;

    private static final int FIXED_FILE = 1;
    private static final int FSYNC_DATASYNC = 1;

    private static final int ENTER_GETEVENTS = 1;
    private static final int ENTER_REGISTERED_RING = 1 << 4;

    private static final int REGISTER_BUFFERS = 0;
    private static final int UNREGISTER_BUFFERS = 1;
    private static final int REGISTER_FILES_UPDATE = 6;
    private static final int REGISTER_FILES2 = 13;
    private static final int REGISTER_RING_FDS = 20;
    private static final int RESOURCES_SPARSE = 1;

    private final RingMemory memory;
    private final MemorySegment rings;
    private final MemorySegment entries;
    private final int entryMask;
    private final int completionMask;
    private final int enterFd;
    private final int enterFlags;
    private int tail;
    private int unsubmitted;
    private boolean closed;

    private Ring(RingMemory memory) {
        this.memory = memory;
        rings = memory.rings;
        entries = memory.entries;
        entryMask = memory.entryCount - 1;
        completionMask = memory.completionCount - 1;
        int index = registerRing();
        enterFd = index >= 0 ? index : memory.fd;
        enterFlags = ENTER_GETEVENTS | (index >= 0 ? ENTER_REGISTERED_RING : 0);
    }

    /**
     * Opens a ring that belongs to the calling thread.
     *
     * @param entries how many operations may be prepared before they are submitted; rounded up to a power of two
     * @param completions how many may be in flight; rounded up to a power of two
     * @return the ring
     * @throws FileSystemException when the kernel refuses; {@link #availability()} says why in a sentence
     */
    public static Ring open(int entries, int completions) throws FileSystemException {
        RingMemory memory = RingMemory.create(entries, Math.max(entries, completions));
        if (memory.fd < 0) {
            throw new FileSystemException("io_uring", null, explain(memory.fd));
        }
        return new Ring(memory);
    }

    /**
     * Says whether io_uring can be used here, by opening a small ring.
     *
     * @return yes, or the reason why not
     */
    public static Availability availability() {
        if (!Linux.availability().available()) {
            return Linux.availability();
        }
        RingMemory memory = RingMemory.create(2, 2);
        memory.close();
        return memory.fd < 0 ? Availability.no(explain(memory.fd)) : Availability.yes("io_uring is available.");
    }

    private static String explain(int result) {
        String why = "io_uring is not available: io_uring_setup answered " + Errno.describe(result);
        if (result == Errno.EPERM.negated() || result == Errno.EACCES.negated()) {
            return why + "; it is forbidden, by the setting kernel.io_uring_disabled or by the container's seccomp"
                    + " profile.";
        } else if (result == Errno.ENOSYS.negated()) {
            return why + "; this kernel has no io_uring, or one older than Linux 5.4, or a sandbox hides it.";
        } else if (result == Errno.ENOMEM.negated()) {
            return why + "; too much memory is locked already: raise ulimit -l or use fewer rings.";
        } else if (result == Errno.EMFILE.negated() || result == Errno.ENFILE.negated()) {
            return why + "; close files or raise ulimit -n.";
        }
        return why + ".";
    }

    /** What drains completions. */
    @FunctionalInterface
    public interface Completions {
        /**
         * Takes one completion.
         *
         * @param userData what the operation was prepared with
         * @param result what the system call of the same name would answer
         */
        void completed(long userData, int result);
    }

    /** {@return how many operations may be prepared before a submission must make room} */
    public int entryCount() {
        return memory.entryCount;
    }

    /**
     * Prepares a read.
     *
     * @param userData given back with the completion
     * @param fd a descriptor, or a registered file's index
     * @param registeredFile which of the two it is
     * @param registeredBuffer whether the bytes lie in the registered buffer
     * @param address where the bytes go
     * @param length how many, at most
     * @param offset the first byte's place, or {@link Linux#CURRENT_POSITION}
     */
    public void read(
            long userData,
            int fd,
            boolean registeredFile,
            boolean registeredBuffer,
            long address,
            int length,
            long offset) {
        int opcode = registeredBuffer ? OP_READ_FIXED : OP_READ;
        prepare(opcode, registeredFile, fd, offset, address, length, 0, userData);
    }

    /**
     * Prepares a write.
     *
     * @param userData given back with the completion
     * @param fd a descriptor, or a registered file's index
     * @param registeredFile which of the two it is
     * @param registeredBuffer whether the bytes lie in the registered buffer
     * @param address where the bytes come from
     * @param length how many, at most
     * @param offset the first byte's place, or {@link Linux#CURRENT_POSITION}
     */
    public void write(
            long userData,
            int fd,
            boolean registeredFile,
            boolean registeredBuffer,
            long address,
            int length,
            long offset) {
        int opcode = registeredBuffer ? OP_WRITE_FIXED : OP_WRITE;
        prepare(opcode, registeredFile, fd, offset, address, length, 0, userData);
    }

    /**
     * Prepares a read into several buffers.
     *
     * @param userData given back with the completion
     * @param fd a descriptor, or a registered file's index
     * @param registeredFile which of the two it is
     * @param iovecs address of the vectors, each of them {@link Linux#IOVEC_BYTES} long
     * @param count how many, at most {@link Linux#IOVECS_MAX}
     * @param offset the first byte's place, or {@link Linux#CURRENT_POSITION}
     */
    public void readv(long userData, int fd, boolean registeredFile, long iovecs, int count, long offset) {
        prepare(OP_READV, registeredFile, fd, offset, iovecs, count, 0, userData);
    }

    /**
     * Prepares a write from several buffers.
     *
     * @param userData given back with the completion
     * @param fd a descriptor, or a registered file's index
     * @param registeredFile which of the two it is
     * @param iovecs address of the vectors, each of them {@link Linux#IOVEC_BYTES} long
     * @param count how many, at most {@link Linux#IOVECS_MAX}
     * @param offset the first byte's place, or {@link Linux#CURRENT_POSITION}
     */
    public void writev(long userData, int fd, boolean registeredFile, long iovecs, int count, long offset) {
        prepare(OP_WRITEV, registeredFile, fd, offset, iovecs, count, 0, userData);
    }

    /**
     * Prepares bringing a file to the disk.
     *
     * @param userData given back with the completion
     * @param fd the descriptor
     * @param metadata whether all metadata too, not only what reading the data needs
     */
    public void fsync(long userData, int fd, boolean metadata) {
        prepare(OP_FSYNC, false, fd, 0, 0, 0, metadata ? 0 : FSYNC_DATASYNC, userData);
    }

    /**
     * Prepares waiting until a file can be read or written, for files opened without blocking.
     *
     * @param userData given back with the completion
     * @param fd the descriptor
     * @param forWriting whether it is to be written
     */
    public void poll(long userData, int fd, boolean forWriting) {
        prepare(OP_POLL_ADD, false, fd, 0, 0, 0, forWriting ? Events.POLL_OUT : Events.POLL_IN, userData);
    }

    /**
     * Prepares asking that another operation be cancelled; that one still completes, with {@link Errno#ECANCELED},
     * {@link Errno#EINTR} or its result.
     *
     * @param userData given back with this operation's own completion
     * @param target what the other was prepared with
     */
    public void cancel(long userData, long target) {
        prepare(OP_ASYNC_CANCEL, false, -1, 0, target, 0, 0, userData);
    }

    private void prepare(
            int opcode, boolean fixedFile, int fd, long offset, long address, int length, int flags, long userData) {
        if (unsubmitted > entryMask) {
            enter(0);
            if (unsubmitted > entryMask) {
                throw new IllegalStateException("io_uring takes no more operations: its submission queue of "
                        + (entryMask + 1) + " is full and the kernel refuses to empty it.");
            }
        }
        long at = (long) (tail & entryMask) << 6;
        int file = fixedFile ? FIXED_FILE << 8 : 0;
        entries.set(JAVA_LONG, at, (long) fd << 32 | opcode | file);
        entries.set(JAVA_LONG, at + 8, offset);
        entries.set(JAVA_LONG, at + 16, address);
        entries.set(JAVA_LONG, at + 24, (long) flags << 32 | (length & 0xFFFFFFFFL));
        entries.set(JAVA_LONG, at + 32, userData);
        entries.set(JAVA_LONG, at + 40, REGISTERED_BUFFER);
        entries.set(JAVA_LONG, at + 48, 0);
        entries.set(JAVA_LONG, at + 56, 0);
        tail++;
        unsubmitted++;
    }

    /** {@return how many operations are prepared and not yet submitted} */
    public int unsubmitted() {
        return unsubmitted;
    }

    /**
     * Submits all that is prepared, in one system call, and waits until a number of completions can be drained.
     *
     * @param minimum that number; 0 does not wait
     * @return 0 or more when the kernel was entered, or a negated error number, of which {@link Errno#EINTR} and
     *     {@link Errno#EAGAIN} pass
     */
    public int enter(int minimum) {
        INT.setRelease(rings, (long) memory.submissionTail, tail);
        int result = RingMemory.enter(enterFd, unsubmitted, minimum, enterFlags);
        if (result > 0) {
            unsubmitted -= result;
        }
        return result;
    }

    /** {@return true when a completion can be drained without entering the kernel} */
    public boolean hasCompletions() {
        int end = (int) INT.getAcquire(rings, (long) memory.completionTail);
        return end != rings.get(JAVA_INT, memory.completionHead);
    }

    /**
     * Hands over all completions that have arrived.
     *
     * @param completions who takes them; may prepare further operations
     * @return how many there were
     */
    public int drain(Completions completions) {
        int count = 0;
        int head = rings.get(JAVA_INT, memory.completionHead);
        int end = (int) INT.getAcquire(rings, (long) memory.completionTail);
        while (head != end) {
            long at = memory.completions + ((long) (head & completionMask) << 4);
            long userData = rings.get(JAVA_LONG, at);
            int result = rings.get(JAVA_INT, at + 8);
            head++;
            INT.setRelease(rings, (long) memory.completionHead, head);
            completions.completed(userData, result);
            count++;
        }
        return count;
    }

    private int registerRing() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment update = arena.allocate(16, 8);
            update.set(JAVA_INT, 0, -1);
            update.set(JAVA_LONG, 8, memory.fd);
            return memory.register(REGISTER_RING_FDS, update.address(), 1) == 1 ? update.get(JAVA_INT, 0) : -1;
        }
    }

    /**
     * Makes a table of registered files, all places empty; operations on registered files cost less.
     *
     * @param places how many
     * @return 0, or a negated error number on kernels that cannot
     */
    public int registerFileTable(int places) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(32, 8);
            request.set(JAVA_INT, 0, places);
            request.set(JAVA_INT, 4, RESOURCES_SPARSE);
            return memory.register(REGISTER_FILES2, request.address(), (int) request.byteSize());
        }
    }

    /**
     * Registers a file in the table, or clears a place. A registered file stays open in the kernel until its place is
     * cleared.
     *
     * @param place which place
     * @param fd the file's descriptor, or -1
     * @return 1, or a negated error number
     */
    public int registerFile(int place, int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment descriptor = arena.allocate(JAVA_INT);
            descriptor.set(JAVA_INT, 0, fd);
            MemorySegment update = arena.allocate(16, 8);
            update.set(JAVA_INT, 0, place);
            update.set(JAVA_LONG, 8, descriptor.address());
            return memory.register(REGISTER_FILES_UPDATE, update.address(), 1);
        }
    }

    /**
     * Registers the one range of memory whose pages the kernel keeps mapped.
     *
     * @param address its start
     * @param length its length, at most 1 GiB
     * @return 0, or a negated error number: {@link Errno#ENOMEM} when it exceeds the limit of locked memory
     */
    public int registerBuffer(long address, long length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment iovec = arena.allocate(Linux.IOVEC_BYTES, 8);
            iovec.set(JAVA_LONG, 0, address);
            iovec.set(JAVA_LONG, 8, length);
            return memory.register(REGISTER_BUFFERS, iovec.address(), 1);
        }
    }

    /** Takes back what {@link #registerBuffer} did; operations under way keep the pages until they have completed. */
    public void unregisterBuffer() {
        memory.register(UNREGISTER_BUFFERS, 0, 0);
    }

    /** Ends the ring. The caller has drained every completion, or else keeps all memory for ever. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            memory.close();
        }
    }
}
