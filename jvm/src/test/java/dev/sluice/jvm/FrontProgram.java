package dev.sluice.jvm;

import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Limits;
import dev.sluice.stream.Workflow;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that knows nothing but {@code java.nio.file}, run with the provider in front of the JDK's; it prints what it sees. */
final class FrontProgram {
    private FrontProgram() {}

    /** Its arguments: an empty folder. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]).toRealPath();
        Path work = Files.createDirectory(folder.resolve("work"));
        Files.createDirectory(folder.resolve("work2"));
        say("default", FileSystems.getDefault().getClass().getSimpleName());
        say("scheme", FileSystems.getDefault().provider().getScheme());
        say("outside", Files.readString(Files.writeString(folder.resolve("plain"), "plain")));
        try (Workflow workflow = Workflow.open(work, Managed.flow(), Keep.NONE, new Limits(64 << 20, null))) {
            Thread maker = Thread.ofVirtual().unstarted(() -> make(work, workflow));
            Sluice.scope(work).step("use").within(workflow).run(() -> {
                maker.start();
                use(folder, work);
            });
            maker.join();
            say("server", serverOf(work));
            say("after", Files.exists(work.resolve("data")));
        }
    }

    private static String serverOf(Path work) throws IOException {
        try (Scope scope = Sluice.scope(work).step("make").open()) {
            return scope.step();
        } catch (UnsupportedOperationException e) {
            return e.getMessage().substring(0, 5) + e.getMessage().contains("agent");
        }
    }

    private static void make(Path work, Workflow workflow) {
        try {
            Sluice.scope(work).step("make").within(workflow).run(() -> {
                Files.writeString(work.resolve("data"), "from another step\n");
                Files.writeString(work.resolve("private"), "text");
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void use(Path folder, Path work) throws Exception {
        try (BufferedReader reader = Files.newBufferedReader(work.resolve("data"))) {
            say("data", reader.readLine());
        }
        say("dots", Files.readString(folder.resolve("work2/../work/data")).strip());
        Path relative = Path.of("").toAbsolutePath().relativize(work.resolve("data"));
        say("relative", !relative.isAbsolute() && Files.exists(relative));
        Files.writeString(folder.resolve("work2/data"), "sibling");
        say("sibling", new File(folder.toString(), "work2/data").length());
        Files.writeString(work.resolve("result"), "inside");
        say("seen by java.io", new File(folder.toString(), "work/result").exists());
        say("listed", names(work));
        Files.copy(work.resolve("result"), folder.resolve("copied"));
        Files.move(folder.resolve("copied"), work.resolve("moved"), StandardCopyOption.REPLACE_EXISTING);
        say("moved", Files.readString(work.resolve("moved")) + Files.exists(folder.resolve("copied")));
        Files.createSymbolicLink(work.resolve("out"), folder.resolve("plain"));
        say("link", Files.readString(work.resolve("out")) + " " + Files.isSymbolicLink(work.resolve("out")));
        say("real", work.resolve("out").toRealPath().equals(folder.resolve("plain")));
        say("same", Files.isSameFile(work.resolve("result"), folder.resolve("./work/result")));
        say(
                "uri",
                Path.of(URI.create(work.resolve("result").toUri().toString())).equals(work.resolve("result")));
        say("temporary", Files.readString(Files.writeString(Files.createTempFile(folder, "a", "b"), "t")));
        say(
                "file",
                work.resolve("result").toFile().getName()
                        + new File("x").toPath().getFileSystem().equals(FileSystems.getDefault()));
        say(
                "attributes",
                Files.readAttributes(work.resolve("result"), "posix:*", LinkOption.NOFOLLOW_LINKS)
                        .get("size"));
        try (var zip = FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"))) {
            Files.writeString(zip.getPath("inner"), "zipped");
        }
        Files.copy(folder.resolve("a.zip"), work.resolve("a.zip"));
        try (var zip = FileSystems.newFileSystem(work.resolve("a.zip"))) {
            say("zip", Files.readString(zip.getPath("inner")));
        }
        try (var watcher = FileSystems.getDefault().newWatchService()) {
            folder.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
            Files.writeString(folder.resolve("watched"), "x");
            say(
                    "watched",
                    watcher.poll(20, TimeUnit.SECONDS).pollEvents().getFirst().context());
        }
        Thread thread = Thread.ofPlatform().start(() -> say("other thread", Files.exists(work.resolve("result"))));
        thread.join();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(directory::relativize)
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }

    private static void say(String what, Object seen) {
        System.out.println(what + ": " + seen);
    }
}
