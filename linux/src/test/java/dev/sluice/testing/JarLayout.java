package dev.sluice.testing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The jars of rooms in one folder, as they are installed; made of the classes where the build has made no jars yet. */
public final class JarLayout {
    private static final String VERSION = "-0.1.0-SNAPSHOT.jar";

    private JarLayout() {}

    /**
     * Makes the jars in which some classes are.
     *
     * @param folder where, which is made
     * @param known a class of each
     * @return the folder
     * @throws IOException when it cannot be written
     */
    public static Path of(Path folder, Class<?>... known) throws IOException {
        for (Class<?> one : known) {
            try {
                add(
                        folder,
                        Path.of(one.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI()));
            } catch (URISyntaxException e) {
                throw new IOException(e);
            }
        }
        return folder;
    }

    /**
     * Makes the jars of all that this process was started with, but for what is of tests alone.
     *
     * @param folder where, which is made
     * @return the folder
     * @throws IOException when it cannot be written
     */
    public static Path ofThisProcess(Path folder) throws IOException {
        for (String property : List.of("jdk.module.path", "java.class.path")) {
            for (String place : System.getProperty(property, "").split(File.pathSeparator, -1)) {
                boolean isOfTests = place.contains("surefire") || place.contains("test");
                if (!place.isEmpty() && !isOfTests) {
                    add(folder, Path.of(place));
                }
            }
        }
        return folder;
    }

    /** Adds a jar, or the one that would be made of a folder of classes. */
    private static void add(Path folder, Path place) throws IOException {
        Files.createDirectories(folder);
        if (Files.isRegularFile(place)) {
            Files.copy(place, folder.resolve(place.getFileName()));
            return;
        }
        Path room = place.resolve("../..").normalize();
        Manifest manifest = new Manifest();
        Path said = room.resolve("src/main/agent/MANIFEST.MF");
        if (Files.exists(said)) {
            try (InputStream in = Files.newInputStream(said)) {
                manifest.read(in);
            }
        }
        manifest.getMainAttributes().putIfAbsent(Attributes.Name.MANIFEST_VERSION, "1.0");
        Path jar = folder.resolve("sluice-" + room.getFileName() + VERSION);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> files = Files.walk(place)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(place.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
    }

    /**
     * Finds the agent's jar in such a folder.
     *
     * @param folder where
     * @return the jar
     */
    public static Path agent(Path folder) {
        return folder.resolve("sluice-jvm" + VERSION);
    }
}
