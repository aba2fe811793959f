package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatTest {
    @TempDir
    private Path folder;

    private Path text;
    private Path binary;
    private Path empty;

    @BeforeEach
    void write() throws Exception {
        text = Files.writeString(folder.resolve("text"), "one\r\ntwo\n\nfour ümläut\nno end");
        byte[] bytes = new byte[3_000_001];
        new Random(1).nextBytes(bytes);
        binary = Files.write(folder.resolve("binary"), bytes);
        empty = Files.createFile(folder.resolve("empty"));
    }

    @OnEachContext
    void writesWhatCatWrites(String context) {
        Run cat = Run.of(context, Cat.class, text, empty, binary, text);

        assertThat(cat.errors()).isEmpty();
        assertThat(cat.status()).isZero();
        assertThat(cat.bytes())
                .isEqualTo(Run.tool("cat", text, empty, binary, text).bytes());
    }

    @OnEachContext
    void numbersLinesAsCatDoes(String context) {
        Run cat = Run.of(context, Cat.class, "--number", text, empty, text);

        assertThat(cat.text())
                .isEqualTo(Run.tool("cat", "-n", text, empty, text).text());
    }

    @OnEachContext
    void aLineLongerThanThePiecesStaysOne(String context) throws Exception {
        Path line = Files.write(folder.resolve("line"), new byte[5 << 20]);

        assertThat(Run.of(context, Cat.class, "--number", line).bytes())
                .isEqualTo(Run.tool("cat", "-n", line).bytes());
    }

    @OnEachContext
    void sharesStandardOutputWithOthers(String context) throws Exception {
        Path report = folder.resolve("report");
        List<String> command = new ArrayList<>(List.of("sh", "-c", "(echo begin; \"$@\"; echo end) > " + report, "sh"));
        command.addAll(Run.command(context, Cat.class));
        command.add(text.toString());

        assertThat(Run.of(command).status()).isZero();

        assertThat(report).hasContent("begin\none\r\ntwo\n\nfour ümläut\nno endend\n");
    }

    @Test
    void appendsToStandardOutput() throws Exception {
        Path report = Files.writeString(folder.resolve("report"), "before\n");
        List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\" >> " + report, "sh"));
        command.addAll(Run.command("uring", Cat.class));
        command.add(text.toString());

        assertThat(Run.of(command).status()).isZero();

        assertThat(report).hasContent("before\none\r\ntwo\n\nfour ümläut\nno end");
    }

    @Test
    void aMissingFileIsNamed() {
        Run cat = Run.of("uring", Cat.class, folder.resolve("nothing"));

        assertThat(cat.status()).isEqualTo(1);
        assertThat(cat.errors().lines()).singleElement().asString().contains("Cat: ", "nothing", "No such file");
    }

    @Test
    void withoutAFileItSaysHowItIsUsed() {
        Run cat = Run.of("uring", Cat.class);

        assertThat(cat.status()).isEqualTo(2);
        assertThat(cat.errors()).contains("a file is missing", "Usage: Cat");
        assertThat(Run.of("uring", Cat.class, "--help").text()).contains("Usage: Cat");
    }
}
