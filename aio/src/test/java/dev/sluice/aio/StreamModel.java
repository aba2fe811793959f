package dev.sluice.aio;

import dev.sluice.aio.AsyncFileStream.Whence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A file and a cursor in memory, so plain that they must be right, and the calls on both. */
final class StreamModel {
    private static final LineOptions LINES = LineOptions.DEFAULT.withKeepSeparator(true);

    private byte[] bytes = {};
    private int position;

    byte[] bytes() {
        return bytes;
    }

    int position() {
        return position;
    }

    /** A call; what it answers is told as text, so that answers are easily compared. */
    sealed interface Action {
        String on(StreamModel model);

        String on(AsyncFileStream stream) throws IOException;

        CompletableFuture<String> start(AsyncFileStream stream);
    }

    record Read(int count) implements Action {
        @Override
        public String on(StreamModel model) {
            return text(model.take(count));
        }

        @Override
        public String on(AsyncFileStream stream) throws IOException {
            return text(stream.read(count));
        }

        @Override
        public CompletableFuture<String> start(AsyncFileStream stream) {
            return stream.readAsync(count).thenApply(StreamModel::text);
        }
    }

    record Fill(int count, boolean direct) implements Action {
        @Override
        public String on(StreamModel model) {
            byte[] taken = model.take(count);
            return taken.length == 0 && count > 0 ? "-1:" : taken.length + ":" + text(taken);
        }

        @Override
        public String on(AsyncFileStream stream) throws IOException {
            ByteBuffer buffer = buffer();
            return stream.read(buffer) + ":" + text(Sample.filled(buffer));
        }

        @Override
        public CompletableFuture<String> start(AsyncFileStream stream) {
            ByteBuffer buffer = buffer();
            return stream.readAsync(buffer).thenApply(read -> read + ":" + text(Sample.filled(buffer)));
        }

        private ByteBuffer buffer() {
            return direct ? ByteBuffer.allocateDirect(count) : ByteBuffer.allocate(count);
        }
    }

    record ReadAll() implements Action {
        @Override
        public String on(StreamModel model) {
            return text(model.take(Integer.MAX_VALUE));
        }

        @Override
        public String on(AsyncFileStream stream) throws IOException {
            return text(stream.readAll());
        }

        @Override
        public CompletableFuture<String> start(AsyncFileStream stream) {
            return stream.readAllAsync().thenApply(StreamModel::text);
        }
    }

    /** Writes, with a line feed now and then. */
    record Write(int count, byte what) implements Action {
        @Override
        public String on(StreamModel model) {
            return String.valueOf(model.put(source()));
        }

        @Override
        public String on(AsyncFileStream stream) throws IOException {
            return String.valueOf(stream.write(source()));
        }

        @Override
        public CompletableFuture<String> start(AsyncFileStream stream) {
            return stream.writeAsync(ByteBuffer.wrap(source())).thenApply(String::valueOf);
        }

        private byte[] source() {
            byte[] source = new byte[count];
            Arrays.fill(source, (byte) ('a' + (what & 15)));
            for (int i = what & 7; i < count; i += 11) {
                source[i] = '\n';
            }
            return source;
        }
    }

    record Seek(int offset, Whence whence) implements Action {
        @Override
        public String on(StreamModel model) {
            int origin = switch (whence) {
                case START -> 0;
                case CURRENT -> model.position;
                case END -> model.bytes.length;
            };
            if (origin + offset < 0) {
                return "refused";
            }
            model.position = origin + offset;
            return String.valueOf(model.position);
        }

        @Override
        public String on(AsyncFileStream stream) throws IOException {
            try {
                return String.valueOf(stream.seek(offset, whence));
            } catch (IllegalArgumentException e) {
                return "refused";
            }
        }

        @Override
        public CompletableFuture<String> start(AsyncFileStream stream) {
            return stream.seekAsync(offset, whence).thenApply(String::valueOf).exceptionally(e -> "refused");
        }
    }

    record Truncate(int size) implements Action {
        @Override
        public String on(StreamModel model) {
            model.bytes = Arrays.copyOf(model.bytes, size);
            model.position = Math.min(model.position, size);
            return "truncated";
        }

        @Override
        public String on(AsyncFileStream stream) throws IOException {
            stream.truncate(size);
            return "truncated";
        }

        @Override
        public CompletableFuture<String> start(AsyncFileStream stream) {
            return stream.truncateAsync(size).thenApply(done -> "truncated");
        }
    }

    record ReadLine(int limit) implements Action {
        @Override
        public String on(StreamModel model) {
            int end = model.position;
            while (end < model.bytes.length
                    && end - model.position < limit
                    && (end == model.position || model.bytes[end - 1] != '\n')) {
                end++;
            }
            byte[] line = model.take(Math.max(0, end - model.position));
            return line.length == 0 ? "end" : text(line);
        }

        @Override
        public String on(AsyncFileStream stream) throws IOException {
            return text(stream.readLine(limit, LINES));
        }

        @Override
        public CompletableFuture<String> start(AsyncFileStream stream) {
            return stream.readLineAsync(limit, LINES).thenApply(StreamModel::text);
        }
    }

    private byte[] take(int count) {
        int from = Math.min(position, bytes.length);
        byte[] taken = Arrays.copyOfRange(bytes, from, from + Math.min(count, bytes.length - from));
        position += taken.length;
        return taken;
    }

    private int put(byte[] source) {
        int landed = position;
        if (source.length > 0) {
            if (position + source.length > bytes.length) {
                bytes = Arrays.copyOf(bytes, position + source.length);
            }
            System.arraycopy(source, 0, bytes, position, source.length);
            position += source.length;
        }
        return landed;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String text(Optional<byte[]> line) {
        return line.map(StreamModel::text).orElse("end");
    }
}
