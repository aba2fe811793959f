package dev.sluice.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/** Programs that know nothing of the tests, nor of their class path: compiled from texts into a folder. */
public final class Compiled {
    private Compiled() {}

    /**
     * Compiles a class without a package.
     *
     * @param folder where the class is to be, which is made
     * @param name its name
     * @param text its source
     * @param places what it is compiled with: folders and jars
     * @return the folder
     * @throws IOException when it cannot be written
     */
    public static Path in(Path folder, String name, String text, Path... places) throws IOException {
        Files.createDirectories(folder);
        Path source = Files.createDirectories(folder.resolveSibling(folder.getFileName() + ".source"))
                .resolve(name + ".java");
        Files.writeString(source, text);
        List<String> words = new ArrayList<>(List.of("-d", folder.toString(), "-proc:none"));
        if (places.length > 0) {
            words.addAll(List.of(
                    "-cp",
                    String.join(
                            ":", List.of(places).stream().map(Path::toString).toList())));
        }
        words.add(source.toString());
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        if (javac.run(System.out, System.out, words.toArray(String[]::new)) != 0) {
            throw new AssertionError(name + " does not compile");
        }
        return folder;
    }

    /** {@return the {@code java} that runs the tests} */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
