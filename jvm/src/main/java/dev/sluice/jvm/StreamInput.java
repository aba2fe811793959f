package dev.sluice.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A file behind a door as an {@link InputStream}. The JDK's own stream over a channel believes the size of a growing file; this one
 * reads to the end. One thread at a time.
 */
final class StreamInput extends InputStream {
    private final StreamChannel channel;

    StreamInput(StreamChannel channel) {
        this.channel = channel.uninterruptible();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        return channel.read(ByteBuffer.wrap(into, from, length));
    }

    @Override
    public int available() throws IOException {
        return Math.clamp(channel.size() - channel.position(), 0, Integer.MAX_VALUE);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
