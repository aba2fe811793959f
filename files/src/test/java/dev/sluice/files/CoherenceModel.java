package dev.sluice.files;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aio.AsyncFileStream.Whence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Files as byte arrays, beside the files themselves, on which several streams and outside writers do whatever a random
 * number says; each read must give what the array has.
 */
final class CoherenceModel implements AutoCloseable {
    private static final int MOST = 6_000;

    /** A file's bytes, whoever has it open. */
    private static final class Bytes {
        byte[] all = {};

        void write(long position, byte[] bytes) {
            if (bytes.length == 0) {
                return;
            }
            int end = (int) position + bytes.length;
            all = end > all.length ? Arrays.copyOf(all, end) : all;
            System.arraycopy(bytes, 0, all, (int) position, bytes.length);
        }
    }

    /** A stream, and what it is expected to be. */
    private static final class Reader {
        final CachedStream sync;
        final AsyncCachedStream async;
        final Bytes bytes;
        final boolean appends;
        long position;

        Reader(CachedStream sync, AsyncCachedStream async, Bytes bytes, boolean appends) {
            this.sync = sync;
            this.async = async;
            this.bytes = bytes;
            this.appends = appends;
            this.position = appends ? bytes.all.length : 0;
        }

        void close() throws IOException {
            (sync == null ? async : sync).close();
        }
    }

    private final Path folder;
    private final Random random;
    private final CachedOptions options;
    private final Path[] paths = new Path[3];
    private final Bytes[] named = new Bytes[3];
    private final List<Reader> readers = new ArrayList<>();

    CoherenceModel(Path folder, long seed, FileCache cache) throws IOException {
        this.folder = folder;
        this.random = new Random(seed);
        this.options = CachedOptions.standard().withCache(cache).withChunkSize(700);
        for (int i = 0; i < paths.length; i++) {
            paths[i] = folder.resolve("file" + i);
            Files.write(paths[i], new byte[0]);
            named[i] = new Bytes();
        }
    }

    private byte[] some(int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    void step() throws IOException {
        int file = random.nextInt(paths.length);
        int what = random.nextInt(100);
        if (what < 3 || readers.isEmpty()) {
            open(file);
        } else if (what < 45) {
            read(anyReader());
        } else if (what < 60) {
            seek(anyReader());
        } else if (what < 80) {
            write(anyReader());
        } else if (what < 83) {
            truncate(anyReader());
        } else if (what < 85) {
            close(random.nextInt(readers.size()));
        } else if (what < 94) {
            writeOutside(file);
        } else if (what < 96) {
            truncateOutside(file);
        } else if (what < 97) {
            replace(file);
        } else if (what < 98) {
            options.cache().clear();
        } else {
            readAll(anyReader());
        }
    }

    private Reader anyReader() {
        return readers.get(random.nextInt(readers.size()));
    }

    private void open(int file) throws IOException {
        if (readers.size() > 8) {
            close(0);
        }
        boolean appends = random.nextInt(4) == 0;
        CachedStream sync = appends
                ? CachedStream.open(paths[file], options, READ, APPEND)
                : CachedStream.open(paths[file], options, READ, WRITE);
        boolean isAsync = random.nextBoolean();
        readers.add(new Reader(isAsync ? null : sync, isAsync ? sync.toAsync() : null, named[file], appends));
    }

    private void close(int index) throws IOException {
        readers.remove(index).close();
    }

    private void read(Reader reader) throws IOException {
        int count = random.nextInt(1_500);
        byte[] read;
        if (random.nextBoolean()) {
            read = reader.sync == null ? OnFiles.get(reader.async.readAsync(count)) : reader.sync.read(count);
        } else {
            ByteBuffer target = random.nextBoolean() ? ByteBuffer.allocateDirect(count) : ByteBuffer.allocate(count);
            int result = reader.sync == null ? OnFiles.get(reader.async.readAsync(target)) : reader.sync.read(target);
            assertThat(result).isEqualTo(target.position() == 0 && count > 0 ? -1 : target.position());
            read = new byte[target.flip().remaining()];
            target.get(read);
        }
        check(reader, read, Math.min(count, 700));
    }

    private void readAll(Reader reader) throws IOException {
        check(reader, reader.sync == null ? OnFiles.get(reader.async.readAllAsync()) : reader.sync.readAll(), MOST * 9);
    }

    private void check(Reader reader, byte[] read, int most) {
        byte[] all = reader.bytes.all;
        int from = (int) Math.min(reader.position, all.length);
        byte[] expected = Arrays.copyOfRange(all, from, Math.min(all.length, from + most));
        assertThat(Arrays.mismatch(read, expected))
                .as("read at %d of %d", reader.position, all.length)
                .isEqualTo(-1);
        reader.position += read.length;
        checkPosition(reader);
    }

    private static void checkPosition(Reader reader) {
        assertThat((reader.sync == null ? reader.async : reader.sync).position())
                .as("position")
                .isEqualTo(reader.position);
    }

    private void seek(Reader reader) throws IOException {
        Whence whence = List.of(Whence.START, Whence.CURRENT, Whence.END).get(random.nextInt(3));
        long origin = switch (whence) {
            case START -> 0;
            case CURRENT -> reader.position;
            case END -> reader.bytes.all.length;
        };
        long target = random.nextInt(MOST);
        long offset = target - origin;
        reader.position = target;
        long answer = reader.sync == null
                ? OnFiles.get(reader.async.seekAsync(offset, whence))
                : reader.sync.seek(offset, whence);
        assertThat(answer).isEqualTo(target);
    }

    private void write(Reader reader) throws IOException {
        byte[] bytes = some(1_200);
        long at = reader.appends ? reader.bytes.all.length : reader.position;
        if (at + bytes.length > MOST * 2) {
            return;
        }
        long landed = reader.sync == null ? OnFiles.get(reader.async.writeAsync(bytes)) : reader.sync.write(bytes);
        assertThat(landed).isEqualTo(at);
        reader.bytes.write(at, bytes);
        reader.position = at + bytes.length;
        checkPosition(reader);
    }

    private void truncate(Reader reader) throws IOException {
        int size = random.nextInt(MOST);
        if (reader.sync == null) {
            OnFiles.get(reader.async.truncateAsync(size));
        } else {
            reader.sync.truncate(size);
        }
        reader.bytes.all = Arrays.copyOf(reader.bytes.all, size);
        reader.position = Math.min(reader.position, size);
        checkPosition(reader);
    }

    private void writeOutside(int file) throws IOException {
        byte[] bytes = some(800);
        int at = random.nextInt(MOST);
        try (FileChannel channel = FileChannel.open(paths[file], WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
        named[file].write(at, bytes);
    }

    private void truncateOutside(int file) throws IOException {
        int size = random.nextInt(MOST);
        try (FileChannel channel = FileChannel.open(paths[file], WRITE)) {
            channel.truncate(size);
        }
        named[file].all = Arrays.copyOf(named[file].all, Math.min(size, named[file].all.length));
    }

    /** Who has the old file open goes on with it. */
    private void replace(int file) throws IOException {
        byte[] bytes = some(MOST);
        Path fresh = Files.write(folder.resolve("fresh"), bytes);
        Files.move(fresh, paths[file], StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        named[file] = new Bytes();
        named[file].all = bytes;
    }

    @Override
    public void close() throws IOException {
        for (int i = 0; i < paths.length; i++) {
            assertThat(Files.readAllBytes(paths[i])).isEqualTo(named[i].all);
        }
        for (Reader reader : readers) {
            reader.close();
        }
    }
}
