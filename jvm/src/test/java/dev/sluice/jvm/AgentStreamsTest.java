package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the JDK's own streams do with files that grow, and for who is interrupted, in programs with the agent. */
@Timeout(120)
class AgentStreamsTest extends OnStage {
    private Child make(String main, String... words) {
        return stage.child(stage.managed.making, stage.java(main, List.of(), words));
    }

    /** {@code java.io.File} has no exceptions: a program would take a file that it cannot ask for as one that is not there. */
    @Test
    void whereTheServerHasEndedItIsSaidOnceThoughNoExceptionSaysSo() throws IOException {
        stage.compile("Asks", """
            import java.io.File;
            class Asks {
                public static void main(String[] words) throws Exception {
                    File file = new File(words[0]);
                    new java.io.FileOutputStream(file).close();
                    System.out.println("made " + file.exists());
                    System.in.read();
                    System.out.println(file.exists() + " " + file.length() + " " + file.getParentFile().list());
                }
            }
            """);
        Child asker = make("Asks", stage.path("data")).start().untilItSays("made true");
        stage.host.die();
        Stage.goOn(asker);
        assertThat(asker.finish().output())
                .matches("made true\nsluice: .*the server of this directory has ended.*\nfalse 0 null\n");
    }

    /** The JDK's stream over a channel goes by its size, which is 0 until the file is complete. */
    @Test
    void aStreamOverAChannelGoesOnWhileTheFileGrows() throws IOException {
        stage.compile("Writer", """
            class Writer {
                public static void main(String[] words) throws Exception {
                    try (var out = new java.io.FileOutputStream(words[0])) {
                        out.write(new byte[100_000]);
                        System.out.println("holds");
                        System.in.read();
                        out.write("end".getBytes());
                    }
                }
            }
            """);
        stage.compile("Streams", """
            import java.nio.file.*;
            class Streams {
                public static void main(String[] words) throws Exception {
                    try (var in = new java.io.RandomAccessFile(words[0], "r")) {
                        in.seek(1000);
                        System.out.println(in.skipBytes(50_000) + " " + in.getFilePointer());
                    }
                    try (var in = Files.newInputStream(Path.of(words[0])); var out = Files.newOutputStream(Path.of(words[1]))) {
                        System.out.println("reads " + in.readNBytes(1000).length + " " + in.skip(-900) + " " + in.skip(99_000) + " " + in.skip(-200_000));
                        System.out.println(in.transferTo(out));
                    }
                    try (var in = Files.newInputStream(Path.of(words[0]))) {
                        System.out.println(in.skip(200_000) + " " + in.read() + " " + in.skip(10));
                    }
                }
            }
            """);
        Path copy = folder.resolve("copy");
        Child writer = make("Writer", stage.path("data")).start().untilItSays("holds");
        Child reader = stage.child(
                        stage.managed.using, stage.java("Streams", List.of(), stage.path("data"), copy.toString()))
                .start()
                .untilItSays("reads");
        Deadline.until("it waits", () -> stage.managed.workflow.waiting().size() == 1);
        Stage.goOn(writer);
        assertThat(reader.finish()).isEqualTo(new Child.Outcome(0, """
            50000 51000
            reads 1000 -900 99000 -99100
            100003
            100003 -1 0
            """));
        assertThat(Files.size(copy)).isEqualTo(100_003);
        assertThat(writer.finish().exit()).isZero();
    }

    /** As in a plain directory, where an interrupt ends no reading or writing of these. */
    @Test
    void whoIsInterruptedReadsAndWritesAllTheSame() throws IOException {
        stage.compile("Interrupted", """
            import java.io.*;
            import java.nio.file.*;
            class Interrupted {
                public static void main(String[] words) throws Exception {
                    Path file = Path.of(words[0]);
                    byte[] all = new byte[1 << 20];
                    new java.util.Random(7).nextBytes(all);
                    Thread.currentThread().interrupt();
                    Files.write(file, all);
                    Path copy = file.resolveSibling("copy");
                    Files.copy(file, copy);
                    say(Files.readAllBytes(copy), all);
                    say(Files.readAllBytes(file), all);
                    try (InputStream in = Files.newInputStream(file)) { say(in.readAllBytes(), all); }
                    try (OutputStream out = new FileOutputStream(words[0])) { for (int i = 0; i < 16; i++) { out.write(all, i << 16, 1 << 16); } }
                    try (InputStream in = new FileInputStream(words[0])) { say(in.readAllBytes(), all); }
                    try (var raf = new RandomAccessFile(words[0], "rw")) { raf.seek(1 << 20); raf.write(all); raf.seek(1 << 20); byte[] got = new byte[1 << 20]; raf.readFully(got); say(got, all); }
                }
                static void say(byte[] got, byte[] all) { System.out.println(java.util.Arrays.equals(got, all) + " " + Thread.currentThread().isInterrupted()); }
            }
            """);
        assertThat(make("Interrupted", stage.path("other")).start().finish())
                .isEqualTo(new Child.Outcome(0, "true true\n".repeat(5)));
    }

    /** What goes wrong is told as the JDK tells it: by these exceptions, and no others. */
    @Test
    void whatCannotBeDoneIsToldAsInAPlainDirectory() throws IOException {
        stage.compile("Refused", """
            import java.io.*;
            import java.nio.file.*;
            class Refused {
                interface Work { Object of() throws Exception; }
                public static void main(String[] words) throws Exception {
                    File base = new File(words[0]).getCanonicalFile();
                    File file = new File(base, "file");
                    Files.writeString(file.toPath(), "text");
                    Files.createSymbolicLink(base.toPath().resolve("loop"), Path.of("loop"));
                    RandomAccessFile reads = new RandomAccessFile(file, "r");
                    RandomAccessFile writes = new RandomAccessFile(file, "rw");
                    say(() -> { reads.setLength(1); return 0; });
                    say(() -> { writes.setLength(-1); return 0; });
                    say(() -> { writes.close(); writes.setLength(1); return 0; });
                    say(() -> new File(base, "none/new").createNewFile());
                    say(() -> new File(base, "file/below/x").getCanonicalPath().substring(base.getPath().length()));
                    say(() -> new File(base, "loop").getCanonicalPath().substring(base.getPath().length()));
                    say(() -> Files.getFileStore(file.toPath()).getBlockSize() > 0);
                }
                static void say(Work work) {
                    String said;
                    try { said = String.valueOf(work.of()); } catch (Exception e) { said = e.getClass() + " " + e.getMessage(); }
                    System.out.println(said);
                }
            }
            """);
        Path plain = Files.createDirectory(folder.resolve("plain"));
        Child.Outcome expected = stage.plain(stage.java("Refused", List.of(), plain.toString()))
                .start()
                .finish();
        assertThat(expected.output()).contains("Invalid argument", "/file/below/x", "true");
        assertThat(make("Refused", stage.managed.directory.toString()).start().finish())
                .isEqualTo(expected);
    }
}
