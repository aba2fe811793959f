package dev.sluice.jvm;

import dev.sluice.linux.OpenFlag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A program that takes part from inside. Its arguments: the managed directory; a step, which it joins, or {@code -} to enter as
 * what it is; and what it does: {@code write PATH TEXT}, {@code hold PATH TEXT} until its input ends, {@code read PATH},
 * {@code fail}, {@code say VARIABLE}.
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
                case "fail" -> door.fail();
                case "say" -> say(door.step() + " " + door.environment().getOrDefault(words[3], ""));
                default -> throw new IllegalArgumentException(words[2]);
            }
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void say(String text) {
        System.out.println(text);
        System.out.flush();
    }
}
