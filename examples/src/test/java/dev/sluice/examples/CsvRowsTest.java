package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvRowsTest {
    private static final String PYTHON = """
        import csv, json, sys
        for row in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig", newline="")):
            sys.stdout.buffer.write((json.dumps(row, ensure_ascii=False) + "\\n").encode())
        """;

    @TempDir
    private Path folder;

    @OnEachContext
    void rowsAreThoseOfPython(String context) throws Exception {
        Path file = Files.writeString(folder.resolve("rows.csv"), """
            \uFEFFname,note,"the ""third\"""
            Ada,"two
            lines, and a comma",1
            Grüße 😀,"say ""hi""\r
            and\tgo",\\
            ,,
            """);

        Run rows = Run.of(context, CsvRows.class, file);

        assertThat(rows.errors()).isEmpty();
        assertThat(rows.status()).isZero();
        assertThat(rows.text())
                .contains("two\\nlines", "Grüße 😀")
                .isEqualTo(Run.tool("python3", "-c", PYTHON, file).text());
    }

    @OnEachContext
    void manyRowsNeedLittleMemory(String context) throws Exception {
        Path file = folder.resolve("rows.csv");
        try (BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            writer.write("number,text\n");
            for (int i = 0; i < 300_000; i++) {
                writer.write(i + ",\"some words which the heap of the example cannot hold,\n that many times é\"\n");
            }
        }

        Run rows = Run.of(context, CsvRows.class, file);

        assertThat(rows.errors()).isEmpty();
        assertThat(rows.text().lines()).hasSize(300_000).last().asString().startsWith("{\"number\": \"299999\", ");
    }

    @Test
    void whatIsNoCsvIsExplained() throws Exception {
        Path file = Files.writeString(folder.resolve("bad.csv"), "a,b\n\"x\"y,z\n");

        Run rows = Run.of("uring", CsvRows.class, file);

        assertThat(rows.status()).isEqualTo(1);
        assertThat(rows.errors().lines()).singleElement().asString().contains("bad.csv: ");
    }

    @Test
    void bytesThatAreNoTextAreExplained() throws Exception {
        Path file = Files.write(folder.resolve("latin.csv"), "a,b\nä,z\n".getBytes(StandardCharsets.ISO_8859_1));

        Run rows = Run.of("uring", CsvRows.class, file);

        assertThat(rows.status()).isEqualTo(1);
        assertThat(rows.errors().lines()).singleElement().asString().contains("latin.csv");
    }
}
