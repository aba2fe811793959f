package dev.sluice.aio;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A stream as the JDK's output stream. Safe for use by many threads, as its stream is. */
final class StreamOutput extends OutputStream {
    private final AsyncFileStream stream;

    StreamOutput(AsyncFileStream stream) {
        this.stream = stream;
    }

    @Override
    public void write(int value) throws IOException {
        stream.write(new byte[] {(byte) value});
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        stream.write(ByteBuffer.wrap(source, offset, length));
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
