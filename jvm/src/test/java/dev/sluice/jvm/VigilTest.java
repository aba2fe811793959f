package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Limits;
import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers and writers of different processes, on one file that grows, and what becomes of the one when the other ends. */
@Timeout(120)
class VigilTest {
    private static final int NEW = OpenFlag.WRITE_ONLY.bits() | OpenFlag.CREATE.bits() | OpenFlag.TRUNCATE.bits();
    private static final int BLOCK = 1 << 16;
    private static final int SOME = 4 * BLOCK;

    @TempDir
    private Path folder;

    private Managed managed;
    private Host host;
    private final List<RemoteDoor> doors = new ArrayList<>();
    private Door maker;
    private Door user;

    @BeforeEach
    void serve() throws IOException {
        managed = Managed.in(folder.toRealPath());
        host = new Host(managed.workflow);
        maker = door(managed.making);
        user = door(managed.using);
    }

    @AfterEach
    void end() throws IOException {
        for (RemoteDoor door : doors) {
            door.drop();
        }
        host.close();
        managed.close();
    }

    private RemoteDoor door(Session session) throws IOException {
        doors.add(host.door(session));
        return doors.getLast();
    }

    private Child child(Session session, String... words) {
        List<String> all = new ArrayList<>(List.of(managed.directory.toString(), "-"));
        all.addAll(List.of(words));
        return Child.of(Child.java(
                        StepProgram.class.getName(), StepProgram.class, List.of(), all.toArray(String[]::new)))
                .with("SLUICE_SESSION", host.word(session))
                .start();
    }

    private static ByteBuffer pattern(long from, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            bytes.put(StepProgram.pattern(from + i));
        }
        return bytes.flip();
    }

    /** Writes to a file that is large enough to be lent, and reads all of it. */
    private Door.OpenFile written(Door by) throws IOException {
        Door.OpenFile writing = by.open("data", NEW, 0644);
        for (int at = 0; at < SOME; at += BLOCK) {
            assertThat(writing.write(pattern(at, BLOCK), at)).isEqualTo(at + BLOCK);
        }
        return writing;
    }

    private static Door.OpenFile readSoFar(Door by) throws IOException {
        Door.OpenFile reading = by.open("data", 0, 0);
        assertThat(read(reading, 0, SOME)).isEqualTo(SOME);
        return reading;
    }

    /** {@return up to where it could be read, at least up to a place unless it ended before; and all of it is as it should be} */
    private static long read(Door.OpenFile file, long from, long to) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(100_000);
        long at = from;
        while (at < to) {
            int count = file.read(piece.clear().limit((int) Math.min(piece.capacity(), to - at)), at);
            if (count < 0) {
                return at;
            }
            assertThat(piece.flip()).isEqualTo(pattern(at, count));
            at += count;
        }
        return at;
    }

    private static <T> FutureTask<T> in(boolean isVirtual, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread _ = isVirtual
                ? Thread.startVirtualThread(task)
                : Thread.ofPlatform().start(task);
        return task;
    }

    private static <T> T get(FutureTask<T> task) throws Exception {
        try {
            return task.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private void untilWaiting(int count) {
        Deadline.until(count + " wait", () -> managed.workflow.waiting().size() == count);
    }

    /** Room that was lent is there even then, but nobody learns any more of what is written into it. */
    @Test
    void noWriteSucceedsAfterOneThatHasFailedSinceTheServerHasEnded() throws IOException {
        Door.OpenFile writing = written(maker);
        assertThat(((RemoteFile) writing).deposits()).isTrue();
        host.die();
        long[] end = {SOME};
        Deadline.until("a write fails", () -> {
            try {
                end[0] = writing.write(pattern(end[0], 10), end[0]);
                return false;
            } catch (IOException e) {
                return true;
            }
        });
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> writing.write(pattern(end[0], 10), end[0]))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("the server of this directory has ended");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoSleepsIsShownAndWokenByTheNextBytes(boolean isVirtual) throws Exception {
        Door.OpenFile writing = written(maker);
        Door.OpenFile reading = readSoFar(user);
        long at = SOME;
        for (int round = 0; round < 20; round++) {
            long from = at;
            FutureTask<Long> next = in(isVirtual, () -> read(reading, from, from + 1));
            untilWaiting(1);
            assertThat(managed.workflow.waiting().getFirst().why()).contains("reads data");
            at = writing.write(pattern(from, 1000), from);
            assertThat(get(next)).isEqualTo(from + 1);
            untilWaiting(0);
        }
        long last = at;
        FutureTask<Long> end = in(isVirtual, () -> read(reading, last, last + 1));
        untilWaiting(1);
        writing.close();
        assertThat(get(end)).isEqualTo(last);
        reading.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInterruptEndsTheSleepAndNothingElse(boolean isVirtual) throws Exception {
        Door.OpenFile writing = written(maker);
        Door.OpenFile reading = readSoFar(user);
        Thread[] sleeper = new Thread[1];
        FutureTask<Boolean> interrupted = in(isVirtual, () -> {
            sleeper[0] = Thread.currentThread();
            try {
                return read(reading, SOME, SOME + 1) < 0;
            } catch (InterruptedIOException e) {
                return Thread.interrupted();
            }
        });
        untilWaiting(1);
        sleeper[0].interrupt();
        assertThat(get(interrupted)).isTrue();
        untilWaiting(0);
        writing.write(pattern(SOME, 10), SOME);
        assertThat(read(reading, SOME, SOME + 10)).isEqualTo(SOME + 10);
        writing.close();
        reading.close();
    }

    @Test
    void closingTheFileEndsTheSleep() throws Exception {
        Door.OpenFile writing = written(maker);
        Door.OpenFile reading = readSoFar(user);
        FutureTask<Long> sleeping = in(true, () -> read(reading, SOME, SOME + 1));
        untilWaiting(1);
        reading.close();
        assertThatThrownBy(() -> get(sleeping)).isInstanceOf(AsynchronousCloseException.class);
        untilWaiting(0);
        writing.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whenTheServerDiesWhoSleepsIsToldSo(boolean isVirtual) throws Exception {
        written(maker);
        Door.OpenFile reading = readSoFar(user);
        FutureTask<Long> sleeping = in(isVirtual, () -> read(reading, SOME, SOME + 1));
        untilWaiting(1);
        host.die();
        assertThatThrownBy(() -> get(sleeping))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("the server of this directory has ended");
    }

    @Test
    void whenItsWriterFailsWhoSleepsIsToldSo() throws Exception {
        written(maker);
        Door.OpenFile reading = readSoFar(user);
        FutureTask<Long> sleeping = in(true, () -> read(reading, SOME, SOME + 1));
        untilWaiting(1);
        doors.getFirst().drop();
        managed.making.end(false);
        assertThatThrownBy(() -> get(sleeping)).hasMessageContaining("EIO");
        reading.close();
    }

    @Test
    void aWriterThatIsKilledHasWrittenWholeBlocksAndNoOthers() throws Exception {
        for (int round = 0; round < 3; round++) {
            String path = "parts/" + round;
            if (round == 0) {
                managed.maker.makeDirectory("parts", 0755);
            }
            try (Child writer = child(managed.making, "pour", path, "1000000000000")) {
                writer.untilItSays("pours");
                long kept = (round * 7L) << 20;
                Door.OpenFile reading = maker.open(path, 0, 0); // its own step may read what is not complete
                Deadline.until("some is written", () -> reading.size() > kept);
                writer.killAlone();
                writer.finish();
                long size = reading.size();
                assertThat(size).isPositive();
                assertThat(size % BLOCK).isZero();
                assertThat(read(reading, 0, size)).isEqualTo(size);
                reading.close();
            }
        }
    }

    @Test
    void whoReadsWhatAKilledWriterWasWritingGetsRightBytesAndThenAnError() throws Exception {
        try (Child writer = child(managed.making, "pour", "data", "1000000000000")) {
            writer.untilItSays("pours");
            Door.OpenFile reading = user.open("data", 0, 0);
            assertThat(read(reading, 0, 3 << 20)).isEqualTo(3 << 20);
            FutureTask<Long> all = in(false, () -> read(reading, 3 << 20, Long.MAX_VALUE));
            writer.killAlone();
            writer.finish();
            untilWaiting(1);
            managed.making.end(false);
            assertThatThrownBy(() -> get(all)).hasMessageContaining("EIO");
            reading.close();
        }
    }

    @Test
    void aReaderThatIsKilledInItsSleepIsForgotten() throws Exception {
        Door.OpenFile writing = written(maker);
        try (Child reader = child(managed.using, "drink", "data")) {
            reader.untilItSays("has " + SOME);
            untilWaiting(1);
            reader.killAlone();
            reader.finish();
            untilWaiting(0);
        }
        long end = writing.write(pattern(SOME, BLOCK), SOME);
        Door.OpenFile other = user.open("data", 0, 0);
        assertThat(read(other, 0, end)).isEqualTo(end);
        writing.close();
        assertThat(read(other, end, end + 1)).isEqualTo(end);
        other.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"remote to remote", "remote to tree", "tree to remote"})
    void bytesComeWholeWhereverTheOtherOneIsAlsoWhenMemoryIsShort(String way) throws Exception {
        Door from = way.startsWith("tree") ? managed.maker : maker;
        Door to = way.endsWith("tree") ? managed.user : user;
        long all = new Limits(64 << 20, null).memory() + (40 << 20);
        FutureTask<Long> got = in(true, () -> {
            try (Door.OpenFile reading = to.open("data", 0, 0)) {
                return read(reading, 0, Long.MAX_VALUE);
            }
        });
        try (Door.OpenFile writing = from.open("data", NEW, 0644)) {
            for (long at = 0; at < all; at += 2 * BLOCK) {
                writing.write(pattern(at, 2 * BLOCK), at);
            }
        }
        assertThat(get(got)).isEqualTo(all);
    }

    @Test
    void manyFilesAtOnceFlowEachByItsOwnGauge() throws Exception {
        managed.maker.makeDirectory("parts", 0755);
        List<FutureTask<Long>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String path = "parts/" + i;
            Door.OpenFile writing = maker.open(path, NEW, 0644);
            Door.OpenFile reading = maker.open(path, 0, 0);
            all.add(in(true, () -> {
                try (writing) {
                    for (int at = 0; at < 2 << 20; at += BLOCK) {
                        writing.write(pattern(at, BLOCK), at);
                    }
                }
                try (reading) {
                    return read(reading, 0, Long.MAX_VALUE);
                }
            }));
        }
        for (FutureTask<Long> each : all) {
            assertThat(get(each)).isEqualTo(2 << 20);
        }
        Workflow workflow = managed.workflow;
        Deadline.until("what was made ready is given back", () -> workflow.memory() <= 20 * ((2 << 20) + 4096));
    }
}
