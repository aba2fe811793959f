package dev.sluice.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Processes that are known by their environment. */
final class Marked {
    private Marked() {}

    /** Those that have a variable with this value, as NAME=VALUE, with what they do. */
    static List<String> processes(String mark) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path each : all.filter(path ->
                            Character.isDigit(path.getFileName().toString().charAt(0)))
                    .toList()) {
                if (isMarked(each, mark)) {
                    found.add(each.getFileName() + " "
                            + text(each.resolve("cmdline")).replace('\0', ' ') + " "
                            + text(each.resolve("stat")).replaceAll(".*\\) (.).*\n", "$1"));
                }
            }
        }
        return found;
    }

    /** Has a process, as a folder of /proc, this variable? */
    static boolean isMarked(Path process, String mark) {
        return List.of(text(process.resolve("environ")).split("\0", -1)).contains(mark);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // it has ended
        }
    }
}
