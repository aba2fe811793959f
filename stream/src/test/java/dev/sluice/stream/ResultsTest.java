package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.language.Flow;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.Metadata;
import dev.sluice.linux.Names;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Ending.Keep;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays, and what it is like then. */
class ResultsTest {
    private static final int SET_GROUP = 02000;
    private static final int AT_WORKING_DIRECTORY = -100;

    @TempDir
    private Path directory;

    private Workflow workflow;
    private Session making;
    private Program make;

    private void open(Keep keep) throws Exception {
        Flow flow = Flow.builder("test")
                .step("make", List.of(), List.of("data", "result*", "parts/*"))
                .step("use", List.of("data", "parts/*"), List.of())
                .build();
        workflow = Workflow.open(directory, flow, keep, new Limits(64 << 20, null));
        making = workflow.start("make");
        make = new Program(workflow, making);
    }

    @AfterEach
    void close() {
        workflow.close();
    }

    private Ending finish(boolean hasSucceeded) throws Exception {
        making.end(hasSucceeded);
        return workflow.finish(hasSucceeded);
    }

    @Test
    void aFileFromBeforeThatNoStepHasWrittenStays() throws Exception {
        Files.createDirectory(directory.resolve("parts"));
        Files.writeString(directory.resolve("parts/notes"), "mine");
        Files.writeString(directory.resolve("parts/old"), "old");
        Files.writeString(directory.resolve("result"), "of the last run");
        open(Keep.NONE);
        assertThat(make.get("parts/notes")).isEqualTo("mine");
        assertThat(make.get("result")).isEqualTo("of the last run");
        Handle anew = make.open("parts/old", Program.WRITE | Program.TRUNCATE);
        make.write(anew, 0, "new");
        make.close(anew);
        finish(true);
        assertThat(directory.resolve("parts/notes")).hasContent("mine");
        assertThat(directory.resolve("result")).hasContent("of the last run");
        assertThat(directory.resolve("parts/old")).doesNotExist();
    }

    private static Change modified(long seconds) {
        return new Change(Change.MODIFIED, 0, 0, 0, 0, 0, 0, seconds, 0);
    }

    /** As {@code tar} and {@code cp -a} give it, when all is in it. */
    @Test
    void aDirectoryKeepsTheTimeThatItWasGiven() throws Exception {
        Files.createDirectory(directory.resolve("parts"));
        open(Keep.ALL);
        make.put("parts/first", "1");
        make.put("parts/second", "2");
        make.change("parts", modified(981173106));
        assertThat(make.stat("parts").modifiedSeconds()).isEqualTo(981173106);
        finish(true);
        assertThat(directory.resolve("parts/second")).hasContent("2");
        assertThat(Files.getLastModifiedTime(directory.resolve("parts")).toMillis() / 1000)
                .isEqualTo(981173106);
    }

    @Test
    void aDirectoryIsAsOldAsItsLastName() throws Exception {
        Path parts = Files.createDirectory(directory.resolve("parts"));
        open(Keep.ALL);
        make.change("parts", modified(981173106));
        long before = System.currentTimeMillis() / 1000;
        make.put("parts/first", "1");
        long modified = make.stat("parts").modifiedSeconds();
        assertThat(modified).isGreaterThanOrEqualTo(before);
        finish(true);
        assertThat(Files.getLastModifiedTime(parts).toMillis() / 1000).isEqualTo(modified);
    }

    /** {@code tar} takes for changed under its hands what looks otherwise when it has read all. */
    @Test
    void whoReadsWhatComesIntoADirectoryDoesNotSeeItChange() throws Exception {
        Files.createDirectory(directory.resolve("parts"));
        open(Keep.ALL);
        Program use = new Program(workflow, workflow.start("use"));
        Attributes first = use.stat("parts");
        Attributes made = make.stat("parts");
        make.put("parts/first", "1");
        making.end(true);
        Attributes last = use.stat("parts");
        assertThat(last.changedSeconds()).isEqualTo(first.changedSeconds());
        assertThat(last.changedNanos()).isEqualTo(first.changedNanos());
        assertThat(make.stat("parts").modifiedSeconds()).isGreaterThanOrEqualTo(made.modifiedSeconds());
        workflow.finish(true);
    }

    @Test
    void whatWasWrittenBesideIsNoResultWhenItsStepFails() throws Exception {
        open(Keep.PERMANENT);
        make.put("beside", "half");
        make.rename("beside", "result");
        finish(false);
        assertThat(directory.resolve("result")).doesNotExist();
        assertThat(directory.resolve("result.incomplete")).hasContent("half");
    }

    @Test
    void whatIsIncompleteAndHasALongNameIsThereToLookAt() throws Exception {
        open(Keep.PERMANENT);
        String name = "result" + "x".repeat(249);
        make.put(name, "half");
        Ending ending = finish(false);
        assertThat(ending.incidents()).noneMatch(sentence -> sentence.contains("could not be brought"));
        assertThat(directory.resolve(name.substring(0, 244) + ".incomplete")).hasContent("half");
    }

    private void attribute(String path, String name) throws Refusal {
        make.now(request -> {
            byte[] value = "value".getBytes(StandardCharsets.US_ASCII);
            workflow.tree().setAttribute(request, make.find(request, path), name, value, 0);
            return path;
        });
    }

    @Test
    void anAttributeThatCannotBeKeptCostsNoBytes() throws Exception {
        open(Keep.PERMANENT);
        make.put("result", "all");
        attribute("result", "user."); // a name that no file system takes
        assertThatThrownBy(() -> attribute("result", "other.name"))
                .satisfies(e -> assertThat(((Refusal) e).errno()).isEqualTo(Errno.EOPNOTSUPP));
        Ending ending = finish(true);
        assertThat(directory.resolve("result")).hasContent("all");
        assertThat(ending.kept()).containsExactly("result");
        assertThat(ending.incidents())
                .singleElement()
                .asString()
                .startsWith("result is on the disk without its attribute user.: ");
    }

    @Test
    void whoIsNotInAFilesGroupDoesNotLetOthersRunAsThat() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        Files.setAttribute(directory, "unix:mode", 0755);
        Path shared = Files.createDirectory(directory.resolve("parts"));
        Files.setAttribute(shared, "unix:mode", SET_GROUP | 0777);
        Files.setAttribute(shared, "unix:gid", 4242);
        open(Keep.ALL);
        Program somebody = make.as(1234, 1234);
        somebody.put("parts/program", "text");
        assertThat(somebody.stat("parts/program").group()).isEqualTo(4242);
        somebody.change("parts/program", new Change(Change.MODE, 0, SET_GROUP | 0755, 0, 0, 0, 0, 0, 0));
        assertThat(somebody.stat("parts/program").mode() & 07777).isEqualTo(0755);
        make.as(1234, 4242).change("parts/program", new Change(Change.MODE, 0, SET_GROUP | 0755, 0, 0, 0, 0, 0, 0));
        assertThat(somebody.stat("parts/program").mode() & 07777).isEqualTo(SET_GROUP | 0755);
    }

    @Test
    void aDirectoryMayGiveItsGroupToAllThatComesIntoIt() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        Path shared = Files.createDirectory(directory.resolve("parts"));
        Files.setAttribute(shared, "unix:gid", 4711);
        Files.setAttribute(shared, "unix:mode", SET_GROUP | 0775);
        open(Keep.ALL);
        make.put("parts/flowing", "x");
        make.makeDirectory("parts/inner");
        make.put("parts/inner/plain", "x");
        finish(true);
        for (String path : List.of("parts/flowing", "parts/inner", "parts/inner/plain")) {
            assertThat(Files.getAttribute(directory.resolve(path), "unix:gid")).isEqualTo(4711);
        }
        assertThat((int) Files.getAttribute(shared.resolve("inner"), "unix:mode") & SET_GROUP)
                .isEqualTo(SET_GROUP);
    }

    private static int open(Path path, OpenFlag... flags) {
        int bits = 0;
        for (OpenFlag flag : flags) {
            bits |= flag.bits();
        }
        return Names.open(AT_WORKING_DIRECTORY, path.toString().getBytes(StandardCharsets.UTF_8), bits, 0644);
    }

    private static byte[] list(Path path) throws Refusal {
        int fd = open(path, OpenFlag.READ_ONLY);
        try {
            byte[] name = Defaults.OF_FILE.getBytes(StandardCharsets.US_ASCII);
            return Underlying.answer(fd, (of, address, length) -> Metadata.extended(of, name, address, length));
        } finally {
            Linux.close(fd);
        }
    }

    private static void layDown(Path folder, int userBits) {
        ByteBuffer list = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
        int[][] entries = {{1, 7, -1}, {2, userBits, 4711}, {4, 5, -1}, {0x10, 7, -1}, {0x20, 0, -1}};
        for (int[] entry : entries) {
            list.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
        }
        int fd = open(folder, OpenFlag.READ_ONLY, OpenFlag.DIRECTORY);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_BYTE, list.array());
            byte[] name = Defaults.OF_DIRECTORY.getBytes(StandardCharsets.US_ASCII);
            int result = Metadata.setExtended(fd, name, value.address(), list.capacity(), 0);
            assumeThat(result).as("the file system has access control lists").isZero();
        } finally {
            Linux.close(fd);
        }
    }

    /** What the kernel itself gives to a file is the model. */
    @Test
    void aDirectoryMayLayDownAnAccessControlListForAllThatComesIntoIt() throws Exception {
        Path parts = Files.createDirectory(directory.resolve("parts"));
        Path reference = parts.resolve("reference");
        layDown(directory, 4); // which is nobody's but of what comes there
        layDown(parts, 7);
        Linux.close(open(reference, OpenFlag.CREATE, OpenFlag.WRITE_ONLY));
        open(Keep.ALL);
        make.put("parts/flowing", "x");
        make.makeDirectory("parts/inner");
        make.put("parts/inner/plain", "x");
        finish(true);
        for (String path : List.of("parts/flowing", "parts/inner/plain")) {
            assertThat(list(directory.resolve(path))).as(path).isEqualTo(list(reference));
            assertThat(Files.getPosixFilePermissions(directory.resolve(path)))
                    .as(path)
                    .isEqualTo(Files.getPosixFilePermissions(reference));
        }
    }

    @Test
    void whatIsWrittenAsideGetsNoListOfTheDirectoryInWhichThatIs() throws Exception {
        Files.createDirectory(directory.resolve("parts"));
        layDown(directory, 4);
        open(Keep.ALL);
        Files.setPosixFilePermissions(directory.resolve("parts"), PosixFilePermissions.fromString("rwxr-xr-x"));
        make.put("parts/flowing", "x");
        finish(true);
        assertThatThrownBy(() -> list(directory.resolve("parts/flowing")))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENODATA));
    }

    @Test
    void onlyWhatWasLeftHalfDoneIsCleanedUp() throws Exception {
        Files.writeString(directory.resolve(".sluice-aside-1f"), "half");
        Files.writeString(directory.resolve(".sluice-aside-notes"), "mine");
        open(Keep.PERMANENT);
        finish(true);
        assertThat(directory.resolve(".sluice-aside-1f")).doesNotExist();
        assertThat(directory.resolve(".sluice-aside-notes")).hasContent("mine");
    }

    @Test
    void aHoleStaysOne() throws Exception {
        open(Keep.PERMANENT);
        Handle sparse = make.create("result");
        make.write(sparse, 0, "begin");
        make.write(sparse, 900_000, "end");
        make.close(sparse);
        finish(true);
        Path result = directory.resolve("result");
        assertThat(Files.size(result)).isEqualTo(900_003);
        assertThat(Files.readString(result)).startsWith("begin\0").endsWith("\0end");
        int fd = Linux.open(result, Program.READ, 0);
        dev.sluice.linux.Attributes found = new dev.sluice.linux.Attributes();
        assertThat(found.ask(fd)).isZero();
        Linux.close(fd);
        assertThat(found.blocks() * 512).isLessThan(400_000);
    }
}
