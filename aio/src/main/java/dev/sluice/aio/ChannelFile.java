package dev.sluice.aio;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A file behind a {@link FileChannel}: on systems other than Linux, on file systems other than the default one, and
 * when a channel was handed in.
 *
 * <p>A channel closes when a thread is interrupted in it, so it is only ever called on the context's own threads.
 */
final class ChannelFile extends OpenFile {
    private final FileChannel channel;
    private final boolean owned;
    private final boolean positional;
    private final long origin;
    private final boolean appending;
    private final int alignment;

    /** Of a file that may keep an operation waiting for ever. */
    private final ChannelLane reads;

    private final ChannelLane writes;

    ChannelFile(String name, FileChannel channel, boolean owned, boolean appending, int alignment) {
        super(name);
        this.channel = channel;
        this.owned = owned;
        this.appending = appending;
        this.alignment = alignment;
        long position = positionOf(channel);
        positional = position >= 0;
        origin = Math.max(0, position);
        reads = new ChannelLane(channel);
        writes = new ChannelLane(channel);
    }

    /** Takes an operation that may have to wait for ever; answers false when it is to be made as any call. */
    boolean takes(Operation operation) {
        ChannelLane lane = lane(operation);
        if (positional || lane == null) {
            return false;
        }
        lane.submit(operation);
        return true;
    }

    private @Nullable ChannelLane lane(Operation operation) {
        return switch (operation.kind) {
            case READ -> reads;
            case WRITE -> writes;
            case FORCE, FORCE_DATA -> null;
        };
    }

    @Override
    boolean isStopped(Operation operation) {
        ChannelLane lane = lane(operation);
        return lane != null && lane.stop(operation);
    }

    @Override
    void stopAll(Function<Operation, Throwable> reason) {
        reads.stopAll(reason);
        writes.stopAll(reason);
    }

    private static long positionOf(FileChannel channel) {
        try {
            return channel.position();
        } catch (IOException e) {
            return -1; // a pipe: asking for its position fails with "Illegal seek"
        }
    }

    @Override
    long origin() {
        return origin;
    }

    @Override
    boolean isPositional() {
        return positional;
    }

    @Override
    boolean isAppending() {
        return appending;
    }

    @Override
    int alignment() {
        return alignment;
    }

    @Override
    boolean isCallableHere() {
        return false;
    }

    @Override
    boolean isWorthTryingHere(Operation operation) {
        return false;
    }

    @Override
    long call(Operation operation, boolean mayWait) throws IOException {
        return switch (operation.kind) {
            case READ -> Math.max(0, transfer(operation, next(operation)));
            case WRITE -> transfer(operation, next(operation));
            case FORCE, FORCE_DATA -> {
                force(operation.kind == Operation.Kind.FORCE);
                yield 0;
            }
        };
    }

    /** Where the bytes of the operation are, or go, that are next. */
    static ByteBuffer next(Operation operation) {
        Pieces pieces = operation.pieces;
        if (pieces != null) {
            pieces.prepare(operation.done);
            MemorySegment slice = pieces.slice();
            return slice.asSlice(0, Math.min(slice.byteSize(), Memory.BLOCK_MAX))
                    .asByteBuffer();
        }
        long length = Math.min(operation.length - operation.done, Memory.BLOCK_MAX);
        return operation.memory.asSlice(operation.done, length).asByteBuffer();
    }

    private int transfer(Operation operation, ByteBuffer buffer) throws IOException {
        if (operation.kind == Operation.Kind.READ) {
            return positional ? channel.read(buffer, operation.offset()) : channel.read(buffer);
        }
        return positional ? channel.write(buffer, operation.offset()) : channel.write(buffer);
    }

    @Override
    boolean isAppendShort(long bytes) {
        return false;
    }

    @Override
    long appendSome(MemorySegment memory) throws IOException {
        return channel.write(memory.asByteBuffer());
    }

    @Override
    long position() throws IOException {
        return channel.position();
    }

    @Override
    long size() throws IOException {
        return channel.size();
    }

    @Override
    void truncate(long size) throws IOException {
        if (size <= channel.size()) {
            channel.truncate(size);
        } else {
            grow(size);
        }
    }

    /** Without a call for it, the best that can be done is to make the file long enough. */
    @Override
    void allocate(long position, long length) throws IOException {
        if (position + length > channel.size()) {
            grow(position + length);
        }
    }

    private void grow(long size) throws IOException {
        if (!appending) {
            channel.write(ByteBuffer.allocate(1), size - 1);
            return;
        }
        // Whatever the position, the bytes go to the end.
        for (long missing = size - channel.size(); missing > 0; missing = size - channel.size()) {
            channel.write(ByteBuffer.allocate((int) Math.min(missing, Memory.BLOCK_MAX)));
        }
    }

    @Override
    void force(boolean metadata) throws IOException {
        channel.force(metadata);
    }

    @Override
    void close() throws IOException {
        if (owned) {
            channel.close();
        }
    }
}
