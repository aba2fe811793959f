package dev.sluice.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** What is measured of whole programs on a mount, and beside it. */
final class FlowCells {
    private static final int SLEEP_MILLIS = 20;
    private static final int PIECES = 100;

    private final List<Measured> all = new ArrayList<>();

    /**
     * One way of doing it.
     *
     * @param script what bash runs; it prints values as {@code NAME NUMBER}, or times of day as {@code @NANOSECONDS}
     */
    record Form(String name, String script) {}

    /**
     * What is measured.
     *
     * @param value the value's name in what the scripts print; empty for the time from the first {@code @} to the last
     * @param amount what is divided by that time; 0 for the time itself, in seconds
     * @param better 1 when more is better, -1 when less is
     * @param wanted by form, how ours is to compare with it
     * @param written how many MiB of memory are written to: what the machine gets from its host for that it gets before
     */
    record Measured(
            String name,
            String unit,
            String value,
            double amount,
            int better,
            Map<String, Double> wanted,
            int written,
            Form... forms) {
        Measured(
                String name,
                String unit,
                String value,
                double amount,
                int better,
                Map<String, Double> wanted,
                Form... forms) {
            this(name, unit, value, amount, better, wanted, 0, forms);
        }
    }

    private static Form sluice(String... steps) {
        return flow("sluice", "", steps);
    }

    private static Form flow(String name, String options, String... steps) {
        StringBuilder script = new StringBuilder("\"$SLUICE\" run $B/flow.json --dir $M --keep none" + options);
        for (String step : steps) {
            script.append(" --step \"").append(step.replace("\"", "\\\"")).append('"');
        }
        return new Form(name, script.toString());
    }

    private static String dd(String from, String to, String block, int count) {
        return "dd if=" + from + " of=" + to + " bs=" + block + (count > 0 ? " count=" + count : "") + " status=none";
    }

    private static final String NOW = "date +@%s%N";

    private static final String ON_TMPFS = "export M=$T/m; mkdir -p $M; ";

    List<Measured> all() {
        stream("stream-1G-by-1M", "1M", 1024);
        stream("stream-4G-by-1M", "1M", 4096);
        stream("stream-1G-by-64k", "64k", 16 * 1024);
        stream("stream-256M-by-4k", "4k", 64 * 1024);
        String make = dd("/dev/zero", "FILE", "1M", 1024);
        String take = dd("FILE", "/dev/null", "1M", 0);
        all.add(new Measured(
                "write-1G-by-1M",
                "MiB/s",
                "",
                1024,
                1,
                Map.of("tmpfs", 0.5),
                1024,
                sluice("w=" + NOW + "; " + make.replace("FILE", "$M/whole") + "; " + NOW),
                new Form("tmpfs", NOW + "; " + make.replace("FILE", "$T/f") + "; " + NOW)));
        all.add(new Measured(
                "read-1G-by-1M",
                "MiB/s",
                "",
                1024,
                1,
                Map.of("tmpfs", 0.95),
                sluice(
                        "w=" + make.replace("FILE", "$M/whole"),
                        "r=exec 3< $M/whole; " + NOW + "; dd <&3 of=/dev/null bs=1M status=none; " + NOW),
                new Form(
                        "tmpfs",
                        make.replace("FILE", "$T/f") + "; " + NOW + "; " + take.replace("FILE", "$T/f") + "; " + NOW)));
        for (int count : new int[] {2_000, 100_000}) {
            Form ours = sluice("w=cd /; $PY/small-files.py $M/files " + count);
            Form theirs = new Form("tmpfs", "$PY/small-files.py $T/files " + count);
            for (String what : List.of("create", "read", "stat")) {
                all.add(new Measured(
                        "small-" + count + "-" + what, "us", what, 0, -1, Map.of("tmpfs", 1 / 6.0), ours, theirs));
            }
        }
        Form wakes = sluice("w=cd /; $PY/wake-up.py write $M/grow 1000", "r=cd /; $PY/wake-up.py read $M/grow");
        Form pipe = new Form("pipe", "mkfifo $D/p; $PY/wake-up.py write $D/p 1000 & $PY/wake-up.py read $D/p; wait");
        for (String what : List.of("p50", "p99")) {
            all.add(new Measured("wake-up-" + what, "us", what, 0, -1, Map.of(), wakes, pipe));
        }
        for (int steps : new int[] {2, 4, 8}) {
            overlap(steps);
        }
        recorded();
        all.add(new Measured(
                "start",
                "s",
                "",
                0,
                -1,
                Map.of(),
                new Form("sluice", NOW + "; " + sluice("w=" + NOW).script())));
        plain(
                "git-status",
                "git init -q FOLDER/g; cd FOLDER/g; seq 2000 | split -l 1 -a 3; git add .",
                "cd FOLDER/g; git status --short | wc -l > /dev/null");
        plain(
                "tar-x",
                "mkdir -p $B/src; (cd $B/src; seq 2000 | split -l 1 -a 3); tar cf $B/src.tar -C $B src",
                "tar xf $B/src.tar -C FOLDER");
        plain("javac", "$PY/classes.py FOLDER/j 400", "\"$JAVA_HOME/bin/javac\" -d FOLDER/j/out FOLDER/j/*.java");
        passedThrough(make, take);
        randomReads();
        return List.copyOf(all);
    }

    /** Files of which the flow does not speak, in a directory on tmpfs: the kernel reads and writes them by itself. */
    private void passedThrough(String make, String take) {
        String here = make.replace("FILE", "$T/m/plain");
        String there = make.replace("FILE", "$T/f");
        all.add(new Measured(
                "plain-write-1G-by-1M",
                "MiB/s",
                "",
                1024,
                1,
                Map.of("tmpfs", 0.95),
                1024,
                new Form(
                        "sluice",
                        ON_TMPFS + sluice("w=" + NOW + "; " + here + "; " + NOW).script()),
                new Form("tmpfs", NOW + "; " + there + "; " + NOW)));
        all.add(new Measured(
                "plain-read-1G-by-1M",
                "MiB/s",
                "",
                1024,
                1,
                Map.of("tmpfs", 0.95),
                new Form(
                        "sluice",
                        ON_TMPFS
                                + sluice("w=" + here + "; " + NOW + "; " + take.replace("FILE", "$T/m/plain") + "; "
                                                + NOW)
                                        .script()),
                new Form("tmpfs", there + "; " + NOW + "; " + take.replace("FILE", "$T/f") + "; " + NOW)));
    }

    /** Of a file that is complete, by fio; without it the row is missing. */
    private void randomReads() {
        String fio = "command -v fio > /dev/null && fio --name=r --filename=FILE --rw=randread --bs=4k --size=256M"
                + " --runtime=2s --time_based --ioengine=psync --minimal --output=$D/fio"
                + " && cut -d ';' -f 8 $D/fio | sed 's/^/iops /'";
        String make = dd("/dev/zero", "FILE", "1M", 256);
        all.add(new Measured(
                "random-read-4k",
                "1/s",
                "iops",
                0,
                1,
                Map.of("tmpfs", 0.95),
                sluice("w=" + make.replace("FILE", "$M/whole"), "r=" + fio.replace("FILE", "$M/whole")),
                new Form("tmpfs", make.replace("FILE", "$T/f") + "; " + fio.replace("FILE", "$T/f"))));
    }

    private void stream(String name, String block, int count) {
        String in = dd("/dev/zero", "FILE", block, count);
        String out = dd("FILE", "/dev/null", block, 0);
        String both = NOW + "; " + in + "; " + out + "; " + NOW;
        double mebibytes = count * (block.equals("1M") ? 1 : block.equals("64k") ? 1 / 16.0 : 1 / 256.0);
        String[] steps = {
            "w=" + NOW + "; " + in.replace("FILE", "$M/grow"), "r=" + out.replace("FILE", "$M/grow") + "; " + NOW
        };
        all.add(new Measured(
                name,
                "MiB/s",
                "",
                mebibytes,
                1,
                Map.of("tmpfs", 1.0, "pipe", 1.0),
                (int) mebibytes,
                sluice(steps),
                flow("sluice-once", " --memory 256m --overflow wait", steps),
                new Form("tmpfs", both.replace("FILE", "$T/f")),
                new Form("disk", both.replace("FILE", "$D/f")),
                new Form(
                        "pipe",
                        "mkfifo $D/p; " + NOW + "; (" + in.replace("FILE", "$D/p") + ") & "
                                + out.replace("FILE", "$D/p") + "; wait; " + NOW),
                new Form(
                        "libfuse",
                        "command -v bindfs > /dev/null || exit 0; mkdir -p $T/below $D/above; "
                                + "bindfs $T/below $D/above || exit 0; " + both.replace("FILE", "$D/above/f")
                                + "; fusermount3 -u $D/above")));
    }

    /** What it costs that a run is recorded: the same without. */
    private void recorded() {
        String in = dd("/dev/zero", "$M/grow", "BLOCK", 0);
        String out = dd("$M/grow", "/dev/null", "BLOCK", 0);
        for (String block : List.of("1M", "64k", "4k")) {
            int count = block.equals("1M") ? 4096 : block.equals("64k") ? 32 * 1024 : 128 * 1024;
            recorded(
                    "recorded-stream-" + block,
                    "",
                    sluice(
                            "w=" + NOW + "; " + in.replace("BLOCK", block) + " count=" + count,
                            "r=" + out.replace("BLOCK", block) + "; " + NOW));
        }
        Form small = sluice("w=cd /; $PY/small-files.py $M/files 20000");
        for (String what : List.of("create", "read")) {
            recorded("recorded-small-20000-" + what, what, small);
        }
    }

    private void recorded(String name, String value, Form form) {
        String without = "export SLUICE_JAVA_OPTS=-Ddev.sluice.record=no; ";
        all.add(new Measured(
                name,
                value.isEmpty() ? "s" : "us",
                value,
                0,
                -1,
                Map.of("unrecorded", 0.99),
                form,
                new Form("unrecorded", without + form.script())));
    }

    private void overlap(int steps) {
        String rules = IntStream.range(0, steps)
                .mapToObj(i ->
                        "{ \"name\": \"s%d\", \"input_stream\": [%s], \"output_stream\": [\"f%d\"], \"streaming\": [{ \"name\": [\"f%d\"], \"committed\": \"on_close\", \"mode\": \"no_update\" }] }"
                                .formatted(i, i == 0 ? "" : "\"f" + (i - 1) + "\"", i, i))
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
        StringBuilder script = new StringBuilder("echo '{ \"name\": \"chain\", \"IO_Graph\": [" + rules
                + "] }' > $B/chain.json; \"$SLUICE\" run $B/chain.json --dir $M --keep none");
        for (int i = 0; i < steps; i++) {
            script.append(" --step \"s" + i + "=cd /; " + chained("$M", i) + "\"");
        }
        StringBuilder pipes = new StringBuilder("cat $D/f" + (steps - 1) + " > /dev/null & ");
        for (int i = steps - 1; i >= 0; i--) {
            pipes.insert(0, "mkfifo $D/f" + i + "; ").append(chained("$D", i)).append(" & ");
        }
        // As much as one step has to do, and each further one's first piece.
        double ideal = (PIECES + steps - 1) * SLEEP_MILLIS / 1e3;
        all.add(new Measured(
                "overlap-" + steps,
                "of the ideal",
                "",
                ideal,
                1,
                Map.of("pipe", 0.97),
                new Form("sluice", script.toString()),
                new Form("pipe", pipes.append("wait").toString())));
    }

    /** One of several steps, each of which reads what the one before writes. */
    private static String chained(String place, int step) {
        return String.format(
                Locale.ROOT,
                "$PY/chain.py %s %s/f%d %d %.3f",
                step == 0 ? "-" : place + "/f" + (step - 1),
                place,
                step,
                PIECES,
                SLEEP_MILLIS / 1e3);
    }

    /** Programs that know nothing of flows. */
    private void plain(String name, String before, String measured) {
        String script = before + "; " + NOW + "; " + measured + "; " + NOW;
        all.add(new Measured(
                name,
                "s",
                "",
                0,
                -1,
                Map.of("tmpfs", 0.25),
                new Form(
                        "sluice",
                        ON_TMPFS + sluice("w=" + script.replace("FOLDER", "$M")).script()),
                new Form("tmpfs", script.replace("FOLDER", "$T"))));
    }
}
