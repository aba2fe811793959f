package dev.sluice.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.house.Repository.Module;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who uses a module of ours needs no jar that only our own compiler needs. */
class ConsumersTest {
    @TempDir
    private Path folder;

    @Test
    void aModuleThatUsesFilesCompilesWithOurJarsAlone() throws IOException {
        Path module =
                Files.writeString(folder.resolve("module-info.java"), "module consumer { requires dev.sluice.aio; }");
        Path user = Files.writeString(
                Files.createDirectories(folder.resolve("consumer")).resolve("User.java"), """
                package consumer;

                import dev.sluice.aio.AsyncFile;
                import java.nio.file.Path;

                final class User {
                    static void main(String[] arguments) throws Exception {
                        try (AsyncFile file = AsyncFile.open(Path.of(arguments[0]))) {
                            file.forceAsync(true).join();
                        }
                    }
                }
                """);
        String modulePath = Repository.here().rooms().stream()
                .filter(room -> List.of("linux", "aio").contains(room.name()))
                .map(Module::classes)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            said,
                            files,
                            null,
                            List.of(
                                    "--module-path",
                                    modulePath,
                                    "-d",
                                    folder.resolve("out").toString()),
                            null,
                            files.getJavaFileObjectsFromPaths(
                                    Stream.of(module, user).toList()))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
        assertThat(said.toString()).isEmpty();
    }
}
