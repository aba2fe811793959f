package dev.sluice.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A JVM that runs one form in the cells which it is told on its standard input, a line each: cell, file, milliseconds.
 * It answers operations, nanoseconds and nanoseconds of processor time, or what went wrong.
 */
final class Worker {
    private Worker() {}

    static void serve(String form) throws Exception {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ", 3);
            Path file = Path.of(words[2]);
            try (Forms forms = new Forms(Cell.parse(words[0]), file, Files.size(file))) {
                Load load = forms.open(form);
                long cpu = system.getProcessCpuTime();
                long start = System.nanoTime();
                load.start();
                Thread.sleep(Long.parseLong(words[1]));
                load.stop = true;
                long elapsed = System.nanoTime() - start;
                load.awaitEnd();
                System.out.println("= " + load.operations() + " " + elapsed + " " + (system.getProcessCpuTime() - cpu));
            } catch (Exception | LinkageError e) {
                System.out.println("! " + e);
            }
        }
    }
}
