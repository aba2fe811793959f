package dev.sluice.fuse;

import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A process belongs to the step that its environment variable {@code STEP} names. */
final class StepsByEnvironment implements Mount.Callers {
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final Map<Integer, String> known = new ConcurrentHashMap<>();

    StepsByEnvironment(Workflow workflow, String... steps) {
        for (String step : steps) {
            sessions.put(step, workflow.start(step));
        }
    }

    Session session(String step) {
        return sessions.get(step);
    }

    @Override
    public Session session(int task) {
        String step = known.get(task);
        if (step == null) {
            step = stepOf(task);
            if (!step.isEmpty()) { // it may be about to execute a program with another environment
                known.put(task, step);
            }
        }
        return step.isEmpty() ? null : sessions.get(step);
    }

    private static String stepOf(int task) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc/" + task + "/environ"));
            for (String variable : new String(bytes, StandardCharsets.ISO_8859_1).split("\0", -1)) {
                if (variable.startsWith("STEP=")) {
                    return variable.substring("STEP=".length());
                }
            }
        } catch (IOException e) {
            // It has ended.
        }
        return "";
    }
}
