package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same operations, chosen at random, on a managed directory and on an ordinary one: all must end the same way. */
class LikenessTest {
    private static final String[] NAMES = {"a", "b", "c", "d"};
    private static final int OPERATIONS = 1500;

    @TempDir
    Path folder;

    /** One operation, in whichever directory. */
    @FunctionalInterface
    private interface Operation {
        Object on(Path directory) throws Exception;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 113, 115, 125, 169, 212})
    void bothAreAlike(long seed) throws Exception {
        Path plain = Files.createDirectory(folder.resolve("plain")).toRealPath();
        try (Managed managed = Managed.in(folder);
                Scope scope = Sluice.scope(managed.directory)
                        .step("make")
                        .within(managed.workflow)
                        .open()) {
            alike(new Random(seed), scope.directory(), plain);
        }
    }

    @Test
    void bothAreAlikeWhenTheServerIsAnotherProcess() throws Exception {
        Path plain = Files.createDirectory(folder.resolve("plain")).toRealPath();
        try (Managed managed = Managed.in(folder);
                Host host = new Host(managed.workflow);
                RemoteDoor door = host.door(managed.making)) {
            StreamFileSystem files =
                    new StreamFileSystem(SluiceFileSystemProvider.installed(), Territory.of(door, managed.directory));
            alike(new Random(9), files.getPath("").toAbsolutePath(), plain);
        }
    }

    private static void alike(Random random, Path streaming, Path plain) {
        List<String> done = new ArrayList<>();
        for (int i = 0; i < OPERATIONS; i++) {
            StringBuilder name = new StringBuilder();
            Operation operation = operation(random, name);
            String expected = outcome(() -> operation.on(plain), plain);
            String actual = outcome(() -> operation.on(streaming), streaming);
            if (!actual.equals(expected)) {
                throw new AssertionError(name + "\n must be " + expected + "\n but is " + actual + "\n after\n"
                        + String.join("\n", done.subList(Math.max(0, done.size() - 40), done.size())));
            }
            done.add(name + " -> " + expected);
        }
        assertThat(tree(streaming)).isEqualTo(tree(plain));
    }

    private static String outcome(Callable<Object> operation, Path directory) {
        try {
            return String.valueOf(operation.call()).replace(directory.toString(), "DIR");
        } catch (Exception e) {
            if (String.valueOf(e.getMessage()).contains("Too many levels of symbolic links")) {
                return "links"; // where the JDK sometimes names no file
            }
            String message = e instanceof java.nio.file.FileSystemException failed ? failed.getFile() : "";
            return (e.getClass().getName() + " " + message).replace(directory.toString(), "DIR");
        }
    }

    private static Map<String, String> tree(Path directory) {
        try (var all = Files.walk(directory)) {
            Map<String, String> tree = new TreeMap<>();
            for (Path path : all.toList()) {
                var attributes = Files.readAttributes(
                        path, java.nio.file.attribute.PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                String text = attributes.isRegularFile()
                                && attributes
                                        .permissions()
                                        .contains(PosixFilePermissions.fromString("r--------")
                                                .iterator()
                                                .next())
                        ? Files.readString(path)
                        : "";
                tree.put(
                        directory.relativize(path).toString(),
                        attributes.permissions() + " " + attributes.isDirectory() + " " + text);
            }
            return tree;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder(NAMES[random.nextInt(NAMES.length)]);
        int depth = random.nextInt(3);
        boolean isUp = false; // once at most: what is above the directory is the same for both
        for (int i = 0; i < depth; i++) {
            int which = random.nextInt(8);
            isUp |= which == 0;
            path.append('/').append(which == 0 ? ".." : which == 1 ? "." : NAMES[random.nextInt(NAMES.length)]);
            if (isUp) {
                break;
            }
        }
        return path.toString();
    }

    private static CopyOption[] copyOptions(Random random, boolean isMove) {
        Set<CopyOption> options = new HashSet<>();
        if (random.nextBoolean()) {
            options.add(StandardCopyOption.REPLACE_EXISTING);
        }
        if (!isMove && random.nextInt(3) == 0) {
            options.add(StandardCopyOption.COPY_ATTRIBUTES);
        }
        if (random.nextInt(3) == 0) {
            options.add(LinkOption.NOFOLLOW_LINKS);
        }
        if (isMove && random.nextInt(4) == 0) {
            options.add(StandardCopyOption.ATOMIC_MOVE);
        }
        return options.toArray(CopyOption[]::new);
    }

    private static OpenOption[] openOptions(Random random) {
        EnumSet<StandardOpenOption> options = EnumSet.noneOf(StandardOpenOption.class);
        for (StandardOpenOption option : StandardOpenOption.values()) {
            int chance = option == StandardOpenOption.WRITE || option == StandardOpenOption.CREATE
                    ? 2
                    : option == StandardOpenOption.DELETE_ON_CLOSE ? 12 : 5;
            if (random.nextInt(chance) == 0) {
                options.add(option);
            }
        }
        return options.toArray(OpenOption[]::new);
    }

    private static Operation operation(Random random, StringBuilder name) {
        String one = path(random);
        String two = path(random);
        long number = random.nextInt(20);
        LinkOption[] links = random.nextBoolean() ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
        int which = random.nextInt(26);
        CopyOption[] copying = copyOptions(random, which == 8);
        OpenOption[] opening = openOptions(random);
        name.append(which)
                .append(' ')
                .append(one)
                .append(' ')
                .append(two)
                .append(' ')
                .append(List.of(copying))
                .append(List.of(opening))
                .append(links.length);
        return switch (which) {
            case 0 -> d -> Files.createDirectory(d.resolve(one));
            case 1 -> d -> Files.createDirectories(d.resolve(one));
            case 2 -> d -> Files.createFile(d.resolve(one));
            case 3 -> d -> Files.writeString(d.resolve(one), "text " + number);
            case 4 -> d -> Files.writeString(d.resolve(one), "more " + number, StandardOpenOption.APPEND);
            case 5 -> d -> Files.isDirectory(d.resolve(one)) ? "directory" : Files.readString(d.resolve(one));
            case 6 ->
                d -> Files.createSymbolicLink(d.resolve(one), d.getFileSystem().getPath(two));
            // What ends in a dot is no name for a copy or a link; with which error the kernel says so is of no use to
            // anybody.
            case 7 -> d -> two.endsWith(".") ? "" : Files.copy(d.resolve(one), d.resolve(two), copying);
            case 8 -> d -> Files.move(d.resolve(one), d.resolve(two), copying);
            case 9 ->
                d -> {
                    Files.delete(d.resolve(one));
                    return "";
                };
            case 10 -> d -> Files.deleteIfExists(d.resolve(one));
            case 11 -> d -> Files.exists(d.resolve(one), links) + " " + Files.notExists(d.resolve(one), links);
            case 12 ->
                d -> Files.isDirectory(d.resolve(one), links) + " " + Files.isRegularFile(d.resolve(one), links) + " "
                        + Files.isSymbolicLink(d.resolve(one));
            case 13 -> d -> Files.size(d.resolve(one)) > 4096 ? "large" : sizeOfFile(d.resolve(one));
            case 14 -> d -> names(d.resolve(one));
            case 15 -> d -> one.endsWith(".") ? "" : Files.createLink(d.resolve(one), d.resolve(two));
            case 16 -> d -> Files.readSymbolicLink(d.resolve(one));
            case 17 -> d -> d.toRealPath().relativize(d.resolve(one).toRealPath());
            case 18 -> d -> Files.isSameFile(d.resolve(one), d.resolve(two));
            case 19 -> d -> channel(d.resolve(one), number, opening);
            case 20 ->
                d -> {
                    Files.setPosixFilePermissions(
                            d.resolve(one), PosixFilePermissions.fromString(number < 10 ? "rwxr-x---" : "rw-r--r--"));
                    return Files.getPosixFilePermissions(d.resolve(one), links);
                };
            case 21 ->
                d -> {
                    Files.setLastModifiedTime(d.resolve(one), FileTime.fromMillis(number * 1_000_000));
                    return Files.getLastModifiedTime(d.resolve(one));
                };
            case 22 ->
                d -> new TreeMap<>(Files.readAttributes(
                        d.resolve(one), "posix:permissions,isDirectory,isOther,owner,group", links));
            case 23 ->
                d -> Files.isReadable(d.resolve(one)) + " " + Files.isWritable(d.resolve(one)) + " "
                        + Files.isExecutable(d.resolve(one)) + " " + Files.isHidden(d.resolve(one));
            case 24 -> d -> Files.readAttributes(d.resolve(one), "unix:nlink,uid,gid", links) == null;
            default -> d -> names(d.resolve(one), "*" + NAMES[(int) number % NAMES.length]);
        };
    }

    private static String sizeOfFile(Path path) throws IOException {
        return Files.isDirectory(path) ? "directory" : "" + Files.size(path);
    }

    private static Object names(Path directory) throws IOException {
        Set<String> names = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> names.add(entry.toString()));
        }
        return names;
    }

    private static Object names(Path directory, String glob) throws IOException {
        Set<String> names = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        }
        return names;
    }

    /** What a channel does. Directories can be opened by the JDK, but then everything fails; here they cannot. */
    private static Object channel(Path path, long number, OpenOption... options) throws IOException {
        if (Files.isDirectory(path)) {
            return "directory";
        }
        StringBuilder seen = new StringBuilder();
        try (SeekableByteChannel channel = Files.newByteChannel(path, options)) {
            FileChannel file = (FileChannel) channel;
            seen.append(channel.size()).append(' ').append(channel.position());
            see(seen, () -> channel.write(ByteBuffer.wrap(("w" + number).getBytes(StandardCharsets.UTF_8))));
            see(seen, channel::position);
            see(seen, () -> channel.position(number).position());
            ByteBuffer into = ByteBuffer.allocate(5);
            see(seen, () -> channel.read(into));
            seen.append(' ').append(new String(into.array(), StandardCharsets.ISO_8859_1));
            see(seen, () -> file.truncate(number / 2).size());
            see(seen, channel::position);
            see(seen, () -> file.write(ByteBuffer.wrap(new byte[] {'x'}), number));
            see(seen, channel::size);
            see(seen, () -> file.tryLock(0, 1, number % 2 == 0).isValid());
        }
        return seen + " " + Files.exists(path);
    }

    private static void see(StringBuilder seen, Callable<Object> operation) {
        try {
            seen.append(' ').append(operation.call());
        } catch (Exception e) {
            seen.append(' ').append(e.getClass().getSimpleName());
        }
    }

    @Test
    void whatIsOutsideIsTheMachines() throws Exception {
        Path outside = Files.writeString(folder.resolve("outside"), "out there");
        try (Managed managed = Managed.in(folder);
                Scope scope = Sluice.scope(managed.directory)
                        .step("make")
                        .within(managed.workflow)
                        .open()) {
            Path link = scope.path("link");
            Files.createSymbolicLink(link, outside);
            assertThat(Files.readString(link)).isEqualTo("out there");
            assertThat(Files.readString(scope.path("../outside"))).isEqualTo("out there");
            assertThat(Files.readString(scope.path(outside.toString()))).isEqualTo("out there");
            assertThat(Files.size(link)).isEqualTo(9);
            assertThat(link.toRealPath()).hasToString(outside.toRealPath().toString());
            Files.copy(link, scope.path("copy"));
            Files.move(scope.path("copy"), scope.path("../moved"));
            assertThat(folder.resolve("moved")).hasContent("out there");
        }
    }
}
