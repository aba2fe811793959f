package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Limits;
import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of which each byte is read once, since their room is used again: written and read in place, in little memory. */
@Timeout(120)
class BorrowingTest {
    private static final int NEW = OpenFlag.WRITE_ONLY.bits() | OpenFlag.CREATE.bits() | OpenFlag.TRUNCATE.bits();
    private static final int MEMORY = 4 << 20;
    private static final int BLOCK = 1 << 16;
    private static final int ALL = 64 << 20;

    /** All that is written. */
    private static final byte[] PATTERN = pattern();

    @TempDir
    private Path folder;

    private Workflow workflow;
    private Host host;
    private Session making;
    private final List<RemoteDoor> doors = new ArrayList<>();

    @BeforeEach
    void serve() throws IOException {
        Flow flow = Flow.builder("test")
                .step(
                        "make",
                        List.of(),
                        List.of("data"),
                        Rule.files("data").commits(CommitRule.onClose()).fires(FireRule.NO_UPDATE))
                .step("one", List.of("data"), List.of())
                .step("two", List.of("data"), List.of())
                .build();
        Path directory = Files.createDirectory(folder.toRealPath().resolve("work"));
        workflow = Workflow.open(directory, flow, Keep.NONE, new Limits(MEMORY, null, Limits.Overflow.WAIT));
        host = new Host(workflow);
        making = workflow.start("make");
    }

    @AfterEach
    void end() throws IOException {
        for (RemoteDoor door : doors) {
            door.drop();
        }
        host.close();
        workflow.close();
    }

    private RemoteDoor door(Session session) throws IOException {
        doors.add(host.door(session));
        return doors.getLast();
    }

    private static byte[] pattern() {
        byte[] bytes = new byte[ALL + (4 << 20)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = StepProgram.pattern(i);
        }
        return bytes;
    }

    private static <T> FutureTask<T> inThread(Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        Thread.ofPlatform().daemon().start(future);
        return future;
    }

    private static <T> T get(FutureTask<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    /** Writes all, by pieces of many lengths. {@return how much of it was written in place, in pieces} */
    private int write(Door door, long seed) throws IOException {
        int inPlace = 0;
        Random random = new Random(seed);
        try (Door.OpenFile writing = door.open("data", NEW, 0644)) {
            for (int at = 0; at < ALL; ) {
                int length = Math.min(ALL - at, 1 + random.nextInt(4 * BLOCK));
                assertThat(writing.write(ByteBuffer.wrap(PATTERN, at, length), at))
                        .isEqualTo(at + length);
                inPlace += ((RemoteFile) writing).deposits() ? 1 : 0;
                at += length;
            }
        }
        return inPlace;
    }

    private static int readAndCompare(Door.OpenFile reading, ByteBuffer piece, int at) throws IOException {
        int count = reading.read(piece, at);
        if (count > 0) {
            assertThat(piece.flip()).as("at %d", at).isEqualTo(ByteBuffer.wrap(PATTERN, at, count));
        }
        return count;
    }

    /** Reads all. {@return how often it read in place} */
    private static int readAll(Door.OpenFile reading, long seed) throws IOException {
        Random random = new Random(seed);
        int inPlace = 0;
        int at = 0;
        for (int count = 0; count >= 0; at += count) {
            count = readAndCompare(reading, ByteBuffer.allocateDirect(1 + random.nextInt(4 * BLOCK)), at);
            if (count < 0) {
                break;
            }
            inPlace += ((RemoteFile) reading).borrows() ? 1 : 0;
        }
        assertThat(at).isEqualTo(ALL);
        return inPlace;
    }

    @Test
    void allComesThroughLittleMemoryForReadersOfAnySpeed() throws Exception {
        RemoteDoor maker = door(making);
        Door one = door(workflow.start("one"));
        Door two = door(workflow.start("two"));
        FutureTask<Integer> writing = inThread(() -> write(maker, 1));
        try (Door.OpenFile first = one.open("data", 0, 0);
                Door.OpenFile second = two.open("data", 0, 0)) {
            FutureTask<Integer> other = inThread(() -> readAll(second, 2));
            assertThat(readAll(first, 3)).as("reads in place").isPositive();
            assertThat(get(other)).as("reads in place").isPositive();
            assertThat(get(writing)).as("writes in place").isPositive();
            assertThat(workflow.memory()).isLessThanOrEqualTo(MEMORY);
            assertThatThrownBy(() -> first.read(ByteBuffer.allocate(1), 0)).isInstanceOf(FileSystemException.class);
        }
    }

    @Test
    void someThreadsThatReadOneFileNeverGetOtherBytes() throws Exception {
        RemoteDoor maker = door(making);
        Session reading = workflow.start("one");
        Door one = door(reading);
        Door two = door(workflow.start("two"));
        FutureTask<Integer> writing = inThread(() -> write(maker, 4));
        try (Door.OpenFile first = one.open("data", 0, 0);
                Door.OpenFile second = two.open("data", 0, 0)) {
            FutureTask<Integer> other = inThread(() -> readAll(second, 5));
            List<FutureTask<Integer>> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) { // what one of them has not got yet, the server may refuse as gone
                threads.add(inThread(() -> {
                    int at = 0;
                    while (at < ALL) {
                        try {
                            int count = readAndCompare(first, ByteBuffer.allocate(BLOCK), at);
                            if (count < 0) {
                                break;
                            }
                            at += count;
                        } catch (FileSystemException e) {
                            at += BLOCK;
                        }
                    }
                    return at;
                }));
            }
            for (FutureTask<Integer> thread : threads) {
                assertThat(get(thread)).isGreaterThanOrEqualTo(ALL);
            }
            get(other);
            get(writing);
        }
    }

    @Test
    void aReaderThatIsKilledHoldsNobodyUp() throws Exception {
        RemoteDoor maker = door(making);
        Session dying = workflow.start("one");
        Door two = door(workflow.start("two"));
        FutureTask<Integer> writing = inThread(() -> write(maker, 6));
        try (Door.OpenFile second = two.open("data", 0, 0);
                Child reader = Child.of(Child.java(
                                StepProgram.class.getName(),
                                StepProgram.class,
                                List.of(),
                                workflow.directory().toString(),
                                "-",
                                "drink",
                                "data"))
                        .with("SLUICE_SESSION", host.word(dying))
                        .start()) {
            reader.untilItSays("drinks");
            FutureTask<Integer> other = inThread(() -> readAll(second, 7));
            Deadline.until("it has read some", () -> reader.said().contains("has "));
            reader.kill();
            dying.end(false);
            get(other);
            get(writing);
        }
    }
}
