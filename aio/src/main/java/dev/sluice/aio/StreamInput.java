package dev.sluice.aio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A stream as the JDK's input stream. Safe for use by many threads, as its stream is. */
final class StreamInput extends InputStream {
    private final AsyncFileStream stream;

    StreamInput(AsyncFileStream stream) {
        this.stream = stream;
    }

    @Override
    public int read() throws IOException {
        byte[] one = stream.read(1);
        return one.length == 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        return length == 0 ? 0 : stream.read(ByteBuffer.wrap(target, offset, length));
    }

    @Override
    public byte[] readAllBytes() throws IOException {
        return stream.readAll();
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
