package dev.sluice.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The limit: fio, without latency clocks, in the engines that the form's name tells. */
final class Fio {
    /** psync with a thread for each place in the queue; io_uring as it comes; io_uring with fixed buffers and files. */
    static final List<String> NAMES = List.of("fio-psync", "fio-uring", "fio-uring-fixed");

    private static final Pattern OPERATIONS = Pattern.compile("\"total_ios\"\\s*:\\s*([0-9]+)");
    private static final Pattern RUNTIME = Pattern.compile("\"runtime\"\\s*:\\s*([0-9]+)");
    private static final Pattern CPU = Pattern.compile("cpu ([0-9.]+) ([0-9.]+)");

    private Fio() {}

    static Sample run(String form, Cell cell, Path file, long size, long millis) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "bash",
                "-c",
                "TIMEFORMAT='cpu %U %S'; time \"$@\"",
                "fio",
                "fio",
                "--name=cell",
                "--filename=" + file,
                "--size=" + size,
                "--rw=" + (cell.sequential() ? "" : "rand") + (cell.write() ? "write" : "read"),
                "--bs=" + cell.block(),
                "--direct=" + (cell.direct() ? 1 : 0),
                "--runtime=" + millis + "ms",
                "--time_based",
                "--invalidate=0",
                "--norandommap",
                "--randrepeat=0",
                "--gtod_reduce=1",
                "--group_reporting",
                "--thread",
                "--output-format=json"));
        if (form.equals("fio-psync")) {
            command.addAll(List.of("--ioengine=psync", "--numjobs=" + cell.depth()));
        } else {
            command.addAll(List.of("--ioengine=io_uring", "--iodepth=" + cell.depth()));
            if (form.endsWith("fixed")) {
                command.addAll(List.of("--fixedbufs=1", "--registerfiles=1"));
            }
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher cpu = CPU.matcher(output);
        String section = output.substring(Math.max(0, output.indexOf(cell.write() ? "\"write\" : {" : "\"read\" : {")));
        Matcher operations = OPERATIONS.matcher(section);
        Matcher runtime = RUNTIME.matcher(section);
        if (!cpu.find() || !operations.find() || !runtime.find()) {
            throw new IOException("fio answered: " + output.lines().limit(3).toList());
        }
        double seconds = Double.parseDouble(cpu.group(1)) + Double.parseDouble(cpu.group(2));
        return Sample.of(Long.parseLong(operations.group(1)), Long.parseLong(runtime.group(1)) * 1_000_000, (long)
                (seconds * 1e9));
    }
}
