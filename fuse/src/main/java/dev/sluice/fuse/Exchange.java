package dev.sluice.fuse;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Events;
import dev.sluice.linux.Transfers;
import dev.sluice.stream.Attributes;
import dev.sluice.stream.Tree;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one request and of its answer. The bytes of a write, and those of an answer, begin at a page. Owned by the
 * thread that serves.
 */
final class Exchange implements Tree.Payload {
    /** The most bytes that a request or an answer carries beside its header; they fit into any user's pipe. */
    static final int MOST = 1 << 19;

    /** Where what belongs to the request's opcode begins. */
    static final int BODY = 40;

    /** Where the bytes of a write begin. */
    static final int WRITTEN = 80;

    private static final int PAGE = 4096;
    private static final int ANSWER_HEADER = 16;
    private static final int ANSWER_WORDS = ANSWER_HEADER / 8;

    /** What the longest request has before its names or bytes, in words of 8 bytes. */
    private static final int HEAD = 16;

    /** What the longest short answer has. */
    private static final int WORDS = 40;

    /** The notification that gives bytes, and what stands before these. */
    private static final int STORE = 4;

    private static final int STORED = 24;
    private static final int NAMES = 2 * PAGE;
    private static final long LOW = 0xFFFF_FFFFL;

    private final MemorySegment in;
    private final MemorySegment out;
    private final MemorySegment body;

    // Numbers are handled on the heap and moved at once: until it is compiled, each access to a segment is slow.
    private final long[] head = new long[HEAD];
    private final long[] words = new long[ANSWER_WORDS + WORDS];
    private final byte[] name = new byte[NAMES];
    private final Attributes attributes = new Attributes();
    private final Duct duct;
    private FuseRequest request;
    private boolean isAnswered;

    /** How many bytes of the write that is served have left the duct for memory or a file. */
    private long given;

    /** Are the bytes of the answer in the duct? */
    private boolean isTaken;

    /** What others see of the request being served; read by who brings an interrupt. */
    private volatile @Nullable FuseRequest served;

    Exchange(Arena arena, FuseRequest request) {
        in = arena.allocate(MOST + 2 * PAGE, PAGE).asSlice(PAGE - WRITTEN);
        out = arena.allocate(MOST + 2 * PAGE, PAGE).asSlice(PAGE - ANSWER_HEADER);
        body = out.asSlice(ANSWER_HEADER);
        duct = new Duct(in.address(), in.byteSize());
        this.request = request;
    }

    /** Waits for a request and answers its length, or a negated error number. */
    long receive(Device device, Events.Sleeper reader) {
        boolean byDuct = duct.expects();
        long length = byDuct ? duct.receive(device, reader) : device.read(reader, in.address(), in.byteSize());
        if (length <= 0) {
            return length;
        }
        if (byDuct) {
            duct.bring(in.address(), Math.min(length, WRITTEN));
        }
        look();
        boolean isLongWrite = intAt(4) == Opcode.WRITE && length >= WRITTEN + Duct.LEAST;
        if (isLongWrite) {
            duct.expectMore();
        } else if (duct.holds() > 0) {
            duct.bring(in.address() + WRITTEN, duct.holds());
            look(); // a head may be longer than that of a write
        }
        return length;
    }

    private void look() {
        MemorySegment.copy(in, JAVA_LONG, 0, head, 0, HEAD);
    }

    /** What was received is served now. */
    void begin(Device device) {
        request.begin(device, intAt(4), longAt(8), intAt(24), intAt(28), intAt(32));
        isAnswered = false;
        given = 0;
        served = request;
    }

    /** A request that has waited is served again. */
    void beginAgain(FuseRequest waited, byte[] bytes) {
        request = waited;
        int length = MemorySegment.ofArray(bytes).get(JAVA_INT_UNALIGNED, 0); // more room than that may be there
        MemorySegment.copy(bytes, 0, in, JAVA_BYTE, 0, length);
        look();
        isAnswered = false;
        served = request;
        waited.beginAgain();
    }

    /** The request waits: its bytes go with it, and the exchange gets another one. */
    void part(FuseRequest next, Spares spares) {
        if (request.kept() == null) {
            address();
            byte[] bytes = spares.take(length());
            MemorySegment.copy(in, JAVA_BYTE, 0, bytes, 0, length());
            request.keep(bytes);
        }
        request = next;
    }

    void end() {
        served = null;
        isTaken = false;
        duct.clear();
    }

    void close() {
        duct.close();
    }

    FuseRequest request() {
        return request;
    }

    /** {@return the request that is being served, if it has this number; asked by other threads} */
    @Nullable
    FuseRequest served(long unique) {
        FuseRequest now = served;
        return now != null && now.unique() == unique ? now : null;
    }

    /** {@return a place for what a file is like} */
    Attributes attributes() {
        return attributes;
    }

    boolean isAnswered() {
        return isAnswered;
    }

    // The request.

    /** {@return the number of the file that it is about} */
    long node() {
        return longAt(16);
    }

    int length() {
        return intAt(0);
    }

    /** Of what was just received: may it take long, because of what it is or because it reads more bytes than so many? */
    boolean isLong(int count) {
        int opcode = intAt(4);
        return opcode == Opcode.READ ? intAt(BODY + 16) > count : Opcode.isLong(opcode);
    }

    /** {@return the thread that asks, of what was just received; 0 when nobody waits for the answer} */
    int asker() {
        return intAt(32);
    }

    /** {@return a number of the request's head} */
    int intAt(int at) {
        return (int) (head[at >> 3] >>> ((at & 4) << 3));
    }

    /** {@return a number of the request's head} */
    long longAt(int at) {
        return head[at >> 3];
    }

    /** {@return a number of a long request} */
    long farAt(long at) {
        return in.get(JAVA_LONG, at);
    }

    /** {@return a name, one char for each byte} */
    String nameAt(int at) {
        int most = Math.min(length() - at, NAMES);
        MemorySegment.copy(in, JAVA_BYTE, at, name, 0, most);
        int length = 0;
        while (length < most && name[length] != 0) {
            length++;
        }
        return new String(name, 0, length, StandardCharsets.ISO_8859_1);
    }

    byte[] bytesAt(long at, int count) {
        return in.asSlice(at, count).toArray(JAVA_BYTE);
    }

    /** Where the bytes of a write are, or those of an answer are to be put. */
    @Override
    public long address() {
        if (request.opcode() != Opcode.WRITE) {
            return body.address();
        }
        long start = in.address() + WRITTEN;
        if (duct.holds() > 0) {
            duct.bring(start + given, duct.holds());
        }
        return start;
    }

    @Override
    public boolean take(int fd, long offset, long count) {
        head(request.unique(), 0, count);
        isTaken = duct.take(out.address(), ANSWER_HEADER, fd, offset, count);
        return isTaken;
    }

    @Override
    public long give(int fd, long offset, long from, long count) {
        if (duct.holds() == 0) {
            return Transfers.pwrite(fd, address() + from, count, offset);
        }
        long result = duct.give(fd, offset, count);
        if (result == Errno.EINVAL.negated()) { // a file that appends, or one of a kind that takes no pages
            return Transfers.pwrite(fd, address() + from, count, offset);
        }
        given += Math.max(0, result);
        return result;
    }

    // The answer.

    /** {@return the memory of the answer, behind its header} */
    MemorySegment body() {
        return body;
    }

    /** Puts a number into a short answer. */
    void put(int at, int value) {
        int word = ANSWER_WORDS + (at >> 3);
        int shift = (at & 4) << 3;
        words[word] = (words[word] & ~(LOW << shift)) | ((value & LOW) << shift);
    }

    /** Puts a number into a short answer. */
    void put(int at, long value) {
        words[ANSWER_WORDS + (at >> 3)] = value;
    }

    /** Zeros at the beginning of a short answer. */
    void clear(int count) {
        Arrays.fill(words, ANSWER_WORDS, ANSWER_WORDS + (count >> 3), 0);
    }

    /** Moves the beginning of the short answer to a place in a long one. */
    void move(int count, long at) {
        MemorySegment.copy(words, ANSWER_WORDS, body, JAVA_LONG, at, count >> 3);
    }

    /** Answers with bytes. */
    void answer(byte[] bytes) {
        MemorySegment.copy(bytes, 0, body, JAVA_BYTE, 0, bytes.length);
        answerBody(bytes.length);
    }

    /** Answers with what was put, so many bytes of it; false when the caller is no longer there to take it. */
    boolean answer(int count) {
        MemorySegment.copy(words, ANSWER_WORDS, body, JAVA_LONG, 0, count >> 3);
        return send(0, count);
    }

    /** Answers with so many bytes of {@link #body}; false when the caller is no longer there to take it. */
    boolean answerBody(int count) {
        if (!isTaken) {
            return send(0, count);
        }
        isTaken = false;
        isAnswered = true;
        return isAccepted(duct.answer(request.device()), 0, count);
    }

    void answer() {
        send(0, 0);
    }

    void refuse(Errno errno) {
        send(errno.negated(), 0);
    }

    /** Answers a system call's negated error number. */
    void refuse(int negated) {
        send(negated, 0);
    }

    private boolean send(int error, int count) {
        boolean isTaken = send(request.device(), request.unique(), error, count);
        isAnswered = true;
        return isTaken;
    }

    /** {@return where the bytes are to be put that the kernel is to keep} */
    long stored() {
        return body.address() + STORED;
    }

    /** Gives the kernel a file's first bytes to keep; false when it does not take them. */
    boolean store(Device device, long node, int count) {
        body.set(JAVA_LONG, 0, node);
        body.set(JAVA_LONG, 8, 0); // their place
        body.set(JAVA_LONG, 16, count);
        head(0, STORE, STORED + (long) count);
        return device.write(out.address(), ANSWER_HEADER + STORED + (long) count) >= 0;
    }

    /** Refuses another request than the one that is served, or sends a notification; false when nobody takes it. */
    boolean send(Device device, long unique, int error, int count) {
        head(unique, error, count);
        return isAccepted(device.write(out.address(), ANSWER_HEADER + count), error, count);
    }

    private void head(long unique, int error, long count) {
        words[0] = ((long) error << Integer.SIZE) | (ANSWER_HEADER + count);
        words[1] = unique;
        MemorySegment.copy(words, 0, out, JAVA_LONG, 0, ANSWER_WORDS);
    }

    private boolean isAccepted(long result, int error, int count) {
        if (result < 0 && !isGone(result)) {
            throw new IllegalStateException("the kernel takes no answer of " + count + " bytes, error " + error
                    + ", to request " + request.opcode() + ": " + Errno.describe(result));
        }
        return result >= 0;
    }

    /** Was the request given up, or the mount unmounted? */
    private static boolean isGone(long result) {
        return result == Errno.ENOENT.negated()
                || result == Errno.ENODEV.negated()
                || result == Errno.EPERM.negated()
                || result == Errno.ENOTCONN.negated()
                || result == Errno.ECONNABORTED.negated();
    }
}
