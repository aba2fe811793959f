package dev.sluice.files;

import dev.sluice.aio.AsyncFileStream.Whence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** A cached stream as the JDK's channel. Safe for use by many threads, as its stream is. */
final class CachedChannel implements SeekableByteChannel {
    private final CachedStream stream;

    CachedChannel(CachedStream stream) {
        this.stream = stream;
    }

    private void checkOpen() throws Closed {
        if (!isOpen()) {
            throw new Closed("the stream over " + stream.path() + " is closed: open another to go on");
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        checkOpen();
        return target.hasRemaining() ? stream.read(target) : 0;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        checkOpen();
        int count = source.remaining();
        long _ = stream.write(source);
        return count;
    }

    @Override
    public long position() throws IOException {
        checkOpen();
        return stream.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
        checkOpen();
        long _ = stream.seek(position, Whence.START);
        return this;
    }

    @Override
    public long size() throws IOException {
        checkOpen();
        return stream.size();
    }

    /** As a channel does it: one that is shorter stays as it is. */
    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
        checkOpen();
        if (size < 0 || size < stream.size()) {
            stream.truncate(size);
        } else if (stream.position() > size) {
            long _ = stream.seek(size, Whence.START);
        }
        return this;
    }

    @Override
    public boolean isOpen() {
        return stream.isOpen();
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    @Override
    public String toString() {
        return "channel of " + stream;
    }
}
