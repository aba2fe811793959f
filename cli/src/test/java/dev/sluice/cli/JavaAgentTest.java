package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaAgentTest {
    @TempDir
    private Path folder;

    private String java(String version) throws IOException {
        Path home = Files.createDirectories(folder.resolve(version));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"" + version + "\"\n");
        Path program =
                Files.createFile(Files.createDirectories(home.resolve("bin")).resolve("java"));
        Path link = Files.createDirectories(folder.resolve("links" + version)).resolve("java");
        return Files.createSymbolicLink(link, program).toString();
    }

    @Test
    void aJavaThatCanLoadItGetsTheAgent() throws IOException {
        String java = java("25.0.1");
        assertThat(JavaAgent.with(List.of(java, "-jar", "any.jar"), "-javaagent:a.jar"))
                .containsExactly(java, "-javaagent:a.jar", "-jar", "any.jar");
        String later = java("26-ea");
        assertThat(JavaAgent.with(List.of(later), "-javaagent:a.jar")).containsExactly(later, "-javaagent:a.jar");
    }

    @Test
    void whoSaysItHimselfGetsNoSecondOne() throws IOException {
        String java = java("25");
        for (String said :
                List.of("-javaagent:/a b/sluice-jvm-1.jar", "-javaagent:sluice-jvm-1.jar=dir=/d,step=make")) {
            assertThat(JavaAgent.with(List.of(java, said, "Any"), "-javaagent:a.jar"))
                    .containsExactly(java, said, "Any");
        }
        assertThat(JavaAgent.with(List.of(java, "-javaagent:other.jar=sluice-jvm.jar"), "-javaagent:a.jar"))
                .contains("-javaagent:a.jar");
    }

    @Test
    void whatIsOlderOrNoJavaStaysAsItIs() throws IOException {
        for (String program : List.of(java("21.0.4"), java("1.8.0_402"), "sh", "javac", "no/java", "/bin/cat")) {
            assertThat(JavaAgent.with(List.of(program, "x"), "-javaagent:a.jar"))
                    .containsExactly(program, "x");
        }
    }

    /** As `jlink` makes it; its JVM does not begin when it is told of an agent. */
    @Test
    void aRuntimeWithoutTheModuleForAgentsStaysAsItIs() throws IOException {
        String java = java("25.0.2");
        Path release = folder.resolve("25.0.2/release");
        Files.writeString(release, "JAVA_VERSION=\"25.0.2\"\nMODULES=\"java.base java.logging\"\n");
        assertThat(JavaAgent.with(List.of(java, "Any"), "-javaagent:a.jar")).containsExactly(java, "Any");

        Files.writeString(release, "JAVA_VERSION=\"25.0.2\"\nMODULES=\"java.base java.instrument java.logging\"\n");
        assertThat(JavaAgent.with(List.of(java, "Any"), "-javaagent:a.jar")).contains("-javaagent:a.jar");
    }

    @Test
    void theOptionIsOneWordWhereverTheJarsAre() throws IOException {
        Path jars = Files.createDirectories(folder.resolve("my [programs] = $HOME/lib"));
        Path jar = Files.createFile(jars.resolve("sluice-jvm-1.jar"));
        String option = JavaAgent.option(jar);
        assertThat(option).matches("-javaagent:[A-Za-z0-9/._-]+/sluice-jvm-1.jar");
        assertThat(Path.of(option.substring("-javaagent:".length())).toRealPath())
                .isEqualTo(jar.toRealPath());
        assertThat(JavaAgent.option(jar)).isEqualTo(option);
        Files.delete(Path.of(option.substring("-javaagent:".length())).getParent());

        Path plain = Files.createFile(folder.resolve("sluice-jvm-1.jar"));
        assertThat(JavaAgent.option(plain)).isEqualTo("-javaagent:" + plain);
    }
}
