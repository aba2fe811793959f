package dev.sluice.jvm;

import dev.sluice.linux.OpenFlag;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How fast bytes go from one JVM to another. Arguments: {@code write} or {@code read}; {@code door}, {@code file} or
 * {@code pipe} (the standard output and input); the managed directory; the step; how many MiB; the size of a block in KiB. Who reads
 * says how many MiB a second came, from his first bytes to the end.
 */
final class Speed {
    private static final int NEW = OpenFlag.WRITE_ONLY.bits() | OpenFlag.CREATE.bits() | OpenFlag.TRUNCATE.bits();
    private static final String FILE = "data";

    private Speed() {}

    /** Moves a block at a place. */
    private interface Mover extends Closeable {
        int move(ByteBuffer block, long position) throws IOException;

        @Override
        default void close() throws IOException {}
    }

    public static void main(String[] words) throws IOException {
        boolean writes = words[0].equals("write");
        long size = Long.parseLong(words[4]) << 20;
        ByteBuffer block = ByteBuffer.allocateDirect(Integer.parseInt(words[5]) << 10);
        Path directory = Path.of(words[2]);
        switch (words[1]) {
            case "ask" -> {
                try (RemoteDoor door = RemoteDoor.join(directory, words[3], false)) {
                    for (int round = 0; round < 5; round++) {
                        long start = System.nanoTime();
                        for (int i = 0; i < size >> 20; i++) {
                            boolean _ = door.allows("", 0);
                        }
                        System.err.printf("%.1f us each%n", (System.nanoTime() - start) / 1e3 / (size >> 20));
                    }
                }
            }
            case "door" -> {
                try (RemoteDoor door = RemoteDoor.join(directory, words[3], false);
                        Door.OpenFile file = door.open(FILE, writes ? NEW : 0, 0644)) {
                    move(
                            writes,
                            size,
                            block,
                            (part, at) -> writes ? (int) (file.write(part, at) - at) : file.read(part, at));
                }
            }
            case "file" -> {
                try (FileChannel file = writes
                        ? FileChannel.open(directory.resolve(FILE), StandardOpenOption.WRITE, StandardOpenOption.CREATE)
                        : FileChannel.open(directory.resolve(FILE))) {
                    move(writes, size, block, (part, at) -> writes ? file.write(part, at) : file.read(part, at));
                }
            }
            default -> {
                try (FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel();
                        FileChannel in = new FileInputStream(FileDescriptor.in).getChannel()) {
                    move(writes, size, block, (part, at) -> writes ? out.write(part) : in.read(part));
                }
            }
        }
    }

    private static void move(boolean writes, long size, ByteBuffer block, Mover mover) throws IOException {
        long first = 0;
        long at = 0;
        while (!writes || at < size) {
            int count = mover.move(block.clear(), at);
            if (count < 0) {
                break;
            }
            at += count;
            first = first == 0 ? System.nanoTime() : first;
        }
        if (!writes) {
            double seconds = (System.nanoTime() - first) / 1e9;
            System.err.printf("%s: %.0f MiB/s%n", at == size ? "whole" : "not whole, " + at, (at >> 20) / seconds);
        }
    }
}
