package dev.sluice.fuse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Tells JVMs from other programs, which ask for the same and mean something else. */
final class Jvms {
    private static final Pattern FEW_THREADS = Pattern.compile("^Threads:\\s+[12]$", Pattern.MULTILINE);
    private static final String LIBRARY = "/libjvm.so\n";

    private Jvms() {}

    /**
     * To make the file of its counters, a JVM opens the directory in which it starts, by no other flags than some programs do that list
     * it, only to come back to it afterwards. Then it has no thread yet but that which makes it and the one that has been there
     * before; one that runs programs has some more.
     *
     * @return whether a thread is that of a JVM that runs nothing yet
     */
    static boolean isBeginning(int task) {
        try {
            return FEW_THREADS.matcher(text(task, "status")).find() && isOne(task);
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    /**
     * Where a file ends a JVM asks to tell what can be read of it at once, and others to know all of it.
     *
     * @return whether a thread is that of a JVM
     */
    static boolean isOne(int task) {
        try {
            return text(task, "maps").contains(LIBRARY);
        } catch (IOException e) {
            return false; // it has ended, or is somebody's whom we may not look at: it waits as any other
        }
    }

    private static String text(int task, String about) throws IOException {
        return Files.readString(Path.of("/proc", Integer.toString(task), about), StandardCharsets.ISO_8859_1);
    }
}
