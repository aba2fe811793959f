package dev.sluice.jvm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.MalformedInputException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What CAPIO's binding for Python gets wrong with files, and this one does not. What it gets wrong with contexts is in
 * {@link ScopeTest} (the first one wins, threads restore each other's, a body runs twice, functions that go on later) and
 * {@link FrontTest} (names that begin alike), with waiting in {@link SluiceFileSystemProviderTest}.
 */
class PycapioTest {
    @TempDir
    Path folder;

    private Managed managed;
    private Scope make;
    private Scope use;

    @BeforeEach
    void open() throws IOException {
        managed = Managed.in(folder);
        make = Sluice.scope(managed.directory)
                .step("make")
                .within(managed.workflow)
                .open();
        use = Sluice.scope(managed.directory)
                .step("use")
                .within(managed.workflow)
                .open();
    }

    @AfterEach
    void close() throws IOException {
        make.close();
        use.close();
        managed.close();
    }

    @Test
    void writingAnewLeavesNothingOfTheOldBytes() throws IOException {
        Files.writeString(make.path("f"), "a long text");
        Files.writeString(make.path("f"), "short");
        assertThat(Files.readString(make.path("f"))).isEqualTo("short");
    }

    @Test
    void appendingMakesTheFileAndDoesNotWaitForIt() throws IOException {
        Files.writeString(make.path("log"), "one ", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Files.writeString(make.path("log"), "two", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        assertThat(Files.readString(make.path("log"))).isEqualTo("one two");
        assertThatThrownBy(() -> Files.writeString(make.path("none"), "x", StandardOpenOption.APPEND))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aNewFileIsNewOrRefused() throws IOException {
        Files.writeString(make.path("f"), "x", StandardOpenOption.CREATE_NEW);
        assertThatThrownBy(() -> Files.writeString(make.path("f"), "y", StandardOpenOption.CREATE_NEW))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessage("f");
        assertThat(Files.readString(make.path("f"))).isEqualTo("x");
    }

    @Test
    void whatCannotBeOpenedIsAnExceptionThatNamesIt() {
        assertThatThrownBy(() -> Files.newByteChannel(make.path("none")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage("none");
        assertThatThrownBy(() -> make.descriptors().open("none")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void textsHaveTheEncodingThatIsAskedFor() throws IOException {
        Charset latin = Charset.forName("ISO-8859-1");
        Files.writeString(make.path("f"), "äöü", latin);
        assertThat(Files.size(make.path("f"))).isEqualTo(3);
        assertThat(Files.readString(make.path("f"), latin)).isEqualTo("äöü");
        assertThatThrownBy(() -> Files.readString(make.path("f"), UTF_8)).isInstanceOf(MalformedInputException.class);
    }

    @Test
    void aCharacterThatComesInTwoPiecesIsOneCharacter() throws Exception {
        byte[] euro = "€".getBytes(UTF_8);
        var writing = Files.newOutputStream(make.path("data"));
        try (BufferedReader reader = Files.newBufferedReader(use.path("data"))) {
            writing.write(euro, 0, 1);
            FutureTask<Integer> one = new FutureTask<>(reader::read);
            Thread.startVirtualThread(one);
            Deadline.until("the reader waits", () -> managed.workflow.waiting().size() == 1);
            writing.write(euro, 1, 2);
            writing.close();
            assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo('€');
        }
    }

    @Test
    void smallReadsAfterLargeOnesGetEveryByteOnce() throws IOException {
        Files.writeString(make.path("f"), "0123456789".repeat(5_000));
        try (BufferedReader reader = Files.newBufferedReader(make.path("f"))) {
            char[] some = new char[7];
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 3; i++) {
                all.append(some, 0, reader.read(some, 0, 1 + 2 * i));
            }
            assertThat(all).hasToString("012345678");
            char[] rest = new char[60_000];
            assertThat(reader.read(rest, 0, 11)).isEqualTo(11);
            assertThat(new String(rest, 0, 11)).isEqualTo("90123456789");
        }
    }

    @Test
    void afterASeekTheBytesOfTheNewPlaceAreRead() throws IOException {
        Files.writeString(make.path("f"), "0123456789");
        SeekableByteChannel channel = Files.newByteChannel(make.path("f"));
        ByteBuffer one = ByteBuffer.allocate(1);
        assertThat(channel.read(one)).isEqualTo(1);
        assertThat(channel.position(8).read(one.clear())).isEqualTo(1);
        assertThat(one.get(0)).isEqualTo((byte) '8');
        assertThat(channel.position()).isEqualTo(9);
        channel.position(3L << 31);
        assertThat(channel.position()).isEqualTo(3L << 31);
        assertThat(channel.isOpen()).isTrue();
        channel.close();
        assertThat(channel.isOpen()).isFalse();
        assertThatThrownBy(channel::position).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void aThreadThatWaitsHoldsUpNoOther() throws Exception {
        FutureTask<String> reading = new FutureTask<>(() -> Files.readString(use.path("data")));
        Thread.ofPlatform().daemon().start(reading);
        Deadline.until("the reader waits", () -> managed.workflow.waiting().size() == 1);
        Files.writeString(make.path("data"), "text");
        assertThat(reading.get(20, TimeUnit.SECONDS)).isEqualTo("text");
    }

    @Test
    void filesAndDirectoriesAreToldApart() throws IOException {
        Files.createDirectory(make.path("d"));
        Files.writeString(make.path("f"), "12");
        assertThat(Files.isDirectory(make.path("d"))).isTrue();
        assertThat(Files.isRegularFile(make.path("d"))).isFalse();
        assertThat(Files.isRegularFile(make.path("f"))).isTrue();
        assertThat(Files.isDirectory(make.path("none"))).isFalse();
        assertThat(Files.exists(make.path("none"))).isFalse();
        assertThat(Files.notExists(make.path("none"))).isTrue();
        assertThat(Files.size(make.path("f"))).isEqualTo(2);
        assertThatThrownBy(() -> Files.size(make.path("none"))).isInstanceOf(NoSuchFileException.class);
        try (var entries = Files.list(make.path(""))) {
            assertThat(entries.filter(Files::isDirectory).map(Path::toString)).containsExactly("d");
        }
    }

    @Test
    void directoriesAreMadeWithAllThatAreAboveThem() throws IOException {
        Files.createDirectories(make.path("a/b/c"));
        Files.createDirectories(make.path("a/b/c"));
        assertThat(Files.isDirectory(make.path("a/b/c"))).isTrue();
        assertThatThrownBy(() -> Files.createDirectory(make.path("a"))).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> Files.createDirectory(make.path("x/y"))).isInstanceOf(NoSuchFileException.class);
        Files.writeString(make.path("f"), "x");
        assertThatThrownBy(() -> Files.createDirectories(make.path("f")))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void everyOperationIsTheWorkflowsNotOnlyOpen() throws IOException {
        Files.writeString(make.path("f"), "x");
        Files.move(make.path("f"), make.path("g"));
        Files.createLink(make.path("h"), make.path("g"));
        Files.delete(make.path("g"));
        assertThat(Files.readString(make.path("h"))).isEqualTo("x");
        Files.createDirectories(make.path("d/e"));
        assertThatThrownBy(() -> Files.delete(make.path("d"))).isInstanceOf(DirectoryNotEmptyException.class);
        Files.walkFileTree(make.path("d"), new java.nio.file.SimpleFileVisitor<>() {
            @Override
            public java.nio.file.FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.delete(directory);
                return java.nio.file.FileVisitResult.CONTINUE;
            }
        });
        assertThat(Files.exists(make.path("d"))).isFalse();
    }

    @Test
    void pathsCanDoWhatPathsCan() throws IOException {
        Files.createDirectories(make.path("a/b"));
        Files.createSymbolicLink(make.path("link"), make.path("a/b"));
        assertThat(make.path("link").toRealPath())
                .hasToString(managed.directory.resolve("a/b").toString());
        assertThat(make.path("a/../a/./b").normalize()).hasToString("a/b");
        assertThat(make.path("a/../b").toAbsolutePath().normalize())
                .hasToString(managed.directory.resolve("b").toString());
        assertThat(Files.isSymbolicLink(make.path("link"))).isTrue();
        assertThat(Files.isSameFile(make.path("link"), make.path("a/b"))).isTrue();
        assertThat(List.of("a", "b", "c")).map(make.path("")::resolve).hasSize(3);
    }
}
