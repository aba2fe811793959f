package dev.sluice.cli;

import static dev.sluice.cli.Typed.sluice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fuse.Mount;
import dev.sluice.language.CommitRule;
import dev.sluice.language.Contract;
import dev.sluice.language.Contracts;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real programs are observed on a real mount; then they run under what was found. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class InferTest {
    @TempDir
    private Path folder;

    private Path work;
    private Path flow;
    private final List<Object> steps = new ArrayList<>();

    @BeforeEach
    void canMount() throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        work = Files.createDirectory(folder.resolve("work"));
        flow = folder.resolve("flow.json");
    }

    @AfterEach
    void nothingIsMountedAnyMore() throws IOException {
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
    }

    /** A step whose command begins in the managed directory. */
    private void step(String name, String command) {
        steps.add("--step");
        steps.add(name + "=cd " + work + " && " + command);
    }

    private Typed infer(Object... more) {
        List<Object> words = new ArrayList<>(List.of("run", "--infer", "--dir", work, "-o", flow));
        words.addAll(steps);
        words.addAll(List.of(more));
        return sluice(words.toArray());
    }

    private Contract file(String path) throws Exception {
        return Contracts.of(Flow.read(flow)).file(path);
    }

    private void sluiceAgain() {
        List<Object> words = new ArrayList<>(List.of("run", flow, "--dir", work, "--keep", "all"));
        words.addAll(steps);
        Typed run = sluice(words.toArray());
        assertThat(run.err()).doesNotContain("sluice:"); // gzip speaks of a size that has changed
        assertThat(run.status()).isZero();
    }

    /** Runs the steps again under the flow that was found: what stays must be what the first run has made. */
    private void sameBytesAtOnce() throws IOException {
        assertThat(sluice("check", flow, "--dir", work).status()).isZero();
        Map<String, String> first = files();
        clean();
        sluiceAgain();
        assertThat(files()).isEqualTo(first);
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(work)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(
                        work.relativize(file).toString(),
                        new java.math.BigInteger(1, Files.readAllBytes(file)).toString(16));
            }
        }
        return files;
    }

    private void clean() throws IOException {
        try (Stream<Path> all = Files.walk(work)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(work)) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void whatIsWrittenAndReadFromStartToEndIsStreamed() throws Exception {
        step("make", "seq 20000 > lines");
        step("zip", "gzip -n < lines > lines.gz");
        step("sum", "awk '{ s += $1 } END { print s }' lines > sum");

        Typed run = infer();

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("lines: from make to ")
                .contains("written from start to end and closed once; read from start to end")
                .contains("sum: a result of sum, read by no other step.")
                .contains("That is an estimate");
        assertThat(file("lines").producers()).containsExactly("make");
        assertThat(file("lines").consumers()).containsExactlyInAnyOrder("zip", "sum");
        assertThat(file("lines").commit()).isEqualTo(CommitRule.onClose());
        assertThat(file("lines").fire()).isEqualTo(FireRule.NO_UPDATE);
        assertThat(file("sum").consumers()).isEmpty();
        sameBytesAtOnce();
    }

    @Test
    void whatIsWrittenTwiceIsWaitedFor() throws Exception {
        step("make", "echo half > data; echo whole > data");
        step("use", "cat data > result");

        assertThat(infer().out())
                .contains("written anew, out of order, or over what was there, and closed more than once");
        assertThat(file("data").commit()).isEqualTo(CommitRule.onTermination());
        assertThat(file("data").fire()).isEqualTo(FireRule.UPDATE);
        sameBytesAtOnce();
    }

    @Test
    void whatIsChangedAfterItsCloseIsNotCompleteBefore() throws Exception {
        step("make", "printf '#!/bin/sh\\necho 1\\n' > program; sleep 0.5; chmod +x program");
        step("use", "./program > result");

        assertThat(infer().out()).contains("program: from make to use; written from start to end, and changed after");
        assertThat(file("program").commit()).isEqualTo(CommitRule.onTermination());
        sameBytesAtOnce();
    }

    @Test
    void whoOpensAFileForWritingAndOnlyReadsItIsItsReader() throws Exception {
        step("make", "seq 20000 > data");
        step("use", "exec 3<>data; cat <&3 > result");

        assertThat(infer().status()).isZero();
        assertThat(file("data").producers()).containsExactly("make");
        assertThat(file("data").consumers()).containsExactly("use");
        assertThat(file("data").fire()).isEqualTo(FireRule.UPDATE);
        sameBytesAtOnce();
    }

    @Test
    void whoOpensAFileForReadingAndWritesItIsItsWriter() {
        step("make", "seq 2 > data");
        step("change", "exec 3<>data; head -n 1 <&3; echo 3 >&3");

        assertThat(infer().err()).contains("data is written, changed, renamed or removed by the steps make, change");
    }

    @Test
    void whatIsAppendedInPiecesIsStreamedUpToTheEndOfItsStep() throws Exception {
        step("make", "for i in 1 2 3; do echo $i >> log; done");
        step("use", "awk 1 log > result");

        assertThat(infer().status()).isZero();
        assertThat(file("log").commit()).isEqualTo(CommitRule.onTermination());
        assertThat(file("log").fire()).isEqualTo(FireRule.NO_UPDATE);
        sameBytesAtOnce();
    }

    @Test
    void whoSeeksOrReadsAPartIsNotHandedHalfAFile() throws Exception {
        step("make", "seq 20000 > data");
        step("tail", "tail -c 3 data > last");
        step("head", "dd if=data of=first bs=100 count=1 2>&1");

        assertThat(infer().out()).contains("not read from start to end");
        assertThat(file("data").fire()).isEqualTo(FireRule.UPDATE);
        assertThat(file("data").commit()).isEqualTo(CommitRule.onClose());
        sameBytesAtOnce();
    }

    @Test
    void whatIsWrittenOutOfOrderIsWaitedFor() throws Exception {
        step(
                "make",
                "{ dd if=/dev/zero of=data bs=1 count=4 seek=8 conv=notrunc;"
                        + " printf abcd | dd of=data bs=1 seek=2 conv=notrunc; } 2> /dev/null");
        step("use", "cat data > result");

        assertThat(infer().status()).isZero();
        assertThat(file("data").fire()).isEqualTo(FireRule.UPDATE);
        assertThat(file("data").commit()).isEqualTo(CommitRule.onTermination());
        sameBytesAtOnce();
    }

    @Test
    void manyFilesThatAreAlikeBecomeAPattern() throws Exception {
        step(
                "split",
                "mkdir -p parts && seq 1000 | split -l 50 -d - parts/x. --additional-suffix=.txt && echo > parts/log");
        step("count", "cat parts/x.*.txt | sort -n | tail -1 > total");

        Typed run = infer();

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("parts/x.*.txt (20 files): from split to count;");
        assertThat(file("parts/x.77.txt").producers()).containsExactly("split");
        sameBytesAtOnce();
        assertThat(work.resolve("total")).hasContent("1000\n");
    }

    /** As {@code ffmpeg} reads pictures: up to the first number of which there is none. */
    @Test
    void whoLooksForOneMoreThanThereAreDoesNotPreventThePattern() throws Exception {
        step("make", "for i in 1 2 3 4 5 6 7 8 9; do echo $i > pic-$i; done");
        step("join", "i=1; while [ -e pic-$i ]; do cat pic-$i; i=$((i + 1)); done > film");

        assertThat(infer().out()).contains("pic-* (9 files): from make to join;");
        assertThat(file("pic-10").consumers())
                .as("there may be more the next time")
                .containsExactly("join");
        sameBytesAtOnce();
        assertThat(work.resolve("film")).hasContent("1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    }

    @Test
    void aFileThatGetsItsNameWhenItIsWholeIsCompleteThen() throws Exception {
        step("make", "seq 1000 > data.tmp && mv data.tmp data");
        step("use", "wc -l < data > result");

        assertThat(infer().out()).contains("data: from make to use; written under another name and closed once; read");
        assertThat(Files.readString(flow)).doesNotContain("data.tmp");
        assertThat(file("data").fire()).isEqualTo(FireRule.UPDATE);
        sameBytesAtOnce();
    }

    @Test
    void aDirectoryThatGetsItsNameWhenItIsWholeCannotBeWaitedFor() {
        step("make", "mkdir all.part && seq 1000 > all.part/data && mv all.part all");
        step("use", "awk 1 all/data > result");

        Typed run = infer();

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("sluice: step make renames the directory in which all/data is: nobody can wait");
        assertThat(flow).doesNotExist();
    }

    @Test
    void whatWasThereAndIsWrittenAnewIsWaitedForAndStreamed() throws Exception {
        Files.writeString(work.resolve("data"), "old\n");
        step("make", "seq 1000 > data");
        step("use", "awk 1 data > result");

        assertThat(infer().status()).isZero();
        assertThat(file("data").fire()).isEqualTo(FireRule.NO_UPDATE);
        Files.writeString(work.resolve("data"), "old\n");
        sluiceAgain();
        assertThat(work.resolve("result")).content().endsWith("1000\n").doesNotContain("old");
    }

    @Test
    void whoWritesWithoutEmptyingMayWriteOverWhatIsThere() throws Exception {
        step("make", "seq 1000 | dd of=data conv=notrunc 2> /dev/null");
        step("use", "awk 1 data > result");

        assertThat(infer().status()).isZero();
        assertThat(file("data").fire()).isEqualTo(FireRule.UPDATE);
        sameBytesAtOnce();
    }

    @Test
    void aStepThatListsWhereOthersWriteLaterIsWarnedOf() {
        step("first", "ls > names");
        step("second", "echo > more; [ -e last ] || echo > absent");
        step("third", "echo > last");

        Typed run = infer();

        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("Beware: step first lists the managed directory, where step second makes files later:")
                .contains("Beware: step second looks for last, which step third makes later:");
    }

    @Test
    void whatIsWaitedForIsPartOfTheEstimate() {
        // The reader needs as long as the writer, and could go along with it.
        step("make", "{ for i in 1 2 3 4 5; do echo $i; sleep 0.1; done; } > data");
        step("use", "while read -r i; do sleep 0.1; echo $i; done < data > result");

        Typed run = infer();

        assertThat(run.status()).isZero();
        Matcher times = Pattern.compile("took ([0-9.]+) s; at the same time they would take about ([0-9.]+) s")
                .matcher(run.out());
        assertThat(times.find()).isTrue();
        double inTurn = Double.parseDouble(times.group(1));
        double atOnce = Double.parseDouble(times.group(2));
        assertThat(inTurn).isGreaterThanOrEqualTo(1);
        assertThat(atOnce).isBetween(0.45, inTurn - 0.3);
    }

    @Test
    void copiesAreSeenToo() throws Exception {
        step("make", "seq 1000 > data");
        step("copy", "cp data other");
        step("use", "sort -rn other > result");

        assertThat(infer().status()).isZero();
        assertThat(file("data").consumers()).containsExactly("copy");
        assertThat(file("data").fire()).as("its size is asked for").isEqualTo(FireRule.UPDATE);
        assertThat(file("other").producers()).containsExactly("copy");
        sameBytesAtOnce();
    }

    @Test
    void whoAsksOnlyWhatAFileIsLikeNeedsItToo() throws Exception {
        step("make", "seq 1000 > data");
        step("size", "stat -c %s data > result");

        assertThat(infer().out()).contains("only its name is used");
        assertThat(file("data").consumers()).containsExactly("size");
        sameBytesAtOnce();
    }

    /** As {@code sqlite3} and {@code gzip} do, to have the name of their file on the disk. */
    @Test
    void whoOpensADirectoryWithoutListingItNeedsNothingOfIt() throws Exception {
        step("make", "mkdir out; echo 1 > out/f1");
        step("sync", "sync out; echo done > log");
        assertThat(infer().status()).isZero();

        assertThat(file("out/f1").consumers()).isEmpty();
    }

    @Test
    void whoListsADirectoryNeedsAllThatComesIntoIt() throws Exception {
        step("make", "mkdir -p out; for i in 1 2 3; do echo > out/f$i; done");
        step("list", "ls out | wc -l > number");

        assertThat(infer().status()).isZero();
        assertThat(file("out/f2").consumers()).containsExactly("list");
        sameBytesAtOnce();
        assertThat(work.resolve("number")).hasContent("3\n");
    }

    @Test
    void stepsThatChangeTheSameFileGetNoFlow() {
        step("make", "echo b > data; echo a >> data");
        step("sort", "sort -o data data");
        step("use", "cat data > result");

        Typed run = infer();

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .contains(
                        "sluice: data is written, changed, renamed or removed by the steps make, sort, which cannot be")
                .contains("no flow was written");
        assertThat(flow).doesNotExist();
    }

    @Test
    void whoReadsTheOldOneOfAFileCannotRunBesideWhoChangesIt() throws IOException {
        Files.writeString(work.resolve("state"), "old\n");
        step("before", "cat state > seen");
        step("after", "echo new > state");

        Typed run = infer();

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("step before reads state before step after changes it");
    }

    @Test
    void namesThatLookLikePatternsAreNames() throws Exception {
        step("make", "seq 3 > 'a[1]*?.txt'");
        step("use", "cat 'a[1]*?.txt' > result");

        assertThat(infer().status()).isZero();
        assertThat(file("a[1]*?.txt").consumers()).containsExactly("use");
        assertThat(file("a1xy.txt").consumers()).isEmpty();
        sameBytesAtOnce();
    }

    @Test
    void stepsThatWorkElsewhereGetNoFlow() {
        steps.addAll(List.of("--step", "make=echo x > " + folder + "/elsewhere"));
        Typed run = infer();
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("sluice run: no step has read or written a file in " + work + ", so no flow was written;")
                .endsWith("is --dir the right directory?\n");
        assertThat(flow).doesNotExist();
    }

    @Test
    void aFlowThatIsThereIsNotOverwritten() throws IOException {
        Files.writeString(flow, "mine");
        step("make", "echo > data");

        assertThat(infer().err()).isEqualTo("sluice run: " + flow + " is there already; --force overwrites it\n");
        assertThat(flow).hasContent("mine");
        assertThat(work.resolve("data")).as("nothing has run").doesNotExist();
        assertThat(infer("--force").status()).isZero();
    }

    @Test
    void afterAStepThatFailsNothingIsKnown() {
        step("make", "exit 3");
        step("use", "echo > result");

        Typed run = infer();

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err())
                .contains("sluice: step make failed with status 3:")
                .contains("nothing was written");
        assertThat(work.resolve("result")).doesNotExist();
        assertThat(flow).doesNotExist();
    }

    @Test
    void pythonIsObservedLikeEverybody() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/python3")), "no python3");
        step("make", "/usr/bin/python3 -c 'open(\"data\",\"w\").writelines(str(i)+\"\\n\" for i in range(9999))'");
        step("use", "/usr/bin/python3 -c 'print(sum(map(int, open(\"data\"))))' > result");

        assertThat(infer().status()).isZero();
        assertThat(file("data").fire()).isEqualTo(FireRule.NO_UPDATE);
        sameBytesAtOnce();
    }

    @Test
    void optionsThatBelongToItAreRefusedWithoutIt() {
        Typed run = sluice("run", flow, "-o", flow, "--step", "a=true");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("sluice run: -o and --force are about the flow that --infer writes;");
        assertThat(sluice("run", flow, "--infer", "--step", "a=true").err())
                .startsWith("sluice run: --infer finds the flow out, so there is none to read;");
    }
}
