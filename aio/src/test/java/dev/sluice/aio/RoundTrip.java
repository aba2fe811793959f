package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A program that writes a file in many ways, reads it back, and prints which context did it. */
final class RoundTrip {
    private RoundTrip() {}

    public static void main(String... arguments) throws Exception {
        byte[] expected = Sample.random(500_000, 9);
        try (AsyncFile file = AsyncFile.open(Path.of(arguments[0]), CREATE, READ, WRITE)) {
            List<CompletableFuture<Long>> writes = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                writes.add(file.writeAsync(ByteBuffer.wrap(expected, i * 10_000, 10_000), i * 10_000L));
            }
            writes.forEach(CompletableFuture::join);
            file.force(true);
            ByteBuffer direct = ByteBuffer.allocateDirect(600_000);
            check(file.readAsync(direct, 0).join() == 500_000);
            check(java.util.Arrays.equals(Sample.filled(direct), expected));
            ByteBuffer heap = ByteBuffer.allocate(500_000);
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            check(file.read(heap, 0) == 500_000);
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .join();
            check(java.util.Arrays.equals(heap.array(), expected));
            file.write(new ByteBuffer[] {Sample.direct("abc"), ByteBuffer.allocate(3)}, 499_999);
            check(file.size() == 500_005);
            file.truncate(10);
            file.allocate(100, 1);
            check(file.sizeAsync().join() == 101);
            check(file.read(heap.clear(), 200) == -1);
            System.out.println("kind=" + file.context().kind() + " reason="
                    + file.context().reason());
        }
        System.out.println("whole trip");
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new AssertionError("the round trip went wrong");
        }
    }
}
