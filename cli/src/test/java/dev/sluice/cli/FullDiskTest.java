package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.fuse.Mount;
import dev.sluice.testing.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on a disk of four mebibytes that fills up; it is mounted by a child for itself alone, so that it goes with it. */
class FullDiskTest {
    @TempDir
    private Path folder;

    private Path work;

    @BeforeEach
    void canMount() throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        work = Files.createDirectory(folder.resolve("work"));
    }

    /** Runs two steps, and then looks what is on the disk. */
    private String run(String make, String use, String... more) throws IOException {
        Path flow = Files.writeString(folder.resolve("flow.json"), """
            { "name": "full", "IO_Graph": [
                { "name": "make", "input_stream": [], "output_stream": ["data", "small", "big"] },
                { "name": "use", "input_stream": ["data"], "output_stream": ["result"] } ] }
            """);
        String script = "mount -t tmpfs -o size=4m none \"$0\" && echo mounted && cd / && \"$@\";"
                + " echo status $?; cd \"$0\" && for file in $(ls -A); do echo $file: $(wc -c < $file); done";
        List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c", script, work.toString()));
        command.addAll(RunLine.of(
                flow,
                work,
                "make=" + make.replace("WORK", work.toString()),
                "use=" + use.replace("WORK", work.toString())));
        command.addAll(List.of(more));
        Child.Outcome outcome = Child.run(command);
        assumeTrue(outcome.output().contains("mounted"), () -> "nothing can be mounted: " + outcome.output());
        return outcome.output();
    }

    @Test
    void aWriterIsToldWhenThereIsRoomNeitherInMemoryNorOnTheDisk() throws IOException {
        String said = run(
                "dd if=/dev/zero of=WORK/data bs=1M count=16 && echo not seen",
                "cat WORK/data > WORK/result || { echo cat failed; exit 3; }",
                "--memory",
                "1M");

        assertThat(said)
                .contains(
                        "No space left on device",
                        "cat failed",
                        "step make failed with status 1",
                        "data could not be brought")
                .doesNotContain("| not seen", "status 0\n");
        assertThat(said).as("it is not taken for whole").doesNotContain("\ndata: ");
    }

    @Test
    void aResultForWhichThereIsNoRoomIsNamedAndTheOthersStay() throws IOException {
        String said = run(
                "echo data > WORK/data; head -c 1000000 /dev/zero > WORK/small; head -c 6000000 /dev/zero > WORK/big",
                "cat WORK/data > WORK/result");

        assertThat(said)
                .contains("big could not be brought to the disk", "ENOSPC", "make room", "status 1")
                .contains("small: 1000000", "result: 5")
                .doesNotContain("\nbig: ", "aside");
    }

    /** Who has written by a mapping, and does not ask, is told by nobody. */
    @Test
    void aFileOfWhichAMappingsBytesFindNoRoomIsNotTakenForWhole() throws IOException {
        String said = run(
                python("""
                    os.ftruncate(f, 16 << 20)
                    m = mmap.mmap(f, 16 << 20)
                    for page in range(0, 16 << 20, 4096):
                        m[page] = 1
                    os._exit(0)
                    """),
                "cat WORK/data > /dev/null && echo all of it || echo refused",
                "--memory",
                "1M",
                "--tier",
                "copy");

        assertThat(said)
                .contains("refused", "data is not whole", "step make", "ENOSPC", "status 1")
                .doesNotContain("| all of it", "status 0\n");
        assertThat(said).as("it is not taken for whole").doesNotContain("\ndata: ");
    }

    /** The kernel takes a page that was stored in part for one that was stored. */
    @Test
    void whatAMappingsSyncHasSaidToBeThereIsThere() throws IOException {
        String said = run(python("""
            os.ftruncate(f, 16 << 20)
            m = mmap.mmap(f, 16 << 20)
            at, step = 0, 7 << 12  # no power of two, so that one is stored in part
            try:
                while True:
                    m[at:at + step] = b"x" * step
                    m.flush(at, step)
                    at += step
            except OSError as e:
                print("sync:", e)
            there = os.pread(f, at, 0)
            print("all there" if there == b"x" * at else "lost")
            """), "cat WORK/data > /dev/null", "--memory", "1M", "--tier", "copy");

        assertThat(said).contains("sync: [Errno 28]", "all there").doesNotContain("lost");
    }

    /** A program that has opened a file to read and write it. */
    private String python(String rest) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "python3 is not installed");
        String begin = "import mmap, os\nf = os.open('" + work + "/data', os.O_RDWR | os.O_CREAT)\n";
        return "exec python3 " + Files.writeString(folder.resolve("program.py"), begin + rest);
    }
}
