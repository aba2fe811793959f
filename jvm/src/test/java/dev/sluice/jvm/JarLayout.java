package dev.sluice.jvm;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The jars of the rooms in one folder, as they are installed; made of the classes where the build has made no jars yet. */
public final class JarLayout {
    private static final String VERSION = "-0.1.0-SNAPSHOT.jar";

    private JarLayout() {}

    /**
     * Makes the jars that the agent needs.
     *
     * @param folder where, which is made
     * @return the option of {@code java} that loads the agent
     */
    public static String of(Path folder) throws IOException {
        for (Class<?> known : List.of(
                Agent.class,
                dev.sluice.stream.Workflow.class,
                dev.sluice.linux.Errno.class,
                dev.sluice.language.Flow.class)) {
            add(folder, known);
        }
        return "-javaagent:" + jar(folder);
    }

    /** {@return the agent's jar in such a folder} */
    public static Path jar(Path folder) {
        return folder.resolve("sluice-jvm" + VERSION);
    }

    /**
     * Adds the jar in which a class is.
     *
     * @param folder where
     * @param known the class
     */
    public static void add(Path folder, Class<?> known) throws IOException {
        Path place;
        try {
            URI uri = known.getProtectionDomain().getCodeSource().getLocation().toURI();
            place = Path.of(uri);
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        Files.createDirectories(folder);
        if (Files.isRegularFile(place)) {
            Files.copy(place, folder.resolve(place.getFileName()));
            return;
        }
        String room = known.getPackageName().replaceFirst(".*\\.", "").toLowerCase(Locale.ROOT);
        Path manifest = place.resolve("../../src/main/agent/MANIFEST.MF");
        try (JarOutputStream jar =
                new JarOutputStream(Files.newOutputStream(folder.resolve("sluice-" + room + VERSION)))) {
            jar.putNextEntry(new JarEntry("META-INF/MANIFEST.MF"));
            Manifest named = new Manifest();
            if (Files.exists(manifest)) {
                try (var in = Files.newInputStream(manifest)) {
                    named.read(in);
                }
            } else {
                named.getMainAttributes().putValue("Manifest-Version", "1.0");
            }
            named.write(jar);
            try (Stream<Path> files = Files.walk(place)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    jar.putNextEntry(new JarEntry(place.relativize(file).toString()));
                    Files.copy(file, jar);
                }
            }
        }
    }
}
