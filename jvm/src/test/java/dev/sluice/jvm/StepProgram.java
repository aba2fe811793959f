package dev.sluice.jvm;

import dev.sluice.linux.OpenFlag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A program that takes part from inside. Its arguments: the managed directory; a step, which it joins, or {@code -} to enter as
 * what it is; and what it does: {@code write PATH TEXT}, {@code hold PATH TEXT} until its input ends, {@code read PATH},
 * {@code pour PATH BYTES} of a pattern, {@code drink PATH} and say how much there was by then, {@code fail}, {@code say VARIABLE}.
 */
final class StepProgram {
    private static final int NEW = OpenFlag.WRITE_ONLY.bits() | OpenFlag.CREATE.bits() | OpenFlag.TRUNCATE.bits();
    private static final int MODE = 0644;

    private StepProgram() {}

    public static void main(String[] words) throws IOException {
        Path directory = Path.of(words[0]);
        try (RemoteDoor door =
                words[1].equals("-") ? RemoteDoor.enter(directory) : RemoteDoor.join(directory, words[1], false)) {
            switch (words[2]) {
                case "write" -> {
                    try (Door.OpenFile file = door.open(words[3], NEW, MODE)) {
                        file.write(bytes(words[4]), 0);
                    }
                }
                case "hold" -> {
                    try (Door.OpenFile file = door.open(words[3], NEW, MODE)) {
                        file.write(bytes(words[4]), 0);
                        say("holds");
                        int _ = System.in.read();
                    }
                }
                case "read" -> {
                    try (Door.OpenFile file = door.open(words[3], OpenFlag.READ_ONLY.bits(), 0)) {
                        ByteBuffer piece = ByteBuffer.allocate(4096);
                        for (long at = 0; file.read(piece.clear(), at) > 0; at += piece.position()) {
                            say(new String(piece.array(), 0, piece.position(), StandardCharsets.UTF_8));
                        }
                    }
                    say("end");
                }
                case "pour" -> {
                    try (Door.OpenFile file = door.open(words[3], NEW, MODE)) {
                        byte[] block = new byte[1 << 16];
                        long most = Long.parseLong(words[4]);
                        for (long at = 0; at < most; at += block.length) {
                            for (int i = 0; i < block.length; i++) {
                                block[i] = pattern(at + i);
                            }
                            file.write(ByteBuffer.wrap(block), at);
                            if (at == 0) {
                                say("pours");
                            }
                        }
                    }
                }
                case "drink" -> {
                    try (Door.OpenFile file = door.open(words[3], OpenFlag.READ_ONLY.bits(), 0)) {
                        ByteBuffer piece = ByteBuffer.allocate(1 << 16);
                        say("drinks");
                        for (long at = 0; file.read(piece.clear(), at) > 0; at += piece.position()) {
                            say("has " + (at + piece.position()));
                        }
                    }
                }
                case "fail" -> door.fail();
                case "say" -> say(door.step() + " " + door.environment().getOrDefault(words[3], ""));
                default -> throw new IllegalArgumentException(words[2]);
            }
        }
    }

    /** {@return the byte at a place of what is poured, which is never zero} */
    static byte pattern(long place) {
        return (byte) (1 + (place * 31 + (place >> 16)) % 251);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void say(String text) {
        System.out.println(text);
        System.out.flush();
    }
}
