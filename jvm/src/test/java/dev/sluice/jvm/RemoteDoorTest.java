package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class RemoteDoorTest extends DoorContract {
    private Host host;
    private final List<RemoteDoor> doors = new ArrayList<>();

    @Override
    Door door(Workflow workflow, Session session) throws Exception {
        if (host == null) {
            host = new Host(workflow);
        }
        doors.add(host.door(session));
        return doors.getLast();
    }

    @Override
    void closeDoors() throws Exception {
        for (RemoteDoor door : doors) {
            door.drop();
        }
        if (host != null) {
            host.close();
        }
    }

    @Override
    void kill(Door door) throws Exception {
        ((RemoteDoor) door).drop();
    }

    private Door door() throws Exception {
        open();
        return doors.getFirst();
    }

    private CompletableFuture<Object> opening(String path) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return doors.getLast().open(path, 0, 0);
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                Thread::startVirtualThread);
    }

    /** To ask the directory where it is may lead to the server itself, for a program with the agent, and wait for who asks. */
    @Test
    void whoNeedsOneMoreConnectionKnowsWhereTheServerIsMet() throws Exception {
        Door maker = door();
        List<CompletableFuture<Object>> waiting = new ArrayList<>();
        for (int i = 1; i <= 10; i++) { // each has a connection of its own, so that none is left
            waiting.add(opening("data"));
            untilWaiting(i);
        }
        Path moved = temporary.resolve("moved");
        Files.move(maker.directory(), moved);
        assertThat(doors.getLast().allows("other", 0)).isFalse();
        Files.move(moved, maker.directory());
        maker.open("data", OpenFlag.WRITE_ONLY.bits() | OpenFlag.CREATE.bits(), 0644)
                .close();
        for (CompletableFuture<Object> one : waiting) {
            assertThat(one).succeedsWithin(Deadline.LONG);
        }
    }

    /** A server that is busy has a queue, and a virtual thread that finds it full is refused. */
    @Test
    void thousandsOfThreadsAskAtOnceAndAllAreAnswered() throws Exception {
        open();
        List<Thread> threads = new ArrayList<>();
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        host.accepting.lock();
        try {
            for (int i = 0; i < 2000; i++) {
                CompletableFuture<Boolean> answer = new CompletableFuture<>();
                answers.add(answer);
                threads.add(Thread.startVirtualThread(() -> {
                    try {
                        answer.complete(doors.getLast().allows("", 0));
                    } catch (IOException e) {
                        answer.completeExceptionally(e);
                    }
                }));
            }
            Deadline.until(
                    "all have asked",
                    () -> threads.stream()
                            .map(Thread::getState)
                            .allMatch(state -> state == Thread.State.WAITING || state == Thread.State.TERMINATED));
        } finally {
            host.accepting.unlock();
        }
        for (CompletableFuture<Boolean> answer : answers) {
            assertThat(answer).succeedsWithin(Deadline.LONG).isEqualTo(true);
        }
    }

    @Test
    void whenTheServerHasEndedEveryCallSaysSo() throws Exception {
        Door door = door();
        Door.OpenFile file = door.open("other", OpenFlag.WRITE_ONLY.bits() | OpenFlag.CREATE.bits(), 0644);
        CompletableFuture<Object> waiting = opening("data");
        untilWaiting(1);
        host.die();
        assertThatThrownBy(waiting::join).cause().hasMessageContaining("the server of this directory has ended");
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> file.write(bytes("x"), 0))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("the server of this directory has ended");
            assertThatThrownBy(() -> door.status("", true)).hasMessageContaining(door.directory() + "");
        }
        assertThatThrownBy(door::close).hasMessageContaining("has ended");
    }

    @Test
    void garbageHarmsNobodyElse() throws Exception {
        Door door = door();
        byte[] huge = {0x7F, -1, -1, -1, 2};
        byte[] none = {0, 0, 0, 0};
        byte[] unknown = {0, 0, 0, 5, 77, 0, 0, 0, 0};
        byte[] shortened = {0, 0, 0, 5, 2, 0, 0, 1, 0};
        byte[] cut = {0, 0, 1, 0, 2, 3};
        for (byte[] garbage : List.of(huge, none, unknown, shortened, cut)) {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(host.point.socket()))) {
                new Line()
                        .with("do", "enter")
                        .with("key", doors.getFirst().key())
                        .ask(channel);
                channel.write(ByteBuffer.wrap(garbage));
                channel.shutdownOutput();
                ByteBuffer answer = ByteBuffer.allocate(1000);
                try {
                    while (channel.read(answer) >= 0) {
                        assertThat(answer.position()).isPositive();
                    }
                } catch (java.net.SocketException e) {
                    assertThat(e).hasMessageContaining("reset"); // closed before it has read all
                }
                assertThat(answer.position() == 0 || answer.get(4) == Ask.FAILED)
                        .isTrue();
            }
        }
        assertThat(door.allows("", 0)).isTrue();
        Deadline.until("the others are closed", () -> host.connections() == 3);
    }

    @Test
    void whatIsNotOpenIsClosed() throws Exception {
        open();
        RemoteDoor door = doors.getFirst();
        try (RemoteFile file = new RemoteFile(door, 4711)) {
            assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), 0))
                    .isInstanceOf(java.nio.channels.ClosedChannelException.class);
        }
        try (Door.Listing listing = door.list("")) {
            assertThat(listing.next()).isNull();
        }
    }

    @Test
    void anotherOnesFilesAreOutOfReach() throws Exception {
        open();
        Door.OpenFile mine = doors.getFirst().open("data", OpenFlag.WRITE_ONLY.bits() | OpenFlag.CREATE.bits(), 0644);
        try (RemoteFile foreign = new RemoteFile(doors.getLast(), 1)) {
            assertThatThrownBy(() -> foreign.write(bytes("x"), 0))
                    .isInstanceOf(java.nio.channels.ClosedChannelException.class);
        }
        mine.close();
    }

    @Test
    void onlyAFewConnectionsAreKept() throws Exception {
        open();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            doors.getLast().open("data", 0, 0).close();
                        } catch (IOException e) {
                            throw new CompletionException(e);
                        }
                    },
                    Thread::startVirtualThread));
        }
        untilWaiting(40);
        assertThat(host.connections()).isGreaterThanOrEqualTo(42);
        doors.getFirst()
                .open("data", OpenFlag.WRITE_ONLY.bits() | OpenFlag.CREATE.bits(), 0644)
                .close();
        all.forEach(CompletableFuture::join);
        Deadline.until("most are closed", () -> host.connections() <= 2 + 8 + 1);
    }

    @Test
    void nobodyServesAPlainDirectory() throws Exception {
        assertThatThrownBy(() -> RemoteDoor.enter(temporary)).hasMessageContaining("nobody serves this directory");
        assertThat(Files.exists(temporary)).isTrue();
    }

    @Test
    void manyBytesAreReadWhereTheyAreAndAFileThatIsCutIsReadAgain() throws Exception {
        open();
        byte[] all = new byte[5 << 20];
        new java.util.Random(7).nextBytes(all);
        int make = OpenFlag.READ_WRITE.bits() | OpenFlag.CREATE.bits();
        try (Door.OpenFile writing = doors.getFirst().open("data", make, 0644);
                Door.OpenFile reading = doors.getLast().open("data", 0, 0)) {
            writing.write(ByteBuffer.wrap(all), 0);
            ByteBuffer into = ByteBuffer.allocate(1 << 20);
            assertThat(reading.read(into, 0)).isEqualTo(1 << 20);
            assertThat(into.array()).isEqualTo(java.util.Arrays.copyOf(all, 1 << 20));
            assertThat(reading.read(into.clear(), 1 << 20)).isEqualTo(1 << 20);
            assertThat(((RemoteFile) reading).borrows()).isTrue();
            writing.truncate(2 << 20);
            writing.write(bytes("new"), 2 << 20);
            ByteBuffer rest = ByteBuffer.allocate(100);
            assertThat(reading.read(rest, 2 << 20)).isEqualTo(3);
            assertThat(new String(rest.array(), 0, 3, java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("new");
        }
    }

    @Test
    void manyBytesAreWrittenInPlaceAndSeenAtOnceByWhoHasWrittenThem() throws Exception {
        open();
        byte[] all = new byte[6 << 20];
        new java.util.Random(7).nextBytes(all);
        Door maker = doors.getFirst();
        try (Door.OpenFile reading =
                        doors.getLast().open("other", OpenFlag.READ_WRITE.bits() | OpenFlag.CREATE.bits(), 0644);
                Door.OpenFile writing = maker.open("data", OpenFlag.WRITE_ONLY.bits() | OpenFlag.CREATE.bits(), 0644)) {
            assertThat(reading).isNotNull();
            for (int at = 0; at < all.length; at += 1 << 16) {
                assertThat(writing.write(ByteBuffer.wrap(all, at, 1 << 16), at)).isEqualTo(at + (1 << 16));
                assertThat(maker.status("data", true).size()).isEqualTo(at + (1 << 16));
            }
            assertThat(((RemoteFile) writing).deposits()).isTrue();
            writing.write(bytes("in between"), 1000);
            writing.write(bytes("small"), all.length);
        }
        try (Door.OpenFile file = doors.getLast().open("data", 0, 0)) {
            ByteBuffer into = ByteBuffer.allocate(all.length + 100);
            while (file.read(into, into.position()) > 0) {
                assertThat(into.position()).isPositive();
            }
            byte[] expected = java.util.Arrays.copyOf(all, all.length + 5);
            System.arraycopy("in between".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, expected, 1000, 10);
            System.arraycopy("small".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, expected, all.length, 5);
            assertThat(java.util.Arrays.copyOf(into.array(), into.position())).isEqualTo(expected);
        }
    }

    @Test
    void whatIsWrittenInPlaceIsReadWhileItGrows() throws Exception {
        open();
        byte[] all = new byte[4 << 20];
        new java.util.Random(7).nextBytes(all);
        CompletableFuture<byte[]> got = CompletableFuture.supplyAsync(
                () -> {
                    ByteBuffer into = ByteBuffer.allocate(all.length);
                    try (Door.OpenFile reading = doors.getLast().open("data", 0, 0)) {
                        ByteBuffer piece = ByteBuffer.allocate(100_000);
                        while (reading.read(piece.clear(), into.position()) > 0) {
                            into.put(piece.flip());
                        }
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                    return into.array();
                },
                Thread::startVirtualThread);
        try (Door.OpenFile writing =
                doors.getFirst().open("data", OpenFlag.WRITE_ONLY.bits() | OpenFlag.CREATE.bits(), 0644)) {
            for (int at = 0; at < all.length; at += 1 << 16) {
                writing.write(ByteBuffer.wrap(all, at, 1 << 16), at);
            }
        }
        assertThat(got.get(30, java.util.concurrent.TimeUnit.SECONDS)).isEqualTo(all);
    }

    /** As who writes an archive: behind each part its head is written, by some small writes one after the other. */
    @Test
    void whoGoesBackAndChangesWhatIsThereGoesOnAtTheEnd() throws Exception {
        open();
        java.util.Random random = new java.util.Random(7);
        byte[] all = new byte[4 << 20];
        try (Door.OpenFile writing =
                doors.getFirst().open("data", OpenFlag.WRITE_ONLY.bits() | OpenFlag.CREATE.bits(), 0644)) {
            for (int at = 0; at < all.length; at += 1 << 16) {
                put(writing, all, at, 1 << 16, random);
                for (int head = at - random.nextInt(1 << 18), i = 0; head > 1 << 20 && i < 3; i++) {
                    put(writing, all, head + 4 * i, 4, random);
                }
            }
            assertThat(((RemoteFile) writing).deposits()).isTrue();
        }
        assertThat(read(doors.getLast(), all.length)).isEqualTo(all);
    }

    private static void put(Door.OpenFile file, byte[] all, int at, int length, java.util.Random random)
            throws IOException {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        System.arraycopy(bytes, 0, all, at, length);
        assertThat(file.write(ByteBuffer.wrap(bytes), at)).isEqualTo(at + length);
    }

    private static byte[] read(Door door, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        try (Door.OpenFile reading = door.open("data", 0, 0)) {
            while (into.hasRemaining() && reading.read(into, into.position()) > 0) {
                assertThat(into.position()).isPositive();
            }
        }
        return java.util.Arrays.copyOf(into.array(), into.position());
    }

    @Test
    void aGapIsNotReadBeforeItIsFilled() throws Exception {
        open();
        java.util.Random random = new java.util.Random(7);
        byte[] all = new byte[4 << 20];
        CompletableFuture<byte[]> got = new CompletableFuture<>();
        try (Door.OpenFile writing =
                doors.getFirst().open("data", OpenFlag.WRITE_ONLY.bits() | OpenFlag.CREATE.bits(), 0644)) {
            int at = 0;
            for (; at < 1 << 20; at += 1 << 16) {
                put(writing, all, at, 1 << 16, random);
            }
            for (int behind = at + (1 << 18); behind < all.length; behind += 1 << 16) {
                put(writing, all, behind, 1 << 16, random);
            }
            Thread.startVirtualThread(() -> {
                try {
                    got.complete(read(doors.getLast(), all.length));
                } catch (IOException | RuntimeException | AssertionError e) {
                    got.completeExceptionally(e);
                }
            });
            untilWaiting(1);
            put(writing, all, at, 1 << 18, random);
        }
        assertThat(got).succeedsWithin(Deadline.LONG).isEqualTo(all);
    }

    /** The streams of java.io do not know interrupts, so one that is there already ends nothing but a wait. */
    @Test
    void whoWasInterruptedBeforeWritesAndReadsAllTheSame() throws Exception {
        open();
        byte[] all = new byte[1 << 20];
        new java.util.Random(7).nextBytes(all);
        int make = OpenFlag.READ_WRITE.bits() | OpenFlag.CREATE.bits();
        try (Door.OpenFile writing = doors.getFirst().open("data", make, 0644)) {
            ByteBuffer into = ByteBuffer.allocate(all.length);
            Thread.currentThread().interrupt();
            try (Door.OpenFile reading = doors.getLast().open("data", 0, 0)) {
                for (int at = 0; at < all.length; at += 1 << 16) {
                    writing.write(ByteBuffer.wrap(all, at, 1 << 16), at);
                }
                while (into.hasRemaining()) {
                    assertThat(reading.read(into, into.position())).isPositive();
                }
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(into.array()).isEqualTo(all);
        }
    }

    @Test
    void roomThatWasLentIsGivenBackWithTheFile() throws Exception {
        open();
        try (Door.OpenFile writing =
                doors.getFirst().open("data", OpenFlag.WRITE_ONLY.bits() | OpenFlag.CREATE.bits(), 0644)) {
            writing.write(ByteBuffer.allocate(100_000), 0);
            assertThat(memory()).isGreaterThan(200_000);
        }
        assertThat(memory()).isBetween(100_000L, 110_000L);
    }
}
