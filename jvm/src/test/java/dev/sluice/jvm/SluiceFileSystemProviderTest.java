package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the Javadoc of {@code java.nio.file} promises, on a managed directory; and how it is when files grow. */
class SluiceFileSystemProviderTest {
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

    private void untilWaiting(int count) {
        Deadline.until(count + " wait", () -> managed.workflow.waiting().size() == count);
    }

    @Test
    void uniformNamesLeadToPathsAndBack() throws IOException {
        Path path = make.path("a b/ü");
        URI uri = path.toUri();
        assertThat(uri.toString()).startsWith("sluice://make/").endsWith("work/a%20b/%C3%BC");
        assertThat(Path.of(uri)).isEqualTo(path.toAbsolutePath());
        assertThat(FileSystems.getFileSystem(uri)).isSameAs(make.files());
        assertThat(use.path("a b/ü")).isNotEqualTo(path);
        assertThatThrownBy(() -> Path.of(URI.create("sluice://nobody/there/x")))
                .isInstanceOf(FileSystemNotFoundException.class);
        assertThatThrownBy(() -> Path.of(URI.create("sluice:/there/x"))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FileSystems.newFileSystem(managed.directory, Map.of()))
                .isInstanceOf(RuntimeException.class);
        make.close();
        assertThatThrownBy(() -> Path.of(uri)).isInstanceOf(FileSystemNotFoundException.class);
        assertThatThrownBy(() -> Files.writeString(path, "x")).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void pathsAreThoseOfUnix() {
        FileSystem files = make.files();
        Path path = files.getPath("/a", "b/../c", "d.txt");
        assertThat(path).hasToString("/a/b/../c/d.txt");
        assertThat(path.normalize()).isEqualTo(files.getPath("/a/c/d.txt"));
        assertThat(path.getRoot()).hasToString("/");
        assertThat(path.getParent()).hasToString("/a/b/../c");
        assertThat(path.getFileName()).hasToString("d.txt");
        assertThat(path.getNameCount()).isEqualTo(5);
        assertThat(path.subpath(1, 3)).hasToString("b/..");
        assertThat(path.startsWith("/a")).isTrue();
        assertThat(path.startsWith(files.getPath("/ab"))).isFalse();
        assertThat(path.endsWith(files.getPath("d.txt"))).isTrue();
        assertThat(path.startsWith(Path.of("/a"))).isFalse();
        assertThat(files.getPath("x").resolve(files.getPath("y"))).hasToString("x/y");
        assertThat(files.getPath("/a/b").relativize(files.getPath("/a/c"))).hasToString("../c");
        assertThat(files.getPath("x").toAbsolutePath())
                .hasToString(managed.directory.resolve("x").toString());
        assertThat(files.getPath("a")).isLessThan(files.getPath("b"));
        assertThat(files.getPath("a").iterator()).toIterable().hasSize(1);
        assertThat(files.getPath("a").resolveSibling("b")).isEqualTo(files.getPath("b"));
        assertThatThrownBy(() -> files.getPath("a").resolve(Path.of("b")))
                .isInstanceOf(ProviderMismatchException.class);
        assertThatThrownBy(() -> files.getPath("a\0b")).isInstanceOf(java.nio.file.InvalidPathException.class);
        assertThatThrownBy(path::toFile).isInstanceOf(UnsupportedOperationException.class);
        assertThat(files.getPathMatcher("glob:**/*.{txt,csv}").matches(path)).isTrue();
        assertThat(files.getPathMatcher("regex:.*\\.csv").matches(path)).isFalse();
        assertThatThrownBy(() -> files.getPathMatcher("text:x")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aFileSystemKnowsItself() throws IOException {
        FileSystem files = make.files();
        assertThat(files.provider().getScheme()).isEqualTo("sluice");
        assertThat(files.isOpen()).isTrue();
        assertThat(files.isReadOnly()).isFalse();
        assertThat(files.getSeparator()).isEqualTo("/");
        assertThat(files.getRootDirectories()).containsExactly(files.getPath("/"));
        assertThat(files.supportedFileAttributeViews()).contains("basic", "posix", "owner", "user");
        Files.writeString(make.path("f"), "x");
        FileStore store = Files.getFileStore(make.path("f"));
        assertThat(store.type()).isEqualTo("sluice");
        assertThat(store.name()).isEqualTo(managed.directory.toString());
        assertThat(store.getTotalSpace()).isPositive();
        assertThat(store.supportsFileAttributeView(PosixFileAttributeView.class))
                .isTrue();
        assertThat(store.supportsFileAttributeView("user")).isTrue();
        assertThat(store).isEqualTo(Files.getFileStore(make.path("")));
        assertThatThrownBy(() -> Files.getFileStore(make.path("none"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void attributesAreReadAndSetByViewsAndNames() throws IOException {
        Path file = Files.writeString(make.path("f"), "12345");
        FileTime then = FileTime.fromMillis(1_000_000_000_000L);
        Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(then, then, null);
        Map<String, Object> basic = Files.readAttributes(file, "*");
        assertThat(basic)
                .containsEntry("size", 5L)
                .containsEntry("lastModifiedTime", then)
                .containsEntry("isOther", false);
        assertThat(basic)
                .containsOnlyKeys(
                        "size",
                        "creationTime",
                        "lastAccessTime",
                        "lastModifiedTime",
                        "isDirectory",
                        "isSymbolicLink",
                        "isRegularFile",
                        "isOther",
                        "fileKey");
        assertThat(Files.readAttributes(file, "size,lastModifiedTime")).containsOnlyKeys("size", "lastModifiedTime");
        Files.setAttribute(file, "posix:permissions", PosixFilePermissions.fromString("rw-r-----"));
        assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0100640);
        assertThat(Files.readAttributes(file, "unix:*").keySet())
                .isEqualTo(Files.readAttributes(folder, "unix:*").keySet());
        Files.setAttribute(file, "unix:mode", 0600);
        assertThat(Files.getPosixFilePermissions(file)).hasToString("[OWNER_READ, OWNER_WRITE]");
        assertThat(Files.getOwner(file)).isEqualTo(Files.getOwner(managed.directory));
        Files.setOwner(file, Files.getOwner(managed.directory));
        assertThat(Files.getFileAttributeView(file, FileOwnerAttributeView.class)
                        .name())
                .isEqualTo("owner");
        assertThat(Files.getFileAttributeView(file, DosFileAttributeView.class)).isNull();
        assertThat(Files.getAttribute(file, "owner:owner")).isEqualTo(Files.getOwner(file));
        assertThatThrownBy(() -> Files.readAttributes(file, "dos:*")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> Files.readAttributes(file, "basic:none")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Files.readAttributes(file, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Files.setAttribute(file, "basic:size", 1L))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> make.files().getUserPrincipalLookupService().lookupPrincipalByName("no such user"))
                .isInstanceOf(UserPrincipalNotFoundException.class);
    }

    @Test
    void usersNameAttributesOfTheirOwn() throws IOException {
        Path file = Files.writeString(make.path("f"), "x");
        UserDefinedFileAttributeView view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        assertThat(view.list()).isEmpty();
        assertThat(view.write("color", ByteBuffer.wrap(new byte[] {1, 2, 3}))).isEqualTo(3);
        assertThat(view.list()).containsExactly("color");
        assertThat(view.size("color")).isEqualTo(3);
        assertThatThrownBy(() -> view.read("color", ByteBuffer.allocate(2))).isInstanceOf(IOException.class);
        assertThat((byte[]) Files.getAttribute(file, "user:color")).containsExactly(1, 2, 3);
        Files.copy(file, make.path("copy"), StandardCopyOption.COPY_ATTRIBUTES);
        assertThat((byte[]) Files.getAttribute(make.path("copy"), "user:color")).containsExactly(1, 2, 3);
        view.delete("color");
        assertThatThrownBy(() -> view.size("color")).isInstanceOf(IOException.class);
    }

    @Test
    void aMoveRefusesTheOptionThatIsForCopies() throws IOException {
        Path file = Files.writeString(make.path("f"), "x");
        assertThatThrownBy(() -> Files.move(file, make.path("g"), StandardCopyOption.COPY_ATTRIBUTES))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("COPY_ATTRIBUTES");
        assertThat(file).exists();
    }

    @Test
    void aGrowingFileIsReadByEveryWayToTheEnd() throws Exception {
        var writing = Files.newBufferedWriter(make.path("data"));
        writing.write("one\ntwo\n");
        writing.flush();
        List<CompletableFuture<Object>> readers = new ArrayList<>();
        readers.add(later(() -> Files.readString(use.path("data"))));
        readers.add(later(() -> String.join("\n", Files.readAllLines(use.path("data"))) + "\n"));
        readers.add(later(() -> {
            try (Stream<String> lines = Files.lines(use.path("data"))) {
                return String.join("\n", lines.toList()) + "\n";
            }
        }));
        readers.add(later(() -> {
            try (InputStream in = Files.newInputStream(use.path("data"))) {
                in.skipNBytes(2);
                return "on" + new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            }
        }));
        readers.add(later(() -> {
            Files.copy(use.path("data"), folder.resolve("copied"));
            return Files.readString(folder.resolve("copied"));
        }));
        readers.add(later(() -> {
            Files.copy(use.path("data"), use.path("result"));
            return Files.readString(use.path("result"));
        }));
        try (BufferedReader reader = Files.newBufferedReader(use.path("data"))) {
            assertThat(reader.readLine()).isEqualTo("one");
            assertThat(reader.readLine()).isEqualTo("two");
            untilWaiting(readers.size());
            writing.write("three\n");
            writing.close();
            assertThat(reader.readLine()).isEqualTo("three");
            assertThat(reader.readLine()).isNull();
        }
        for (CompletableFuture<Object> one : readers) {
            assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo("one\ntwo\nthree\n");
        }
    }

    /** Something that may fail. */
    @FunctionalInterface
    private interface Work {
        Object done() throws Exception;
    }

    private static CompletableFuture<Object> later(Work work) {
        CompletableFuture<Object> result = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                result.complete(work.done());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    @Test
    void whetherAFileExistsIsToldAtOnce() throws IOException {
        assertThat(Files.exists(use.path("data"))).isFalse();
        assertThat(Files.exists(use.path("data"), LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(Files.isReadable(use.path("data"))).isFalse();
        try (var writing = Files.newOutputStream(make.path("data"))) {
            writing.write(1);
            assertThat(Files.exists(use.path("data"))).isTrue();
            assertThat(Files.isReadable(use.path("data"))).isTrue();
        }
        assertThat(managed.workflow.waiting()).isEmpty();
    }

    @Test
    void aGrowingDirectoryIsListedAsItGrows() throws Exception {
        Files.createDirectory(make.path("parts"));
        Files.writeString(make.path("parts/1"), "x");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(use.path("parts"))) {
            Iterator<Path> iterator = entries.iterator();
            assertThat(iterator.next()).hasToString("parts/1");
            CompletableFuture<Object> second = later(iterator::next);
            untilWaiting(1);
            Files.writeString(make.path("parts/2"), "x");
            assertThat(second.get(20, TimeUnit.SECONDS)).hasToString("parts/2");
            Files.writeString(make.path("parts/3"), "x");
            assertThat(iterator.next()).hasToString("parts/3");
            assertThat(iterator.hasNext()).isFalse();
            assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(entries::iterator).isInstanceOf(IllegalStateException.class);
        }
        try (Stream<Path> all = Files.walk(use.path("parts"))) {
            assertThat(all.map(Path::toString)).containsExactlyInAnyOrder("parts", "parts/1", "parts/2", "parts/3");
        }
    }

    @Test
    void closingAListingEndsItsWait() throws Exception {
        Files.createDirectory(make.path("parts"));
        DirectoryStream<Path> entries = use.files().provider().newDirectoryStream(use.path("parts"), _ -> true);
        CompletableFuture<Object> more = later(entries.iterator()::hasNext);
        untilWaiting(1);
        entries.close();
        assertThat(more.get(20, TimeUnit.SECONDS)).isEqualTo(false);
        assertThatThrownBy(entries::iterator).isInstanceOf(IllegalStateException.class);
        Files.writeString(make.path("f"), "x");
        assertThatThrownBy(() -> Files.newDirectoryStream(make.path("f"))).isInstanceOf(NotDirectoryException.class);
        assertThatThrownBy(() -> Files.newDirectoryStream(make.path("none"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void anAsynchronousChannelReadsAndWrites() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("own").factory());
        try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(
                make.path("f"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                executor)) {
            assertThat(channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 1).get(20, TimeUnit.SECONDS))
                    .isEqualTo(3);
            CompletableFuture<String> done = new CompletableFuture<>();
            ByteBuffer into = ByteBuffer.allocate(9);
            channel.read(into, 0, "attached", new CompletionHandler<Integer, String>() {
                @Override
                public void completed(Integer bytes, String attachment) {
                    done.complete(bytes + attachment + Thread.currentThread().getName());
                }

                @Override
                public void failed(Throwable failure, String attachment) {
                    done.completeExceptionally(failure);
                }
            });
            assertThat(done.get(20, TimeUnit.SECONDS)).isEqualTo("4attachedown");
            assertThat(into.array()).startsWith(0, 1, 2, 3);
            assertThat(channel.size()).isEqualTo(4);
            assertThat(channel.truncate(2).size()).isEqualTo(2);
            channel.force(true);
            assertThat(channel.lock().get(20, TimeUnit.SECONDS).acquiredBy()).isSameAs(channel);
            assertThatThrownBy(channel::tryLock).isInstanceOf(java.nio.channels.OverlappingFileLockException.class);
            assertThatThrownBy(() -> channel.read(into, -1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> channel.read(into.asReadOnlyBuffer(), 0))
                    .isInstanceOf(IllegalArgumentException.class);
        } finally {
            executor.shutdown();
        }
        assertThatThrownBy(() -> AsynchronousFileChannel.open(make.path("f"), StandardOpenOption.APPEND))
                .isInstanceOf(UnsupportedOperationException.class);
        try (AsynchronousFileChannel reads = AsynchronousFileChannel.open(make.path("f"));
                AsynchronousFileChannel writes =
                        AsynchronousFileChannel.open(make.path("f"), StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> reads.write(ByteBuffer.allocate(1), 0))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> writes.read(ByteBuffer.allocate(1), 0))
                    .isInstanceOf(NonReadableChannelException.class);
        }
    }

    @Test
    void closingAnAsynchronousChannelEndsItsReads() throws Exception {
        try (var _ = Files.newOutputStream(make.path("data"))) {
            AsynchronousFileChannel channel = AsynchronousFileChannel.open(use.path("data"));
            Future<Integer> read = channel.read(ByteBuffer.allocate(1), 0);
            untilWaiting(1);
            channel.close();
            assertThatThrownBy(() -> read.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(AsynchronousCloseException.class);
            Future<Integer> late = channel.read(ByteBuffer.allocate(1), 0);
            assertThatThrownBy(() -> late.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void aWatcherIsToldWhatChanges() throws Exception {
        Files.createDirectory(make.path("d"));
        Files.writeString(make.path("d/before"), "x");
        try (WatchService watcher = make.files().newWatchService()) {
            WatchKey key = make.path("d")
                    .register(
                            watcher,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE);
            assertThat(key.watchable()).isEqualTo(make.path("d"));
            assertThat(watcher.poll()).isNull();
            Files.writeString(make.path("d/new"), "x");
            assertThat(next(watcher)).startsWith("ENTRY_CREATE new");
            Files.delete(make.path("d/before"));
            assertThat(until(watcher, "ENTRY_DELETE before")).isTrue();
            Files.writeString(make.path("d/new"), "longer");
            assertThat(until(watcher, "ENTRY_MODIFY new")).isTrue();
            Files.delete(make.path("d/new"));
            Files.delete(make.path("d"));
            Deadline.until("the key is invalid", () -> !key.isValid());
            assertThatThrownBy(() -> make.path("d").register(watcher, StandardWatchEventKinds.ENTRY_CREATE))
                    .isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> make.path("").register(watcher)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aWatcherSeesAGrowingDirectoryGrowWithoutWaiting() throws Exception {
        Files.createDirectory(make.path("parts"));
        Files.writeString(make.path("parts/1"), "x");
        WatchService watcher = use.files().newWatchService();
        use.path("parts").register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
        assertThat(watcher.poll()).isNull();
        Files.writeString(make.path("parts/2"), "x");
        assertThat(next(watcher)).isEqualTo("ENTRY_CREATE 2");
        Files.writeString(make.path("parts/3"), "x");
        assertThat(next(watcher)).isEqualTo("ENTRY_CREATE 3");
        CompletableFuture<Object> waits = later(watcher::take);
        watcher.close();
        assertThatThrownBy(() -> waits.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(ClosedWatchServiceException.class);
        assertThatThrownBy(watcher::poll).isInstanceOf(ClosedWatchServiceException.class);
    }

    @Test
    void aWatcherLooksAtTheMachinesDirectoriesToo() throws Exception {
        try (WatchService watcher = make.files().newWatchService()) {
            make.path("..").register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
            Files.writeString(folder.resolve("outside"), "x");
            assertThat(next(watcher)).isEqualTo("ENTRY_CREATE outside");
        }
    }

    private static String next(WatchService watcher) throws InterruptedException {
        WatchKey key = watcher.poll(20, TimeUnit.SECONDS);
        assertThat(key).isNotNull();
        List<WatchEvent<?>> events = key.pollEvents();
        key.reset();
        return events.getFirst().kind() + " " + events.getFirst().context();
    }

    /** Changes may be told more than once, so what comes before is passed over. */
    private static boolean until(WatchService watcher, String event) throws InterruptedException {
        long end = System.nanoTime() + Deadline.LONG.toNanos();
        while (System.nanoTime() < end) {
            WatchKey key = watcher.poll(1, TimeUnit.SECONDS);
            if (key != null) {
                boolean isThere =
                        key.pollEvents().stream().anyMatch(one -> (one.kind() + " " + one.context()).equals(event));
                key.reset();
                if (isThere) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void aServerIsReachedByAFileSystemAlone() {
        assertThatThrownBy(() -> FileSystems.newFileSystem(folder, Map.of("step", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("which step");
    }

    @Test
    void aFileSystemIsOpenedOnceAndClosedForItsOpenerAlone() throws IOException {
        URI uri = URI.create("sluice://make" + managed.directory);
        FileSystem files = FileSystems.newFileSystem(uri, Map.of());
        Files.writeString(files.getPath("f"), "x");
        assertThatThrownBy(() -> FileSystems.newFileSystem(uri, Map.of()))
                .isInstanceOf(FileSystemAlreadyExistsException.class)
                .hasMessageContaining(uri.toString());
        files.close();
        files.close();
        assertThat(make.files().isOpen()).isTrue(); // the scope takes part
        assertThat(Path.of(URI.create(uri + "/f"))).isEqualTo(make.path("f").toAbsolutePath());
        FileSystems.newFileSystem(uri, Map.of()).close();
        make.close();
        assertThat(files.isOpen()).isFalse();
        assertThatThrownBy(() -> FileSystems.getFileSystem(uri)).isInstanceOf(FileSystemNotFoundException.class);
    }

    @Test
    void whatIsSaidInVainWhenAFileSystemIsOpenedIsRefused() {
        URI uri = URI.create("sluice://make" + managed.directory);
        assertThatThrownBy(() -> FileSystems.newFileSystem(uri, Map.of("fow", "flow.json")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not fow");
    }

    @Test
    void anErrorIsToldInTheWordsOfTheJdk() {
        String name = "x".repeat(256);
        assertThatThrownBy(() -> Files.createFile(folder.resolve(name)))
                .hasMessageEndingWith(name + ": File name too long");
        assertThatThrownBy(() -> Files.createFile(make.path(name))).hasMessage(name + ": File name too long");
    }
}
