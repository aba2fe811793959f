package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.linux.Linux;
import dev.sluice.testing.Child;
import dev.sluice.testing.Descriptors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How files are opened, and how that is refused. */
class OpeningTest {
    @TempDir
    private Path folder;

    @AfterEach
    void nothingIsLeftOpen() {
        assertThat(Descriptors.of(folder.toString())).isEmpty();
    }

    private Path holding(String content) throws IOException {
        return Files.writeString(folder.resolve("file"), content);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Path path, OpenOption... options) {
        return assertThatThrownBy(() -> AsyncFile.open(path, options).close()).hasMessageStartingWith(path.toString());
    }

    @Test
    void aMissingFileIsNamed() {
        Path missing = folder.resolve("missing");
        for (OpenOption[] options :
                new OpenOption[][] {{}, {READ}, {WRITE}, {READ, WRITE}, {APPEND}, {WRITE, TRUNCATE_EXISTING}}) {
            assertRefused(missing, options)
                    .isExactlyInstanceOf(NoSuchFileException.class)
                    .hasMessageContainingAll("opening for", "ENOENT");
        }
        assertRefused(missing.resolve("inner"), WRITE, CREATE).isExactlyInstanceOf(NoSuchFileException.class);
    }

    @Test
    void anOpeningThatFailedDoesNotStick() throws IOException {
        Path path = folder.resolve("file");
        assertRefused(path).isExactlyInstanceOf(NoSuchFileException.class);
        Files.writeString(path, "there now");
        AsyncFile.open(path).close();
    }

    @Test
    void aNewFileMustNotExist() throws IOException {
        Path path = holding("kept");
        assertRefused(path, WRITE, CREATE_NEW)
                .isExactlyInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("opening for writing failed: EEXIST (File exists)");
        assertThat(path).hasContent("kept");
        Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));
        assertRefused(folder.resolve("link"), WRITE, CREATE_NEW).isExactlyInstanceOf(FileAlreadyExistsException.class);
        AsyncFile.open(folder.resolve("new"), WRITE, CREATE_NEW).close();
    }

    @Test
    void aFolderIsNoFile() {
        assertRefused(folder).isExactlyInstanceOf(FileSystemException.class).hasMessageContaining("EISDIR");
        assertRefused(folder, WRITE).hasMessageContaining("EISDIR");
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        assertRefused(holding("").resolve("inner")).isExactlyInstanceOf(NotDirectoryException.class);
    }

    @Test
    void creatingKeepsWhatThereIs() throws IOException {
        Path path = holding("0123456789");
        try (AsyncFile file = AsyncFile.open(path, WRITE, CREATE)) {
            file.write(Sample.direct("ab"), 0);
        }
        assertThat(path).hasContent("ab23456789");
    }

    @Test
    void truncatingCutsAtOnce() throws IOException {
        Path path = holding("0123456789");
        AsyncFile.open(path, WRITE, TRUNCATE_EXISTING).close();
        assertThat(path).isEmptyFile();
    }

    @Test
    void appendedFilesMayBeReadToo() throws IOException {
        Path path = holding("0123");
        try (AsyncFile file = AsyncFile.open(path, READ, APPEND)) {
            assertThat(file.isAppending()).isTrue();
            assertThat(file.append(Sample.direct("45"))).isEqualTo(4);
            ByteBuffer target = ByteBuffer.allocate(10);
            assertThat(file.read(target, 0)).isEqualTo(6);
        }
    }

    @Test
    void whatWasNotAskedForIsRefused() throws IOException {
        Path path = holding("0123");
        ByteBuffer buffer = ByteBuffer.allocateDirect(4);
        try (AsyncFile reading = AsyncFile.open(path);
                AsyncFile writing = AsyncFile.open(path, WRITE)) {
            assertThatThrownBy(() -> reading.write(buffer, 0))
                    .isInstanceOf(NonWritableChannelException.class)
                    .hasMessage(path + " was opened for reading only: open it with WRITE too");
            assertThatThrownBy(() -> reading.writeAsync(buffer, 0)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> reading.truncate(0)).isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> writing.read(buffer, 0))
                    .isInstanceOf(NonReadableChannelException.class)
                    .hasMessage(path + " was opened for writing only: open it with READ too");
            assertThatThrownBy(() -> writing.readAsync(buffer, 0)).isInstanceOf(NonReadableChannelException.class);
        }
    }

    @Test
    void optionsThatExcludeEachOtherAreRefused() {
        Path path = folder.resolve("file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AsyncFile.open(path, APPEND, TRUNCATE_EXISTING))
                .withMessageContainingAll("APPEND", "TRUNCATE_EXISTING");
        for (OpenOption option : List.of(CREATE, CREATE_NEW, TRUNCATE_EXISTING)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AsyncFile.open(path, READ, option))
                    .withMessageContainingAll(option.toString(), "needs WRITE");
        }
        OpenOption unknown = new OpenOption() {
            @Override
            public String toString() {
                return "FANCY";
            }
        };
        assertThatThrownBy(() -> AsyncFile.open(path, unknown))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("FANCY");
        assertThatThrownBy(() -> AsyncFile.open(path, READ, null)).isInstanceOf(NullPointerException.class);
        assertThat(path).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SYNC", "DSYNC", "SPARSE"})
    void writingThroughToTheDiskWorks(String name) throws IOException {
        OpenOption option = name.equals("SYNC") ? SYNC : name.equals("DSYNC") ? DSYNC : SPARSE;
        try (AsyncFile file = AsyncFile.open(folder.resolve("file"), CREATE_NEW, READ, WRITE, option)) {
            file.write(Sample.direct("abc"), 0);
            assertThat(file.writeAsync(Sample.direct("def"), 3).join()).isEqualTo(3);
        }
        assertThat(folder.resolve("file")).hasContent("abcdef");
    }

    @Test
    void linksAreFollowedUnlessToldOtherwise() throws IOException {
        holding("0123");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("file"));
        AsyncFile.open(link).close();
        assertRefused(link, READ, LinkOption.NOFOLLOW_LINKS).hasMessageContaining("ELOOP");
        AsyncFile.open(folder.resolve("file"), READ, LinkOption.NOFOLLOW_LINKS).close();
    }

    @Test
    void aFileDeletedOnCloseIsGoneAfterwards() throws IOException {
        Path path = folder.resolve("file");
        try (AsyncFile file = AsyncFile.open(path, CREATE_NEW, READ, WRITE, DELETE_ON_CLOSE)) {
            file.write(Sample.direct("abc"), 0);
            assertThat(path).doesNotExist(); // as the JDK has it: it is there as long as it is open, but has no name
            assertThat(file.size()).isEqualTo(3);
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void openingWithoutWaitingAnswersTheSame() throws IOException {
        Path path = holding("0123");
        try (AsyncFile file = AsyncFile.openAsync(path, Context.shared(), READ).join()) {
            assertThat(file.size()).isEqualTo(4);
        }
        assertThatThrownBy(() -> AsyncFile.openAsync(folder.resolve("missing"), Context.shared(), READ)
                        .join())
                .hasCauseExactlyInstanceOf(NoSuchFileException.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AsyncFile.openAsync(path, Context.shared(), READ, CREATE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", "ünïcödé", "what?", "%41", "line\nbreak"})
    void namesAreWhatTheyAre(String name) throws IOException {
        assumeTrue(java.nio.charset.Charset.forName(System.getProperty("sun.jnu.encoding"))
                .newEncoder()
                .canEncode(name));
        try (AsyncFile file = AsyncFile.open(folder.resolve(name), CREATE_NEW, WRITE)) {
            file.write(Sample.direct("abc"), 0);
            assertThat(file.name()).isEqualTo(folder.resolve(name).toString());
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve(name));
        }
    }

    @Test
    void forbiddenFilesAreRefused() throws IOException {
        Files.setPosixFilePermissions(holding("secret"), java.util.Set.of());
        assertThat(tryAsOrdinaryUser(folder.resolve("file")))
                .contains(AccessDeniedException.class.getName() + ": " + folder.resolve("file"))
                .contains("opening for reading failed: EACCES (Permission denied)");
    }

    @Test
    void filesThatNobodyMayChangeAreRefused() throws IOException {
        Path path = holding("fixed");
        assumeTrue(Child.run(List.of("sh", "-c", "chattr +i " + path)).exit() == 0, "no file can be made immutable");
        try {
            assertRefused(path, WRITE).isInstanceOf(FileSystemException.class).hasMessageContaining("EPERM");
            AsyncFile.open(path).close();
        } finally {
            Child.run(List.of("chattr", "-i", path.toString()));
        }
    }

    @Test
    void readOnlyFileSystemsRefuseToBeWritten() {
        assumeTrue(Linux.availability().available() && Files.exists(Path.of("/sys/kernel/mm")), "/sys is needed");
        List<String> command = new ArrayList<>(List.of(
                "unshare", "-m", "sh", "-c", "mount -t tmpfs -o ro none \"$0\" && exec \"$@\"", folder.toString()));
        command.addAll(Child.java(
                Tries.class.getName(),
                Tries.class,
                List.of(),
                folder.resolve("new").toString(),
                "WRITE"));
        Child.Outcome outcome = Child.run(command);
        assumeTrue(outcome.output().contains("Exception"), () -> "nothing can be mounted: " + outcome.output());
        assertThat(outcome.output())
                .contains("FileSystemException: " + folder.resolve("new"), "EROFS (Read-only file system)");
    }

    /** Root is an ordinary user when it has lost the privilege to pass over permissions. */
    private static String tryAsOrdinaryUser(Path path) {
        List<String> command = new ArrayList<>();
        if (Child.run(List.of("id", "-u")).output().strip().equals("0")) {
            command.addAll(List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search"));
            assumeTrue(
                    Child.run(List.of("setpriv", "--bounding-set=-dac_override", "true"))
                                    .exit()
                            == 0,
                    "setpriv is needed");
        }
        command.addAll(Child.java(Tries.class.getName(), Tries.class, List.of(), path.toString(), "READ"));
        return Child.run(command).output();
    }

    /** Opens a file and prints what came of it. */
    static final class Tries {
        public static void main(String... arguments) {
            try {
                Path path = Path.of(arguments[0]);
                (arguments[1].equals("READ") ? AsyncFile.open(path) : AsyncFile.open(path, WRITE, CREATE)).close();
                System.out.println("opened");
            } catch (IOException e) {
                System.out.println(e);
            }
        }
    }
}
