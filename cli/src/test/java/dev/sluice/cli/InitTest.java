package dev.sluice.cli;

import static dev.sluice.cli.Typed.sluice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Reading;
import dev.sluice.language.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitTest {
    @TempDir
    private Path folder;

    @Test
    void writesAFlowThatCheckAccepts() throws Exception {
        Path file = folder.resolve("flow.json");

        Typed init = sluice(
                "init",
                file,
                "--name=words",
                "--step=split: book.txt -> parts/*.txt, log",
                "--step=count: parts/*.txt -> counts.csv",
                "--once=parts/*.txt",
                "--append=log",
                "--permanent=counts.csv");

        assertThat(init.err()).isEmpty();
        assertThat(init.status()).isZero();
        assertThat(init.out().replace(folder + "/", "")).isEqualTo("""
            flow.json: written, 2 steps
            Next:
              sluice check flow.json
              sluice explain flow.json 'parts/*.txt'
            """);
        assertThat(Flow.read(file))
                .isEqualTo(Flow.builder("words")
                        .step(
                                "split",
                                List.of("book.txt"),
                                List.of("parts/*.txt", "log"),
                                Rule.files("parts/*.txt")
                                        .commits(CommitRule.onClose())
                                        .fires(FireRule.NO_UPDATE),
                                Rule.files("log"))
                        .step("count", List.of("parts/*.txt"), List.of("counts.csv"))
                        .permanent("counts.csv")
                        .build());
        assertThat(Reading.of(file, Reading.Mode.STRICT).version()).isEqualTo(Flow.Version.V1_1);
        assertThat(sluice("check", file).status()).isZero();
    }

    @Test
    void theNameIsThatOfTheFolderAndTheVersionIsChosen() throws Exception {
        Path file = folder.resolve("flow.json");

        assertThat(sluice("init", file, "--step=a:>x", "--to=1.0").status()).isZero();

        assertThat(Flow.read(file).name()).isEqualTo(folder.getFileName().toString());
        assertThat(file).content().doesNotContain("version");
        Path usual = Files.createFile(folder.resolve("usual"));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
    }

    @Test
    void nothingIsOverwrittenWithoutForce() throws Exception {
        Path file = Files.writeString(folder.resolve("flow.json"), "mine");

        Typed init = sluice("init", file, "--step=a:>x");

        assertThat(init.err()).endsWith("is there already; --force overwrites it\n");
        assertThat(init.status()).isEqualTo(1);
        assertThat(file).hasContent("mine");
        assertThat(sluice("init", file, "--step=a:>x", "--force").status()).isZero();
    }

    @Test
    void aFlowThatCannotWorkIsNotWritten() {
        Path file = folder.resolve("flow.json");

        Typed init = sluice("init", file, "--step=a: y -> x", "--step=b: x -> y");

        assertThat(init.out()).contains("steps wait for each other's end: a -> x -> b -> y -> a");
        assertThat(init.err()).isEqualTo("sluice init: such a flow cannot work; nothing was written\n");
        assertThat(init.status()).isEqualTo(1);
        assertThat(file).doesNotExist();
    }

    @Test
    void misuseIsExplained() {
        Path file = folder.resolve("flow.json");

        assertThat(sluice("init", file, "--step=a: x - y").err())
                .contains("a step needs an arrow", "either side may be empty");
        assertThat(sluice("init", "-", "--step=a:>x").err()).contains("name the file");
        assertThat(sluice("init", file, "--step=: x").err()).contains("a step begins with its name");
        assertThat(sluice("init", file, "--step=a:>x", "--step=a:>y").err()).contains("there are two steps \"a\"");
        assertThat(sluice("init", file, "--step=a:>x", "--once=y").err()).contains("no step writes y; steps write x");
        assertThat(sluice("init", file, "--step=a:>x", "--once=x", "--append=x").err())
                .contains("x is said to be written in two ways");
        assertThat(sluice("init", file, "--once=x").err()).contains("name them with --step");
        assertThat(sluice("init", file, "--once=x").status()).isEqualTo(2);
        Typed asked = sluice("init", file);
        assertThat(asked.err()).contains("start it in a terminal to be asked");
        assertThat(asked.status()).isEqualTo(2);
        assertThat(folder).isEmptyDirectory();
    }
}
