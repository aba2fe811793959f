package dev.sluice.jvm;

import dev.sluice.stream.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * In whose name a tree is asked.
 *
 * @param process the process that asks
 * @param user its user, to whom belongs what it makes
 * @param group its group
 * @param umask what it does not want to allow of what it makes
 * @param session the step
 */
record Caller(int process, int user, int group, int umask, Session session) {
    private static final int EFFECTIVE = 2;
    private static final int OCTAL = 8;

    /** {@return a process that is there, as the kernel describes it} */
    static Caller of(int process, Session session) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/" + process + "/status"));
        return new Caller(process, id(lines, "Uid:"), id(lines, "Gid:"), umask(lines), session);
    }

    private static int id(List<String> lines, String field) throws IOException {
        for (String line : lines) {
            if (line.startsWith(field)) {
                return Integer.parseUnsignedInt(line.split("\\s+", -1)[EFFECTIVE]);
            }
        }
        throw new IOException("/proc does not say the " + field + " of a process");
    }

    private static int umask(List<String> lines) {
        for (String line : lines) {
            if (line.startsWith("Umask:")) {
                return Integer.parseInt(line.split("\\s+", -1)[1], OCTAL);
            }
        }
        return 0;
    }

    /** {@return this process} */
    static Caller here(Session session) throws IOException {
        return of((int) ProcessHandle.current().pid(), session);
    }
}
