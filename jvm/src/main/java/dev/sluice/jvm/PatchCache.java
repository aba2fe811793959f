package dev.sluice.jvm;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Classes of the JDK as they are to be, kept from the first program for the next, since to make them takes longer than most else that
 * the agent does. They are in a file of the user's cache, in a folder in which nobody else may do anything; one that is another's
 * is not read. A class counts only if the file says of the agent, of the JDK and of the class before its change what is so now, and
 * if the file is whole. Used by the thread that loads the agent.
 */
final class PatchCache {
    private static final int VERSION = 1;

    /** More JDKs and agents than these nobody uses. */
    private static final int MOST_FILES = 16;

    private final Path folder;
    private final String key;
    private final Map<String, Kept> all = new HashMap<>();
    private boolean isNew;

    /** A class: the sum of what it was, and what it is to be. */
    private static final class Kept {
        final long sum;
        final byte[] patched;

        Kept(long sum, byte[] patched) {
            this.sum = sum;
            this.patched = patched;
        }
    }

    private PatchCache(Path folder, String key) {
        this.folder = folder;
        this.key = key;
    }

    /** {@return what is kept for this JDK and this agent; empty when there is nothing, or it is not to be trusted} */
    static PatchCache read() {
        PatchCache cache = new PatchCache(place(), key());
        try {
            File file = cache.file().toFile();
            if (file.exists() && MeetingPoint.isPrivate(cache.folder)) {
                try (FileInputStream in = new FileInputStream(file)) {
                    cache.fill(in.readAllBytes());
                }
            }
        } catch (IOException | RuntimeException e) {
            cache.all.clear(); // it is as if there were none: all is made anew
        }
        return cache;
    }

    private static Path place() {
        String said = System.getenv("XDG_CACHE_HOME");
        return said == null || !said.startsWith("/")
                ? Path.of(System.getProperty("user.home"), ".cache", "sluice")
                : Path.of(said, "sluice");
    }

    /** The agent by its jar's size and time; the class files by which it decides are in there. */
    private static String key() {
        String agent = "";
        var source = PatchCache.class.getProtectionDomain().getCodeSource();
        if (source != null) {
            File jar = new File(source.getLocation().getPath());
            agent = jar.getPath() + " " + jar.length() + " " + jar.lastModified();
        }
        return VERSION + " " + System.getProperty("java.vm.version") + " " + System.getProperty("java.home") + " "
                + agent;
    }

    private Path file() {
        return folder.resolve("agent-" + Integer.toHexString(key.hashCode()) + ".classes");
    }

    private static long sum(byte[] bytes, int from) {
        CRC32 sum = new CRC32();
        sum.update(bytes, from, bytes.length - from);
        return sum.getValue() << Integer.SIZE | bytes.length - from;
    }

    private void fill(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(bytes))) {
            if (in.readLong() != sum(bytes, Long.BYTES) || !in.readUTF().equals(key)) {
                return;
            }
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                String name = in.readUTF();
                long sum = in.readLong();
                all.put(name, new Kept(sum, in.readNBytes(in.readInt())));
            }
        }
    }

    /** {@return a class as it is to be, if it is known and was this before; else null} */
    byte @Nullable [] get(String name, byte[] file) {
        Kept kept = all.get(name);
        return kept != null && kept.sum == sum(file, 0) ? kept.patched : null;
    }

    /** One that was not known. */
    void put(String name, byte[] file, byte[] patched) {
        all.put(name, new Kept(sum(file, 0), patched));
        isNew = true;
    }

    /** Keeps what was not known for the next program; where that cannot be, it has to make it itself. */
    void write() {
        if (!isNew) {
            return;
        }
        try {
            make(folder);
            if (!MeetingPoint.isPrivate(folder)) {
                return;
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                out.writeLong(0);
                out.writeUTF(key);
                out.writeInt(all.size());
                for (Map.Entry<String, Kept> one : all.entrySet()) {
                    out.writeUTF(one.getKey());
                    out.writeLong(one.getValue().sum);
                    out.writeInt(one.getValue().patched.length);
                    out.write(one.getValue().patched);
                }
            }
            byte[] whole = bytes.toByteArray();
            java.nio.ByteBuffer.wrap(whole).putLong(sum(whole, Long.BYTES));
            tidy();
            Path made = Files.createTempFile(folder, "agent-", ".new");
            Files.write(made, whole);
            Files.move(made, file(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            isNew = false; // a full disk, or a home that is not to be written
        }
    }

    private static void make(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            return; // whose it is, is looked at next
        }
    }

    private void tidy() throws IOException {
        File[] files = folder.toFile().listFiles();
        if (files != null && files.length >= MOST_FILES) {
            for (File file : files) {
                if (file.getName().startsWith("agent-")) {
                    Files.deleteIfExists(file.toPath());
                }
            }
        }
    }
}
