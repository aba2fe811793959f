package dev.sluice.files;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.linux.Attributes;
import dev.sluice.linux.Linux;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Maps files as memory, and works on many files at once.
 *
 * {@snippet class="dev.sluice.files.MappedGuideTest" region="bulk"}
 *
 * <p>Work on many files runs on a bounded number of threads, and answers an {@link Outcome} for each file: what fails for one
 * leaves the others done. Cancelling the future stops what has not begun. Copies and new sparse files are whole or not there
 * at all; what is written or resized in place is so file by file.
 *
 * <p>Safe for use by many threads.
 */
public final class MappedFiles implements AutoCloseable {
    /** How a file is copied. */
    public enum Copying {
        /** A file that is there is replaced, at once and whole; without this it is an error. */
        REPLACE,
        /** Its permissions and times are those of the original. */
        ATTRIBUTES,
        /** The copy is on the disk when it has its name. */
        FORCE
    }

    /**
     * A range of a file.
     *
     * @param position where it begins
     * @param count how many bytes; -1 for all up to the end
     */
    public record Range(long position, int count) {
        /** The whole file. */
        public static final Range ALL = new Range(0, -1);

        /** Checks the numbers. */
        public Range {
            if (position < 0 || count < -1) {
                throw new IllegalArgumentException("no range: " + count + " bytes at " + position);
            }
        }
    }

    /**
     * Bytes for a place in a file.
     *
     * @param position where they go
     * @param bytes the bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // the bytes of a file, handed on and not compared
    public record Patch(long position, byte[] bytes) {
        /** Checks the position. */
        public Patch {
            if (position < 0) {
                throw new IllegalArgumentException("the position must be 0 or more: " + position);
            }
        }
    }

    /** Several mapped files, closed together. */
    public static final class Group implements AutoCloseable {
        private final List<MappedFile> files;

        private Group(List<MappedFile> files) {
            this.files = List.copyOf(files);
        }

        /** {@return the files, in the order in which they were named} */
        public List<MappedFile> files() {
            return files;
        }

        /** Closes all of them. */
        @Override
        public void close() {
            files.forEach(MappedFile::close);
        }
    }

    /** A file, whatever its path. */
    private record Identity(long device, long inode) {}

    private final Bulk bulk;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Map<Identity, Region> regions = new HashMap<>();

    @GuardedBy("lock")
    private final Set<MappedFile> open = new LinkedHashSet<>();

    @GuardedBy("lock")
    private boolean closed;

    /** As many threads as there are processors. */
    public MappedFiles() {
        this(Runtime.getRuntime().availableProcessors());
    }

    /**
     * With a bound of its own.
     *
     * @param parallelism on how many files work goes on at once, at most
     */
    public MappedFiles(int parallelism) {
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism must be 1 or more: " + parallelism);
        }
        if (!Linux.availability().available()) {
            throw new UnsupportedOperationException(Linux.availability().reason());
        }
        bulk = new Bulk(parallelism);
    }

    /**
     * Maps a file for reading and writing.
     *
     * @param path the file, which must be there; an empty one can be mapped too
     * @return the mapped file
     * @throws IOException when it cannot be opened or mapped
     */
    public MappedFile open(Path path) throws IOException {
        return register(path, Descriptor.forWriting(path), true);
    }

    /**
     * Maps a file for reading.
     *
     * @param path the file, which must be there
     * @return the mapped file
     * @throws IOException when it cannot be opened or mapped
     */
    public MappedFile openReadOnly(Path path) throws IOException {
        return register(path, Descriptor.forMapping(path), false);
    }

    /**
     * Creates a file of zeros, and maps it for reading and writing.
     *
     * @param path the file
     * @param size its size
     * @param exclusive whether it must not be there yet; else one that is there is emptied first
     * @return the mapped file
     * @throws java.nio.file.FileAlreadyExistsException when it is there, and must not be
     * @throws IOException when it cannot be created or mapped; there is none then, if there was none
     */
    public MappedFile create(Path path, long size, boolean exclusive) throws IOException {
        if (size < 0) {
            throw new IllegalArgumentException(path + ": the size must be 0 or more: " + size);
        }
        if (!exclusive && Files.exists(path)) {
            MappedFile there = open(path);
            try {
                there.resize(0);
                there.resize(size);
                return there;
            } catch (IOException | RuntimeException | Error e) {
                there.close();
                throw e;
            }
        }
        return whole(path, size, List.of());
    }

    /**
     * Creates a file that has bytes here and there and holes, which take no space, in between, and maps it.
     *
     * @param path the file, which must not be there yet
     * @param size its size
     * @param patches the bytes; where they overlap, the later ones count
     * @return the mapped file
     * @throws IndexOutOfBoundsException when bytes would be behind the size; nothing is created then
     * @throws IOException when it cannot be created or mapped; nothing is created then
     */
    public MappedFile createSparse(Path path, long size, List<Patch> patches) throws IOException {
        for (Patch patch : patches) {
            if (patch.position() > size - patch.bytes().length) {
                throw new IndexOutOfBoundsException(path + ": " + patch.bytes().length + " bytes at " + patch.position()
                        + " end behind the size " + size);
            }
        }
        return whole(path, size, patches);
    }

    private MappedFile whole(Path path, long size, List<Patch> patches) throws IOException {
        try (WholeFile whole = WholeFile.begin(path, Descriptor.CREATED_MODE)) {
            Descriptor file = whole.descriptor();
            file.resize(size);
            write(file, patches);
            whole.complete(false);
        }
        return open(path);
    }

    private static void write(Descriptor file, List<Patch> patches) throws IOException {
        try (Pieces pieces = new Pieces()) {
            for (Patch patch : patches) {
                byte[] bytes = patch.bytes();
                for (int done = 0; done < bytes.length; ) {
                    MemorySegment some = pieces.memory(bytes.length - done);
                    int count = (int) some.byteSize();
                    MemorySegment.copy(bytes, done, some, ValueLayout.JAVA_BYTE, 0, count);
                    file.write(some, patch.position() + done);
                    done += count;
                }
            }
        }
    }

    /**
     * Maps several files, and has the kernel begin to read them.
     *
     * @param paths the files, which must be there
     * @return all of them
     * @throws IOException when one cannot be mapped; then none is
     */
    public Group prefetch(Collection<Path> paths) throws IOException {
        List<MappedFile> files = new ArrayList<>();
        try {
            for (Path path : paths) {
                MappedFile file = open(path);
                files.add(file);
                file.advise(MappedFile.Advice.WILL_NEED);
            }
            return new Group(files);
        } catch (IOException | RuntimeException | Error e) {
            files.forEach(MappedFile::close);
            throw e;
        }
    }

    private MappedFile register(Path path, Descriptor descriptor, boolean writable) throws IOException {
        boolean isKept = false;
        try {
            Attributes.Brief brief = new Attributes.Brief();
            descriptor.check(brief.ask(descriptor.fd), "asking which file it is");
            Identity identity = new Identity(brief.device(), brief.inode());
            synchronized (lock) {
                if (closed) {
                    throw new Closed("the mapped files are closed: " + path + " was not opened");
                }
                Region region = regions.get(identity);
                if (region == null) {
                    region = new Region(descriptor, writable);
                    isKept = true;
                    regions.put(identity, region);
                } else {
                    if (writable && !region.isWritable()) {
                        isKept = true; // closed with the region from now on, or by it when it fails
                        region.becomeWritable(descriptor);
                    }
                    region.holders++;
                }
                MappedFile file = new MappedFile(this, path, region, writable);
                open.add(file);
                return file;
            }
        } finally {
            if (!isKept) {
                descriptor.close();
            }
        }
    }

    void release(MappedFile file, Region region) {
        boolean isLast;
        synchronized (lock) {
            open.remove(file);
            isLast = --region.holders == 0;
            if (isLast) {
                regions.values().remove(region);
            }
        }
        if (isLast) {
            region.close();
        }
    }

    /**
     * Copies a file inside the kernel, without its holes; where the file system can, the copy shares its space until either
     * is changed.
     *
     * @param from the file
     * @param to the copy, which is there when it is whole
     * @param how what else is to be done
     * @throws IOException when it cannot be copied; then the copy is not there, or what was there before
     */
    public void copy(Path from, Path to, Copying... how) throws IOException {
        Copier.copy(from, to, Set.of(how), Thread.currentThread()::isInterrupted);
    }

    /**
     * Sums up a file, of any size, piece by piece.
     *
     * @param path the file
     * @param checksum how
     * @return the sum, in hexadecimal digits
     * @throws IOException when it cannot be read
     */
    public String checksum(Path path, Checksum checksum) throws IOException {
        try (Descriptor file = Descriptor.forReading(path)) {
            return Pieces.sum(file, checksum, Thread.currentThread()::isInterrupted);
        }
    }

    /**
     * Copies files, each as {@link #copy} does.
     *
     * @param pairs the files, and where their copies go
     * @param how what else is to be done
     * @return by file, how many bytes it has
     */
    public CompletableFuture<Map<Path, Outcome<Long>>> copyAll(Map<Path, Path> pairs, Copying... how) {
        Set<Copying> set = Set.of(how);
        Map<Path, Path> mine = Map.copyOf(pairs);
        return bulk.on(pairs.keySet(), (from, unwanted) -> {
            Path to = Objects.requireNonNull(mine.get(from));
            Copier.copy(from, to, set, unwanted);
            return Files.size(to);
        });
    }

    /**
     * Sums up files.
     *
     * @param paths the files
     * @param checksum how
     * @return by file, the sum in hexadecimal digits
     */
    public CompletableFuture<Map<Path, Outcome<String>>> checksumAll(Collection<Path> paths, Checksum checksum) {
        return bulk.on(paths, (path, unwanted) -> {
            try (Descriptor file = Descriptor.forReading(path)) {
                return Pieces.sum(file, checksum, unwanted);
            }
        });
    }

    /**
     * Reads ranges of files.
     *
     * @param ranges which ranges of which files
     * @return by file, the bytes of each range; fewer than it has where the file ends before
     */
    public CompletableFuture<Map<Path, Outcome<List<byte[]>>>> readAll(Map<Path, List<Range>> ranges) {
        Map<Path, List<Range>> mine = Map.copyOf(ranges);
        return bulk.on(ranges.keySet(), (path, unwanted) -> {
            try (Descriptor file = Descriptor.forReading(path);
                    Pieces pieces = new Pieces()) {
                List<byte[]> read = new ArrayList<>();
                for (Range range : mine.getOrDefault(path, List.of())) {
                    read.add(read(file, range, pieces));
                }
                return read;
            }
        });
    }

    private static byte[] read(Descriptor file, Range range, Pieces pieces) throws IOException {
        long left = Math.max(0, file.size() - range.position());
        long wanted = range.count() < 0 ? left : Math.min(left, range.count());
        if (wanted > Integer.MAX_VALUE - 8) {
            throw new IOException(file.path + ": " + wanted + " bytes are more than an array can have");
        }
        byte[] bytes = new byte[(int) wanted];
        int done = 0;
        while (done < bytes.length) {
            int read = (int) file.read(pieces.memory(bytes.length - done), range.position() + done);
            if (read == 0) {
                return Arrays.copyOf(bytes, done);
            }
            MemorySegment.copy(pieces.all(), ValueLayout.JAVA_BYTE, 0, bytes, done, read);
            done += read;
        }
        return bytes;
    }

    /**
     * Writes into files, in place: those of one file one after the other, so that the later ones count where they overlap. A
     * file that fails may have some of its bytes.
     *
     * @param patches what goes where in which files, which must be there; they grow when it is behind their ends
     * @return by file, how many bytes were written
     */
    public CompletableFuture<Map<Path, Outcome<Long>>> writeAll(Map<Path, List<Patch>> patches) {
        Map<Path, List<Patch>> mine = Map.copyOf(patches);
        return bulk.on(patches.keySet(), (path, unwanted) -> {
            List<Patch> all = mine.getOrDefault(path, List.of());
            try (MappedFile mapped = open(path)) {
                long end = all.stream()
                        .mapToLong(patch -> patch.position() + patch.bytes().length)
                        .max()
                        .orElse(0);
                if (end > mapped.size()) {
                    mapped.resize(end); // once
                }
                for (Patch patch : all) {
                    mapped.write(patch.position(), patch.bytes());
                }
                return all.stream().mapToLong(patch -> patch.bytes().length).sum();
            }
        });
    }

    /**
     * Sets the sizes of files.
     *
     * @param sizes which file is to have which size
     * @return by file, the size that it had
     */
    public CompletableFuture<Map<Path, Outcome<Long>>> resizeAll(Map<Path, Long> sizes) {
        Map<Path, Long> mine = Map.copyOf(sizes);
        return bulk.on(sizes.keySet(), (path, unwanted) -> {
            try (MappedFile mapped = open(path)) {
                long before = mapped.size();
                mapped.resize(mine.getOrDefault(path, before));
                return before;
            }
        });
    }

    /**
     * Takes the zeros at the ends of files away; holes there are not read. A file of zeros is empty then.
     *
     * @param paths the files
     * @return by file, how many bytes were taken away
     */
    public CompletableFuture<Map<Path, Outcome<Long>>> compactAll(Collection<Path> paths) {
        return bulk.on(paths, (path, unwanted) -> {
            try (MappedFile mapped = open(path);
                    Descriptor file = Descriptor.forReading(path)) {
                long before = mapped.size();
                long end = Pieces.lengthWithoutZeros(file, unwanted);
                if (end < before) {
                    mapped.resize(end);
                }
                return before - end;
            }
        });
    }

    /**
     * Finds bytes in files.
     *
     * @param search what is looked for
     * @param starts in which files, and from which positions on
     * @return by file, where they begin, in order; none where there are none
     */
    public CompletableFuture<Map<Path, Outcome<long[]>>> findAll(Search search, Map<Path, Long> starts) {
        Map<Path, Long> mine = Map.copyOf(starts);
        return bulk.on(starts.keySet(), (path, unwanted) -> {
            try (Descriptor file = Descriptor.forReading(path)) {
                return Pieces.find(file, search, Math.max(0, mine.getOrDefault(path, 0L)), unwanted);
            }
        });
    }

    /** {@return the files that are open now, in the order in which they were opened} */
    public List<MappedFile> openFiles() {
        synchronized (lock) {
            return List.copyOf(open);
        }
    }

    /** {@return the paths by which files are open now} */
    public Set<Path> openPaths() {
        Set<Path> paths = new LinkedHashSet<>();
        openFiles().forEach(file -> paths.add(file.path()));
        return paths;
    }

    /** {@return how many mappings there are now; files that are open more than once have one} */
    public int mappings() {
        synchronized (lock) {
            return regions.size();
        }
    }

    /** {@return how many bytes are mapped now} */
    public long mappedBytes() {
        return all().stream().mapToLong(Region::mapped).sum();
    }

    /** {@return how many of the mapped bytes are in memory now, in whole pages} */
    public long residentBytes() {
        return all().stream().mapToLong(Region::resident).sum();
    }

    private List<Region> all() {
        synchronized (lock) {
            return List.copyOf(regions.values());
        }
    }

    /** Lets work on many files end, and closes all files that are open. Closing again does nothing. */
    @Override
    public void close() {
        bulk.close();
        synchronized (lock) {
            closed = true;
        }
        openFiles().forEach(MappedFile::close);
    }
}
