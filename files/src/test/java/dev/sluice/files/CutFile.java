package dev.sluice.files;

import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A process that uses mapped files while they are cut, again and again, until all its code is compiled. */
public final class CutFile {
    private static final int SIZE = 1 << 20;
    private static final int LARGE = 24 << 20;
    private static final int ROUNDS = 400;

    private CutFile() {}

    private interface Use {
        void of(MappedFile file, MappedFile other) throws IOException;
    }

    private static void cut(Path path, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    /** Whether each use of the part that was cut off is told as such. */
    private static void each(MappedFiles files, Path path, MappedFile other, String name, Use use) throws IOException {
        MappedFile file = files.create(path, SIZE, false);
        for (int i = 0; i < ROUNDS; i++) {
            file.resize(SIZE);
            for (int warm = 0; warm < 5; warm++) {
                use.of(file, other);
            }
            file.resize(SIZE);
            cut(path, 5_000);
            try {
                use.of(file, other);
                System.out.println(name + ": nobody noticed in round " + i);
                return;
            } catch (FileSystemException e) {
                if (!e.getMessage().contains("cut to 5000 bytes")) {
                    throw e;
                }
            }
            if (file.refresh() != 5_000 || file.read(0, SIZE).length != 5_000) {
                System.out.println(name + ": what is left cannot be used");
                return;
            }
        }
        file.close();
        System.out.println(name + ": noticed");
    }

    /** Whether memory that cannot be had is told where the file itself is whole: here it is that of another one. */
    private static void together(MappedFiles files, Path path, MappedFile whole) throws IOException {
        try (MappedFile file = files.create(path, SIZE, false)) {
            ByteBuffer target = file.segment().asByteBuffer();
            cut(path, 0);
            int count = whole.read(0, target);
            System.out.println("together: nobody noticed that " + count + " bytes went nowhere");
        } catch (FileSystemException e) {
            System.out.println("together: " + (e.getMessage().contains("no memory") ? "noticed" : e.getMessage()));
        }
    }

    /** Whether large files, which are mapped while they are searched and summed up, may be cut and grow meanwhile. */
    private static void many(MappedFiles files, Path path) throws IOException {
        files.create(path, LARGE, false).close();
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger cuts = new AtomicInteger();
        Thread cutter = Thread.ofPlatform().start(() -> {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                while (!done.get()) {
                    channel.truncate(100_000);
                    channel.write(ByteBuffer.wrap(new byte[1]), LARGE - 1);
                    cuts.incrementAndGet();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        for (int i = 0; i < ROUNDS || cuts.get() < ROUNDS; i++) {
            // The second is looked for by four bytes, then by eight.
            if (files.findAll(Search.of(i % 2 == 0 ? "needle" : "eeeetttteeee"), Map.of(path, 0L))
                            .join()
                            .get(path)
                            .get()
                            .length
                    > 0) {
                System.out.println("many: something is found that is nowhere");
            }
            String _ = files.checksum(path, Checksum.XXH3_64);
            String _ = files.checksum(path, Checksum.CRC32C);
        }
        done.set(true);
        Deadline.join(cutter);
        System.out.println("many: noticed");
    }

    /**
     * Runs it.
     *
     * @param arguments the folder
     * @throws IOException when something else fails
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Path path = folder.resolve("cut");
        byte[] much = new byte[SIZE];
        ByteBuffer direct = ByteBuffer.allocateDirect(SIZE);
        try (MappedFiles files = new MappedFiles(1)) {
            MappedFile other = files.create(folder.resolve("other"), SIZE, false);
            each(files, path, other, "read", (file, _) -> file.read(0, SIZE));
            each(files, path, other, "read a little", (file, _) -> file.read(SIZE - 10, 4));
            each(files, path, other, "read into", (file, _) -> file.read(0, direct.clear()));
            each(files, path, other, "write", (file, _) -> file.write(0, much));
            each(files, path, other, "fill", (file, _) -> file.fill(0, new byte[] {1, 2, 3}, SIZE / 3));
            each(files, path, other, "move", (file, _) -> file.move(0, SIZE / 2, SIZE / 2));
            each(files, path, other, "find", (file, _) -> file.find(Search.of("needle"), 0));
            each(files, path, other, "find letters", (file, _) -> file.find(Search.of("eeeetttteeee"), 0));
            each(files, path, other, "find last", (file, _) -> file.findLast(new byte[] {1}, SIZE));
            each(files, path, other, "until", (file, _) -> file.readUntil(new byte[] {1}, 0, SIZE));
            each(files, path, other, "mismatch", (file, same) -> file.mismatch(same));
            each(files, path, other, "bits", (file, same) -> file.bitDistance(same));
            each(files, path, other, "bytes", (file, same) -> file.byteDistance(same));
            each(files, path, other, "insert", (file, _) -> {
                file.insert(0, new byte[] {1});
            });
            each(files, path, other, "delete", (file, _) -> {
                long _ = file.delete(0, 1);
            });
            together(files, path, other);
            other.close();
            many(files, folder.resolve("many"));
        }
        System.out.println("all done");
    }
}
