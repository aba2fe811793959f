package dev.sluice.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.files.MappedFiles.Copying;
import dev.sluice.files.MappedFiles.Patch;
import dev.sluice.files.MappedFiles.Range;
import dev.sluice.testing.Descriptors;
import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MappedFilesTest extends OnFiles {
    private MappedFiles files;

    @BeforeEach
    void open() {
        files = closedAfterwards(new MappedFiles(2));
    }

    private static long spaceOf(Path path) throws IOException {
        try (Descriptor file = Descriptor.forReading(path)) {
            return file.attributes().blocks() * 512;
        }
    }

    @Test
    void openingNeitherCutsNorCreates() throws IOException {
        Path path = file("hello");
        try (MappedFile mapped = files.open(path)) {
            assertThat(utf8(mapped.readAll())).isEqualTo("hello");
            assertThat(mapped.size()).isEqualTo(5);
        }
        assertThat(path).hasContent("hello");
        assertThatThrownBy(() -> files.open(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> files.open(folder)).isInstanceOf(FileSystemException.class);
        Path pipe = Pipes.make(folder);
        assertThatThrownBy(() -> files.openReadOnly(pipe))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("no regular file");
    }

    @Test
    void emptyFilesAreMappedAndGrow() throws IOException {
        Path path = file("");
        try (MappedFile mapped = files.open(path)) {
            assertThat(mapped.readAll()).isEmpty();
            assertThat(mapped.find(Search.of("x"), 0)).isEmpty();
            assertThat(mapped.compact()).isZero();
            assertThat(mapped.resident()).isZero();
            mapped.force();
            mapped.advise(MappedFile.Advice.RANDOM);
            mapped.write(3, utf8("x"));
            assertThat(utf8(mapped.readAll())).isEqualTo("\0\0\0x");
            mapped.resize(0);
            assertThat(mapped.size()).isZero();
        }
        assertThat(path).isEmptyFile();
    }

    @Test
    void creatingIsExclusiveOrNot() throws IOException {
        Path path = folder.resolve("new");
        try (MappedFile created = files.create(path, 10_000, true)) {
            assertThat(created.readAll()).isEqualTo(new byte[10_000]);
            created.write(0, utf8("old"));
        }
        assertThatThrownBy(() -> files.create(path, 1, true)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(path).hasSize(10_000);
        try (MappedFile again = files.create(path, 5, false)) {
            assertThat(again.readAll()).isEqualTo(new byte[5]);
        }
        try (MappedFile fresh = files.create(folder.resolve("fresh"), 0, false)) {
            assertThat(fresh.size()).isZero();
        }
        assertThatThrownBy(() -> files.create(folder.resolve("none").resolve("x"), 1, true))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> files.create(path, -1, true)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sparseFilesHaveHolesAndTheLaterBytesCount() throws IOException {
        Path path = folder.resolve("sparse");
        long size = 3L << 30;
        List<Patch> patches =
                List.of(new Patch(4, utf8("hello")), new Patch(6, utf8("XX")), new Patch(size - 3, utf8("end")));
        try (MappedFile sparse = files.createSparse(path, size, patches)) {
            assertThat(sparse.size()).isEqualTo(size);
            assertThat(utf8(sparse.read(0, 10))).isEqualTo("\0\0\0\0heXXo\0");
            assertThat(utf8(sparse.read(size - 5, 100))).isEqualTo("\0\0end");
            assertThat(sparse.findLast(utf8("hello".substring(0, 2)), size)).contains(4L);
            sparse.write(size / 2, utf8("middle"));
            assertThat(utf8(sparse.read(size / 2, 6))).isEqualTo("middle");
        }
        assertThat(spaceOf(path)).isLessThan(1 << 20);
        assertThatThrownBy(() -> files.createSparse(folder.resolve("x"), 10, List.of(new Patch(8, utf8("end")))))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContainingAll("3 bytes", "8", "10");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void aFileOpenedTwiceIsOneMappingUntilBothAreClosed() throws IOException {
        Path path = file("shared");
        Path link = Files.createSymbolicLink(folder.resolve("link"), path);
        MappedFile one = files.open(path);
        MappedFile other = files.openReadOnly(link);
        assertThat(files.mappings()).isEqualTo(1);
        assertThat(files.openPaths()).containsExactly(path, link);
        assertThat(files.openFiles()).containsExactly(one, other);
        one.write(6, utf8(" memory"));
        assertThat(utf8(other.readAll())).isEqualTo("shared memory");
        one.close();
        one.close();
        assertThat(utf8(other.read(0, 6))).isEqualTo("shared");
        assertThatThrownBy(() -> one.read(0, 1)).isInstanceOf(ClosedChannelException.class);
        other.close();
        assertThat(files.mappings()).isZero();
        assertThat(mappings(folder.toString())).isZero();
    }

    @Test
    void whatIsReadOnlyIsNotWrittenAndBecomesWritableForWhoMay() throws IOException {
        Path path = file("read only");
        MappedFile reader = files.openReadOnly(path);
        assertThat(reader.isWritable()).isFalse();
        assertThatThrownBy(() -> reader.write(0, utf8("x")))
                .isInstanceOf(NonWritableChannelException.class)
                .hasMessageContaining("reading only");
        assertThatThrownBy(() -> reader.resize(0)).isInstanceOf(NonWritableChannelException.class);
        assertThat(reader.segment().isReadOnly()).isTrue();
        MappedFile writer = files.open(path);
        writer.write(0, utf8("READ"));
        assertThat(utf8(reader.readAll())).isEqualTo("READ only");
        assertThatThrownBy(() -> reader.write(0, utf8("x"))).isInstanceOf(NonWritableChannelException.class);
        assertThat(Descriptors.of(path.toString())).hasSize(1);
    }

    @Test
    void prefetchingMapsAllOrNone() throws IOException {
        Path one = file("one", "1");
        Path two = file("two", "22");
        try (MappedFiles.Group group = files.prefetch(List.of(one, two))) {
            assertThat(group.files()).extracting(MappedFile::size).containsExactly(1L, 2L);
            assertThat(files.mappings()).isEqualTo(2);
            assertThat(files.mappedBytes()).isEqualTo(3);
            assertThat(files.residentBytes()).isBetween(0L, 2 * 4096L);
        }
        assertThatThrownBy(() -> files.prefetch(List.of(one, folder.resolve("none"), two)))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(files.mappings()).isZero();
        assertThat(Descriptors.of(folder.toString())).isEmpty();
    }

    @Test
    void residentBytesAreThoseInMemory() throws IOException {
        try (MappedFile mapped = files.create(folder.resolve("x"), 1 << 20, true)) {
            mapped.fill(0, new byte[] {1}, 1 << 20);
            assertThat(mapped.resident()).isEqualTo(1 << 20);
            assertThat(files.residentBytes()).isEqualTo(1 << 20);
            assertThat(files.mappedBytes()).isEqualTo(1 << 20);
        }
    }

    @Test
    void copiesAreWholeAndKeepHolesAndWhatIsAskedFor() throws IOException {
        Path path = folder.resolve("from");
        files.createSparse(
                        path,
                        50 << 20,
                        List.of(new Patch(20 << 20, utf8("data")), new Patch((50 << 20) - 1, utf8("z"))))
                .close();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
        FileTime time = FileTime.from(Instant.ofEpochSecond(1_000_000, 123_456_789));
        Files.setLastModifiedTime(path, time);
        Path to = folder.resolve("to");
        files.copy(path, to);
        assertThat(Files.mismatch(path, to)).isEqualTo(-1);
        assertThat(spaceOf(to)).isLessThan(1 << 20);
        assertThat(Files.getPosixFilePermissions(to)).isEqualTo(Files.getPosixFilePermissions(path));
        assertThat(Files.getLastModifiedTime(to)).isNotEqualTo(time);
        assertThatThrownBy(() -> files.copy(path, to))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("REPLACE");
        Files.writeString(to, "else");
        files.copy(path, to, Copying.REPLACE, Copying.ATTRIBUTES, Copying.FORCE);
        assertThat(Files.mismatch(path, to)).isEqualTo(-1);
        assertThat(Files.getLastModifiedTime(to)).isEqualTo(time);
        Path empty = file("empty", "");
        files.copy(empty, folder.resolve("empty copy"));
        assertThat(folder.resolve("empty copy")).isEmptyFile();
        assertThatThrownBy(() -> files.copy(folder.resolve("none"), folder.resolve("x")))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(folder.resolve("x")).doesNotExist();
        try (var all = Files.list(folder)) {
            assertThat(all).as("nothing hidden is left").hasSize(4);
        }
    }

    @Test
    void copiesGoToOtherFileSystemsToo() throws IOException {
        Path path = file("to another file system");
        Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "sluice");
        try {
            Path to = memory.resolve("to");
            files.copy(path, to);
            files.copy(to, folder.resolve("back"));
            assertThat(folder.resolve("back")).hasContent("to another file system");
            Path proc = Path.of("/proc/self/status");
            assertThat(files.checksum(proc, Checksum.CRC32C)).hasSize(8);
            files.copy(proc, folder.resolve("status"));
            assertThat(folder.resolve("status")).content().contains("Pid:");
        } finally {
            Files.deleteIfExists(memory.resolve("to"));
            Files.delete(memory);
        }
    }

    @Test
    void workOnManyFilesNamesTheOnesThatFail() throws IOException {
        Path one = file("one", "0123456789");
        Path none = folder.resolve("none");
        Path two = file("two", "abc");
        Map<Path, List<Range>> ranges = new LinkedHashMap<>();
        ranges.put(one, List.of(new Range(2, 3), new Range(8, 100), new Range(50, 1), new Range(7, -1)));
        ranges.put(none, List.of(Range.ALL));
        ranges.put(two, List.of(Range.ALL));
        Map<Path, Outcome<List<byte[]>>> read = get(files.readAll(ranges));
        assertThat(read.keySet()).containsExactly(one, none, two);
        assertThat(read.get(one).get().stream().map(OnFiles::utf8)).containsExactly("234", "89", "", "789");
        assertThat(utf8(read.get(two).get().getFirst())).isEqualTo("abc");
        assertThat(read.get(none).isDone()).isFalse();
        assertThatThrownBy(() -> read.get(none).get())
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(none.toString());

        Map<Path, Outcome<Long>> written = get(files.writeAll(Map.of(
                one, List.of(new Patch(1, utf8("xx")), new Patch(2, utf8("yy")), new Patch(12, utf8("z"))),
                none, List.of(new Patch(0, utf8("z"))))));
        assertThat(written.get(one).get()).isEqualTo(5);
        assertThat(one).hasContent("0xyy456789\0\0z");
        assertThat(written.get(none)).isInstanceOf(Outcome.Failed.class);
        assertThat(none).doesNotExist();

        Map<Path, Outcome<Long>> resized = get(files.resizeAll(Map.of(one, 4L, two, 0L, none, 1L)));
        assertThat(resized.get(one).get()).isEqualTo(13);
        assertThat(resized.get(none).isDone()).isFalse();
        assertThat(one).hasContent("0xyy");
        assertThat(two).isEmptyFile();
        assertThat(get(files.checksumAll(List.of(), Checksum.CRC32))).isEmpty();
    }

    @Test
    void zerosAtTheEndAreTakenAway() throws IOException {
        Path some = file("some", "a\0b\0\0\0");
        Path zeros = Files.write(folder.resolve("zeros"), new byte[1_000_000]);
        Path full = file("full", "x");
        Path hole = folder.resolve("hole");
        files.createSparse(hole, 5L << 30, List.of(new Patch(Pieces.SIZE - 1, utf8("x"))))
                .close();
        Map<Path, Outcome<Long>> taken = get(files.compactAll(List.of(some, zeros, full, hole)));
        assertThat(taken.get(some).get()).isEqualTo(3);
        assertThat(taken.get(zeros).get()).isEqualTo(1_000_000);
        assertThat(taken.get(full).get()).isZero();
        assertThat(some).hasContent("a\0b");
        assertThat(zeros).isEmptyFile();
        assertThat(hole).hasSize(Pieces.SIZE);
    }

    @Test
    void bytesAreFoundInManyFiles() throws IOException {
        Path one = file("one", "banana bandana");
        Path two = file("two", "nothing");
        Map<Path, Outcome<long[]>> found = get(files.findAll(Search.of("ana"), Map.of(one, 0L, two, 0L)));
        assertThat(found.get(one).get()).containsExactly(1, 11);
        assertThat(found.get(two).get()).isEmpty();
        Search overlapping = Search.of("ana").overlapping();
        assertThat(get(files.findAll(overlapping, Map.of(one, 0L))).get(one).get())
                .containsExactly(1, 3, 11);
        assertThat(get(files.findAll(overlapping.limit(2), Map.of(one, 2L)))
                        .get(one)
                        .get())
                .containsExactly(3, 11);
        assertThat(get(files.findAll(Search.of("a"), Map.of(one, 12L))).get(one).get())
                .as("the last byte, too")
                .containsExactly(13);
        assertThatThrownBy(() -> Search.of("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Search.of("x").limit(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void manyFilesAreCopiedAndSummedUpInParallel() throws IOException {
        Map<Path, Path> pairs = new LinkedHashMap<>();
        for (int i = 0; i < 300; i++) {
            pairs.put(file("file" + i, "content " + i), folder.resolve("copy" + i));
        }
        Map<Path, Outcome<Long>> copied = get(files.copyAll(pairs));
        assertThat(copied)
                .hasSize(300)
                .allSatisfy((path, outcome) -> assertThat(outcome.isDone()).isTrue());
        Map<Path, Outcome<String>> sums = get(files.checksumAll(pairs.keySet(), Checksum.XXH3_64));
        Map<Path, Outcome<String>> copies = get(files.checksumAll(pairs.values(), Checksum.XXH3_64));
        for (Map.Entry<Path, Path> pair : pairs.entrySet()) {
            assertThat(copies.get(pair.getValue()).get())
                    .isEqualTo(sums.get(pair.getKey()).get());
        }
        assertThat(get(files.copyAll(pairs)).values()).noneMatch(Outcome::isDone);
        assertThat(get(files.copyAll(pairs, Copying.REPLACE)).values()).allMatch(Outcome::isDone);
    }

    @Test
    void workThatIsCancelledStops() throws IOException {
        Path path = folder.resolve("large");
        files.createSparse(path, 1L << 40, List.of()).close();
        List<CompletableFuture<?>> work = new ArrayList<>();
        IntStream.range(0, 20).forEach(i -> work.add(files.findAll(Search.of("never"), Map.of(path, 0L))));
        work.add(files.checksumAll(List.of(path), Checksum.SHA_256));
        work.forEach(each -> assertThat(each.cancel(true)).isTrue());
        files.close(); // waits for what is at work
        assertThat(Descriptors.of(folder.toString())).isEmpty();
        assertThatThrownBy(() -> files.open(path)).isInstanceOf(ClosedChannelException.class);
        assertThat(failure(files.compactAll(List.of(path)))).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void openingAndClosingAgainAndAgainLeavesNothing() throws IOException {
        Path path = Files.write(folder.resolve("leak"), new byte[10_000]);
        for (int i = 0; i < 500; i++) {
            try (MappedFile one = files.open(path);
                    MappedFile other = files.openReadOnly(path)) {
                one.resize(10_000 + i);
                assertThat(other.size()).isEqualTo(10_000 + i);
            }
        }
        assertThat(mappings(path.toString())).isZero();
        assertThat(Descriptors.of(path.toString())).isEmpty();
    }

    @Test
    void filesThatTheKernelMakesWhenTheyAreReadAreSummedUpAndNotMapped() throws IOException {
        Path version = Path.of("/proc/version");
        assertThatThrownBy(() -> files.openReadOnly(version))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("made by the kernel");
        assertThat(files.checksum(version, Checksum.SHA_256))
                .isEqualTo(Checksum.SHA_256.of(Files.readAllBytes(version)));
    }

    @Test
    @Tag("abuse")
    void filesOverTwoGibibytesAreMappedSummedAndSearched() throws IOException {
        Path path = folder.resolve("huge");
        long size = 5L << 30;
        try (MappedFile huge = files.createSparse(path, size, List.of(new Patch(size - 6, utf8("needle"))))) {
            assertThat(huge.find(Search.of("needle"), 0)).containsExactly(size - 6);
            assertThat(get(files.findAll(Search.of("needle"), Map.of(path, 0L)))
                            .get(path)
                            .get())
                    .containsExactly(size - 6);
            huge.insert(3, utf8("abc"));
            assertThat(huge.size()).isEqualTo(size + 3);
            assertThat(utf8(huge.read(size - 3, 10))).isEqualTo("needle");
        }
        files.copy(path, folder.resolve("copy"));
        assertThat(files.checksum(path, Checksum.CRC32C))
                .isEqualTo(files.checksum(folder.resolve("copy"), Checksum.CRC32C));
    }
}
