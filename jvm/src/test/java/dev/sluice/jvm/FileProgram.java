package dev.sluice.jvm;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.logging.FileHandler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * A program that knows of nothing, and uses files in all ways that there are; what it says is the same wherever they are. Its
 * argument: a directory, and what to do.
 */
final class FileProgram {
    private static final int READERS = 20;

    private final Path base;

    private FileProgram(Path base) {
        this.base = base;
    }

    public static void main(String[] words) throws Exception {
        FileProgram program = new FileProgram(Path.of(words[0]));
        switch (words[1]) {
            case "all" -> program.all();
            case "relative" -> program.relative();
            case "outside" -> program.outside(Path.of(words[2]));
            case "write" -> program.write();
            case "read" -> program.read();
            case "redirect" -> program.redirect();
            case "leave" -> program.leave();
            case "idle" -> {}
            default -> throw new IllegalArgumentException(words[1]);
        }
    }

    private static void say(String what, Callable<?> work) {
        String answer;
        try {
            answer = String.valueOf(work.call());
        } catch (Exception e) {
            answer = e.getClass().getSimpleName();
        }
        System.out.println(what + ": " + answer);
    }

    private String file(String name) {
        return base.resolve(name).toString();
    }

    private void all() throws Exception {
        streams();
        random();
        subclasses(file("random"));
        Path elsewhere = Files.writeString(Files.createTempFile("program", ""), "elsewhere");
        subclasses(elsewhere.toString());
        Files.delete(elsewhere);
        names();
        paths();
        archives();
        logs();
        for (String left : new java.util.TreeSet<>(Arrays.asList(new File(base.toString()).list()))) {
            System.out.println("left " + left + " " + new File(file(left)).isDirectory());
        }
    }

    private void streams() throws Exception {
        try (FileOutputStream out = new FileOutputStream(file("a"))) {
            out.write('h');
            out.write("ello\nwor".getBytes(StandardCharsets.US_ASCII));
            out.write("xxld\nyy".getBytes(StandardCharsets.US_ASCII), 2, 3);
            out.getFD().sync();
            say("position", () -> out.getChannel().position());
        }
        try (FileOutputStream out = new FileOutputStream(file("a"), true)) {
            out.write("more\n".getBytes(StandardCharsets.US_ASCII));
        }
        try (FileInputStream in = new FileInputStream(file("a"))) {
            say("available", in::available);
            say("first", in::read);
            say("skipped", () -> in.skip(2));
            say("array", () -> {
                byte[] some = new byte[4];
                return in.read(some) + Arrays.toString(some);
            });
            say(
                    "channel",
                    () -> in.getChannel().position() + " of " + in.getChannel().size());
            FileInputStream again = new FileInputStream(in.getFD());
            say("of the descriptor", again::read);
            say("rest", () -> new String(in.readAllBytes(), StandardCharsets.US_ASCII));
            say("end", in::read);
            say("none at the end", () -> in.read(new byte[3], 0, 0));
            say("out of bounds", () -> in.read(new byte[3], 2, 2));
        }
        FileInputStream closed = new FileInputStream(file("a"));
        closed.close();
        say("closed", closed::read);
        say("missing", () -> new FileInputStream(file("missing")));
        try {
            new FileInputStream(file("missing")).close();
        } catch (FileNotFoundException e) {
            System.out.println(e.getMessage().replace(base.toString(), "BASE"));
        }
        try {
            new FileInputStream(base.toString()).close();
        } catch (FileNotFoundException e) {
            System.out.println(e.getMessage().replace(base.toString(), "BASE"));
        }
        try (PrintWriter writer = new PrintWriter(file("text"), StandardCharsets.UTF_8)) {
            writer.println("äöü 1");
            writer.printf("%d%n", 42);
        }
        try (Scanner scanner = new Scanner(new File(file("text")), StandardCharsets.UTF_8)) {
            say("scanned", () -> scanner.nextLine() + scanner.nextInt());
        }
        try (FileWriter writer = new FileWriter(file("text"), StandardCharsets.UTF_8, true)) {
            writer.append("last\n");
        }
        try (BufferedReader reader = new BufferedReader(new FileReader(file("text"), StandardCharsets.UTF_8))) {
            say("lines", () -> reader.lines().toList());
        }
        try (InputStream in = new FileInputStream(file("a"));
                FileOutputStream out = new FileOutputStream(file("b"))) {
            say("transferred", () -> in.transferTo(out));
        }
    }

    private void random() throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(file("random"), "rw")) {
            file.writeInt(7);
            file.writeUTF("text");
            file.writeLong(-1);
            say("pointer", file::getFilePointer);
            file.seek(0);
            say("int", file::readInt);
            say("utf", file::readUTF);
            say("long", file::readLong);
            say("skip", () -> file.skipBytes(100));
            file.setLength(4);
            say("cut", () -> file.length() + " " + file.getFilePointer());
            file.setLength(10);
            say("grown", file::length);
            file.seek(2);
            file.writeBytes("ab\ncd\r\nef");
            file.seek(0);
            say("line", () -> file.readLine().length() + file.readLine() + file.readLine() + file.readLine());
            say("eof", file::readByte);
            say("negative", () -> {
                file.seek(-1);
                return "";
            });
            try (FileLock lock = file.getChannel().lock()) {
                say("lock", lock::isValid);
            }
        }
        say("read only", () -> {
            try (RandomAccessFile file = new RandomAccessFile(file("random"), "r")) {
                file.write(1);
                return "written";
            }
        });
        for (String mode : List.of("rws", "rwd")) { // what is written is on the disk when the call returns
            try (RandomAccessFile file = new RandomAccessFile(file(mode), mode)) {
                file.writeInt(8);
                file.setLength(6);
                file.seek(0);
                say(mode, () -> file.readInt() + " of " + file.length());
            }
        }
        say("not there", () -> new RandomAccessFile(file("no"), "r"));
        say("mode", () -> new RandomAccessFile(file("no"), "x"));
    }

    /** One that has something to say about its place. */
    private static final class Marked extends RandomAccessFile {
        Marked(String file) throws FileNotFoundException {
            super(file, "r");
        }

        @Override
        public long getFilePointer() throws IOException {
            return super.getFilePointer();
        }
    }

    /** One that has not. */
    private static final class Plain extends RandomAccessFile {
        Plain(String file) throws FileNotFoundException {
            super(file, "r");
        }
    }

    private void subclasses(String path) throws IOException {
        try (Marked marked = new Marked(path);
                Plain plain = new Plain(path)) {
            marked.seek(1);
            plain.seek(2);
            say("places", () -> marked.getFilePointer() + " " + plain.getFilePointer());
        }
    }

    private void names() throws Exception {
        File file = new File(file("a"));
        say("exists", file::exists);
        say("is file", file::isFile);
        say("is directory", file::isDirectory);
        say("length", file::length);
        say("missing length", () -> new File(file("missing")).length());
        say("missing exists", () -> new File(file("missing")).exists());
        say("can read", file::canRead);
        say("can write", file::canWrite);
        say("can execute", file::canExecute);
        say("hidden", () -> new File(file(".x")).isHidden());
        say("mkdir", () -> new File(file("d")).mkdir());
        say("mkdir again", () -> new File(file("d")).mkdir());
        say("mkdirs", () -> new File(file("d/e/f")).mkdirs());
        say("create", () -> new File(file("d/new")).createNewFile());
        say("create again", () -> new File(file("d/new")).createNewFile());
        say(
                "list",
                () -> Arrays.asList(new File(file("d")).list()).stream()
                        .sorted()
                        .toList());
        say("list a file", () -> new File(file("a")).list());
        say("files", () -> new File(file("d")).listFiles(File::isDirectory).length);
        say("rename", () -> new File(file("d/new")).renameTo(new File(file("d/renamed"))));
        say("rename missing", () -> new File(file("d/new")).renameTo(new File(file("d/x"))));
        say("delete full", () -> new File(file("d")).delete());
        say("delete", () -> new File(file("d/renamed")).delete());
        say("delete missing", () -> new File(file("d/renamed")).delete());
        say("modified", () -> file.setLastModified(1_000_000_000_000L) + " " + file.lastModified());
        say(
                "read only",
                () -> file.setReadOnly() + " "
                        + PosixFilePermissions.toString(Files.getPosixFilePermissions(file.toPath())));
        say(
                "writable",
                () -> file.setWritable(true) + " "
                        + PosixFilePermissions.toString(Files.getPosixFilePermissions(file.toPath())));
        say(
                "canonical",
                () -> new File(file("d/../a")).getCanonicalPath().equals(new File(file("a")).getCanonicalPath()));
        say("space", () -> file.getTotalSpace() > 0);
        say("temporary", () -> {
            File made = File.createTempFile("made", ".tmp", base.toFile());
            return made.exists() + " " + made.delete();
        });
    }

    private void paths() throws Exception {
        Path path = base.resolve("p");
        Files.writeString(path, "one\ntwo\n");
        say("read", () -> Files.readString(path));
        say("lines", () -> Files.readAllLines(path));
        say("size", () -> Files.size(path));
        say("append", () -> Files.readString(Files.writeString(path, "three\n", StandardOpenOption.APPEND)));
        say("create new", () -> Files.createFile(path));
        say("copy", () -> Files.readString(Files.copy(path, base.resolve("q"))));
        say("copy again", () -> Files.copy(path, base.resolve("q")));
        say("copy out", () -> {
            Path out = Files.createTempFile("program", "");
            Files.copy(path, out, StandardCopyOption.REPLACE_EXISTING);
            String text = Files.readString(out);
            Files.copy(out, base.resolve("in"));
            Files.delete(out);
            return text + Files.exists(base.resolve("in"));
        });
        say(
                "move",
                () -> Files.exists(Files.move(base.resolve("q"), base.resolve("r"))) + " "
                        + Files.exists(base.resolve("q")));
        say("attributes", () -> Files.readAttributes(path, "size,isRegularFile"));
        say("mode", () -> {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        });
        say("time", () -> {
            Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000_000_000L));
            return Files.getLastModifiedTime(path);
        });
        say(
                "link",
                () -> Files.readSymbolicLink(Files.createSymbolicLink(base.resolve("l"), Path.of("p"))) + " "
                        + Files.readString(base.resolve("l")));
        say("real", () -> base.resolve("d/../l").toRealPath().equals(path.toRealPath()));
        say("same", () -> Files.isSameFile(path, base.resolve("l")));
        say(
                "hard link",
                () -> Files.readString(Files.createLink(base.resolve("h"), path))
                        .length());
        say("is link", () -> Files.isSymbolicLink(base.resolve("l")) + " " + Files.isSymbolicLink(path));
        say("directory", () -> Files.isDirectory(Files.createDirectories(base.resolve("x/y/z"))));
        say("stream", () -> {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(base, "[lp]")) {
                java.util.List<String> names = new java.util.ArrayList<>();
                entries.forEach(entry -> names.add(base.relativize(entry).toString()));
                java.util.Collections.sort(names);
                return names;
            }
        });
        say("walk", () -> {
            try (Stream<Path> all = Files.walk(base.resolve("x"))) {
                return all.map(base::relativize).sorted().toList();
            }
        });
        say("delete full", () -> Files.deleteIfExists(base.resolve("x")));
        say("delete missing", () -> Files.deleteIfExists(base.resolve("none")));
        say("channel", () -> {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                ByteBuffer some = ByteBuffer.allocate(3);
                return channel.read(some, 4) + new String(some.array(), StandardCharsets.US_ASCII);
            }
        });
        say("directory forced", () -> {
            try (FileChannel channel = FileChannel.open(base, StandardOpenOption.READ)) {
                channel.force(true);
                return channel.read(ByteBuffer.allocate(1));
            } catch (IOException e) {
                return "no bytes";
            }
        });
        say("mapped", () -> {
            try (FileChannel channel = FileChannel.open(base.resolve("a"))) {
                return (char) channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                        .get(1);
            }
        });
        say("asynchronous", () -> {
            try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(path)) {
                ByteBuffer some = ByteBuffer.allocate(3);
                return channel.read(some, 0).get() + new String(some.array(), StandardCharsets.US_ASCII);
            }
        });
        say("buffered", () -> {
            try (BufferedReader reader = Files.newBufferedReader(path)) {
                return reader.readLine();
            }
        });
        say("readable", () -> Files.isReadable(path) + " " + Files.isWritable(path) + " " + Files.isExecutable(path));
        say("store", () -> Files.getFileStore(path).getTotalSpace() > 0);
        say("missing", () -> Files.readString(base.resolve("missing")));
    }

    private void archives() throws IOException {
        try (JarOutputStream jar = new JarOutputStream(new FileOutputStream(file("jar")))) {
            jar.putNextEntry(new JarEntry("entry"));
            jar.write("inside".getBytes(StandardCharsets.US_ASCII));
            jar.closeEntry();
        }
        say("jar", () -> {
            try (JarFile jar = new JarFile(file("jar"))) {
                return new String(jar.getInputStream(jar.getEntry("entry")).readAllBytes(), StandardCharsets.US_ASCII);
            }
        });
        say("zip", () -> {
            try (ZipFile zip = new ZipFile(new File(file("jar")))) {
                return zip.size();
            }
        });
    }

    private void logs() throws IOException {
        FileHandler handler = new FileHandler(file("log"));
        handler.setFormatter(new SimpleFormatter());
        handler.publish(new LogRecord(Level.INFO, "logged"));
        handler.close();
        say("log", () -> Files.readString(base.resolve("log")).contains("logged"));
    }

    private void redirect() throws IOException {
        try {
            new ProcessBuilder("echo").redirectOutput(new File(file("o"))).start();
            System.out.println("started");
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }

    private void relative() throws IOException {
        Files.writeString(Path.of("r"), "relative");
        say("relative", () -> Files.readString(Path.of("r")) + new File("r").length());
        try (FileOutputStream out = new FileOutputStream("./s/../t")) {
            out.write('t');
        } catch (FileNotFoundException e) {
            System.out.println("no s");
        }
        say("here", () -> new File(".").getCanonicalFile().equals(base.toFile()));
        say("listed", () -> Arrays.asList(new File("").getAbsoluteFile().list()));
    }

    private void outside(Path outside) throws IOException {
        Files.writeString(outside.resolve("o"), "out");
        say("outside", () -> Files.readString(outside.resolve("o")));
        say("by a link", () -> Files.readString(base.resolve("out/o")));
        say("by a link and a stream", () -> {
            try (FileInputStream in = new FileInputStream(file("out/o"))) {
                return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            }
        });
        say("beside", () -> new File(base + "2").exists());
    }

    private void write() throws IOException, InterruptedException {
        try (FileOutputStream out = new FileOutputStream(file("data"))) {
            out.write("first\n".getBytes(StandardCharsets.US_ASCII));
            System.out.println("written");
            int _ = System.in.read();
            out.write("second\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void read() throws IOException {
        Path path = Path.of(file("data"));
        System.out.println("a file: " + path.toFile().isFile() + " " + Files.isRegularFile(path));
        System.out.println("a folder: " + path.toFile().isDirectory() + " " + Files.isDirectory(path));
        try (BufferedReader reader = new BufferedReader(new FileReader(file("data"), StandardCharsets.UTF_8))) {
            reader.lines().forEach(line -> {
                System.out.println("got " + line);
                System.out.flush();
            });
        }
        System.out.println("end");
    }

    /** Ends while threads of its own still read. */
    private void leave() throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(READERS);
        for (int i = 0; i < READERS; i++) {
            Thread reader = new Thread(() -> {
                try (FileInputStream in = new FileInputStream(file("data"))) {
                    int _ = in.read();
                    reading.countDown();
                    System.out.println("read " + in.readAllBytes().length);
                } catch (IOException e) {
                    System.out.println("failed: " + e);
                }
            });
            reader.setDaemon(true);
            reader.start();
        }
        reading.await();
        System.out.println("leaves");
    }
}
