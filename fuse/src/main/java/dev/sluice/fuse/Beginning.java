package dev.sluice.fuse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * JVMs that are just beginning. To make the file of its counters, a JVM opens the directory in which it starts, by no other flags than
 * some programs do that list it, only to come back to it afterwards. Then it has no thread yet but that which makes it and the
 * one that has been there before; one that runs programs has some more.
 */
final class Beginning {
    private static final Pattern FEW_THREADS = Pattern.compile("^Threads:\\s+[12]$", Pattern.MULTILINE);
    private static final String JVM = "/libjvm.so\n";

    private Beginning() {}

    /** {@return whether a thread is that of a JVM that runs nothing yet} */
    static boolean isJvm(int task) {
        Path process = Path.of("/proc", Integer.toString(task));
        try {
            return FEW_THREADS.matcher(text(process.resolve("status"))).find()
                    && text(process.resolve("maps")).contains(JVM);
        } catch (IOException e) {
            return false; // it has ended, or is somebody's whom we may not look at: it waits as any other
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
