package dev.sluice.aio;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineReaderTest extends OnEachContext {
    private LineReader<String> lines(String text, LineOptions options) throws IOException {
        return LineReader.text(openFile(file(text)), 0, options);
    }

    @Test
    void everyLineIsGivenAndTheLastNeedsNoSeparator() throws IOException {
        assertThat(lines("one\ntwo\r\n\nfour", LineOptions.DEFAULT)).containsExactly("one", "two", "", "four");
        assertThat(lines("one\n", LineOptions.DEFAULT)).containsExactly("one");
        assertThat(lines("", LineOptions.DEFAULT)).isEmpty();
        assertThat(lines("\n\n", LineOptions.DEFAULT)).containsExactly("", "");
    }

    @Test
    void manyLinesOfGrowingLengthAreGivenWhole() throws IOException {
        List<String> expected = IntStream.range(0, 1000).mapToObj("x"::repeat).toList();
        assertThat(lines(String.join("\n", expected) + "\n", LineOptions.DEFAULT))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void separatorsAreKeptWhenAsked() throws IOException {
        LineOptions keeping = LineOptions.DEFAULT.withKeepSeparator(true);
        assertThat(lines("one\ntwo\r\nend", keeping)).containsExactly("one\n", "two\r\n", "end");
    }

    @Test
    void severalSeparatorsSplitAcrossAnyChunkBorder() throws IOException {
        for (int chunk = 1; chunk <= 12; chunk++) {
            LineOptions options = LineOptions.DEFAULT
                    .withSeparators("--", "-->", "\u20ac", "x")
                    .withChunkSize(chunk);
            assertThat(lines("a--b-->c\u20acd-exf---g--", options))
                    .as("chunks of %d", chunk)
                    .containsExactly("a", "b", "c", "d-e", "f", "-g");
            assertThat(lines("a\rb\r\nc\n\rd\r", LineOptions.DEFAULT.universal().withChunkSize(chunk)))
                    .containsExactly("a", "b", "c", "", "d");
        }
    }

    @Test
    void separatorsOfWideCharactersAreOnlyFoundBetweenCharacters() throws IOException {
        // U+0A0A has the bytes of a line feed in both halves, and U+0A00 U+000A makes one across them.
        String text = "\u0a0a\u0a00\n\n\u0a0ax";
        for (int chunk = 1; chunk <= 8; chunk++) {
            LineOptions options = LineOptions.DEFAULT.withCharset(UTF_16LE).withChunkSize(chunk);
            Path path = Files.write(folder.resolve("wide"), text.getBytes(UTF_16LE));
            assertThat(LineReader.text(openFile(path), 0, options)).containsExactly("\u0a0a\u0a00", "", "\u0a0ax");
            Path marked = Files.write(folder.resolve("marked"), ("\ufeff" + text).getBytes(UTF_16LE));
            LineOptions found = options.withCharset(StandardCharsets.UTF_16);
            assertThat(LineReader.text(openFile(marked), 0, found)).containsExactly("\u0a0a\u0a00", "", "\u0a0ax");
            assertThat(LineReader.bytes(openFile(marked), 2, found).next()).hasValue("\u0a0a\u0a00".getBytes(UTF_16LE));
        }
    }

    @Test
    void separatorsThatCouldBePartOfACharacterAreRefused() {
        LineOptions japanese = LineOptions.DEFAULT.withCharset(Charset.forName("Shift_JIS"));
        assertThatThrownBy(() -> japanese.withSeparators("|"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'|'")
                .hasMessageContaining("Shift_JIS");
        assertThatThrownBy(() -> LineOptions.DEFAULT
                        .withCharset(StandardCharsets.US_ASCII)
                        .withSeparators("\u20ac"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LineOptions.DEFAULT.withSeparators()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LineOptions.DEFAULT.withSeparators("a", ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LineOptions.DEFAULT.withLimit(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LineOptions.DEFAULT.withChunkSize(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLineThatIsTooLongIsReportedAndPassedOver() throws IOException {
        for (int chunk : new int[] {1, 2, 3, 7, 64}) {
            LineOptions options = LineOptions.DEFAULT.withLimit(5).withChunkSize(chunk);
            LineReader<String> lines = lines("12345\n" + "x".repeat(100) + "\r\nshort\n123456\n123456", options);
            assertThat(lines.next()).hasValue("12345");
            assertThatThrownBy(lines::next)
                    .asInstanceOf(type(LineTooLongException.class))
                    .satisfies(e -> {
                        assertThat(e.file()).isEqualTo(folder.resolve("file").toString());
                        assertThat(e.position()).isEqualTo(6);
                        assertThat(e.limit()).isEqualTo(5);
                        assertThat(e).hasMessageContainingAll("file", "at 6", "5 bytes");
                    });
            assertThat(lines.next()).hasValue("short");
            assertThat(failure(lines.nextAsync())).isInstanceOf(LineTooLongException.class);
            assertThatThrownBy(lines::next).isInstanceOf(LineTooLongException.class);
            assertThat(lines.next()).isEmpty();
            assertThat(lines.position()).isEqualTo(6 + 102 + 6 + 7 + 6);
        }
    }

    @Test
    void theSeparatorCountsIfItIsKept() throws IOException {
        LineOptions options = LineOptions.DEFAULT
                .withSeparators("END")
                .withKeepSeparator(true)
                .withLimit(6);
        LineReader<String> lines = lines("abcENDabcdENDxEND", options);
        assertThat(lines.next()).hasValue("abcEND");
        assertThatThrownBy(lines::next).isInstanceOf(LineTooLongException.class);
        assertThat(lines.next()).hasValue("xEND");
    }

    @Test
    void aSeekForgetsThatALineWasTooLong() throws IOException {
        AsyncFileStream stream = stream("123456789\nx\n");
        LineOptions options = LineOptions.DEFAULT.withLimit(5);
        assertThatThrownBy(() -> stream.readLine(options)).isInstanceOf(LineTooLongException.class);
        assertThat(stream.position()).isEqualTo(5);
        stream.seek(5, AsyncFileStream.Whence.START);
        assertThat(stream.readLine(options)).hasValue(utf8("6789"));
    }

    @Test
    void aHugeLineTakesLinearTime() throws IOException {
        byte[] bytes = new byte[64 << 20];
        bytes[bytes.length - 1] = '\n';
        LineReader<byte[]> lines = LineReader.bytes(openFile(file(bytes)), 0, LineOptions.DEFAULT.withChunkSize(4096));
        assertThat(lines.next()).hasValueSatisfying(line -> assertThat(line).hasSize(bytes.length - 1));
        assertThat(lines.next()).isEmpty();
    }

    @Test
    void aBatchHasTheLinesOfAChunk() throws IOException {
        String text = "line\n".repeat(10_000);
        LineReader<String> lines = lines(text, LineOptions.DEFAULT.withChunkSize(8192));
        int count = 0;
        int batches = 0;
        for (List<String> batch = lines.nextBatch(); !batch.isEmpty(); batch = get(lines.nextBatchAsync())) {
            count += batch.size();
            batches++;
            assertThat(lines.position()).isEqualTo(count * 5L);
        }
        assertThat(count).isEqualTo(10_000);
        assertThat(batches).isBetween(1, 20);
    }

    @Test
    void aLineThenTheRestOfItsBatch() throws IOException {
        LineReader<String> lines = lines("a\nb\nc\nd", LineOptions.DEFAULT);
        assertThat(lines.next()).hasValue("a");
        assertThat(lines.position()).isEqualTo(2);
        assertThat(lines.nextBatch()).containsExactly("b", "c");
        assertThat(lines.position()).isEqualTo(6);
        assertThat(lines.nextBatch()).containsExactly("d");
        assertThat(lines.nextBatch()).isEmpty();
        assertThat(lines.position()).isEqualTo(7);
    }

    @Test
    void callsThatNobodyWaitsForGiveLinesInOrder() throws IOException {
        List<String> expected =
                IntStream.range(0, 3000).mapToObj(Integer::toString).toList();
        LineReader<String> lines = lines(String.join("\n", expected), LineOptions.DEFAULT.withChunkSize(100));
        List<CompletableFuture<Optional<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 3001; i++) {
            calls.add(lines.nextAsync());
        }
        assertThat(calls.stream().map(OnEachContext::get).flatMap(Optional::stream))
                .isEqualTo(expected);
    }

    @Test
    void readingBeginsAtAPosition() throws IOException {
        AsyncFile file = openFile(file("one\ntwo\nthree"));
        assertThat(LineReader.text(file, 4, LineOptions.DEFAULT)).containsExactly("two", "three");
        assertThat(LineReader.text(file, 100, LineOptions.DEFAULT)).isEmpty();
        assertThatThrownBy(() -> LineReader.text(file, -1, LineOptions.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class);
        LineReader<String> first = LineReader.text(file, 0, LineOptions.DEFAULT);
        assertThat(first.next()).hasValue("one");
        LineReader<String> resumed = LineReader.text(file, first.position(), LineOptions.DEFAULT);
        assertThat(resumed.stream()).containsExactly("two", "three");
    }

    @Test
    void ownWritesAreSeenInLinesThatWereFoundAhead() throws IOException {
        AsyncFile file = openFile(file("one\ntwo\nthree\n"), StandardOpenOption.READ, StandardOpenOption.WRITE);
        LineReader<String> lines = LineReader.text(file, 0, LineOptions.DEFAULT);
        assertThat(lines.next()).hasValue("one");
        file.write(ByteBuffer.wrap(utf8("TWO\nT")), 4);
        assertThat(lines).containsExactly("TWO", "Three");
    }

    @Test
    void aGrowingFileIsFollowed() throws IOException {
        Path path = file("one\n");
        LineReader<String> lines = LineReader.text(openFile(path), 0, LineOptions.DEFAULT);
        assertThat(lines).containsExactly("one");
        Files.writeString(path, "two\nthr", StandardOpenOption.APPEND);
        assertThat(lines).containsExactly("two", "thr");
        Files.writeString(path, "ee\n", StandardOpenOption.APPEND);
        assertThat(lines).containsExactly("ee");
    }

    @Test
    void aPipesLinesComeAsTheyAreWritten() throws IOException {
        AsyncFile pipe = openFile(Pipes.make(folder), StandardOpenOption.READ, StandardOpenOption.WRITE);
        LineReader<String> lines = LineReader.text(pipe, 0, LineOptions.DEFAULT);
        CompletableFuture<Optional<String>> first = lines.nextAsync();
        CompletableFuture<Optional<String>> second = lines.nextAsync();
        pipe.write(ByteBuffer.wrap(utf8("on")), 0);
        pipe.write(ByteBuffer.wrap(utf8("e\ntw")), 0);
        assertThat(get(first)).hasValue("one");
        assertThat(second).isNotDone();
        pipe.write(ByteBuffer.wrap(utf8("o\n")), 0);
        assertThat(get(second)).hasValue("two");
    }

    @Test
    void aMalformedLineIsReportedReplacedOrCleaned() throws IOException {
        byte[] bytes = {'a', '\n', 'b', (byte) 0xFF, '\n', 'c', '\n'};
        AsyncFile file = openFile(file(bytes));
        LineReader<String> reporting = LineReader.text(file, 0, LineOptions.DEFAULT);
        assertThat(reporting.next()).hasValue("a");
        assertThatThrownBy(reporting::next)
                .isInstanceOf(CharacterCodingException.class)
                .hasMessageContaining("at 3");
        assertThat(reporting.next()).hasValue("c");
        assertThat(LineReader.text(file, 0, LineOptions.DEFAULT.withMalformed(CodingErrorAction.REPLACE)))
                .containsExactly("a", "b\ufffd", "c");
        assertThat(LineReader.text(file, 0, LineOptions.DEFAULT.withMalformed(CodingErrorAction.IGNORE)))
                .containsExactly("a", "b", "c");
        Iterator<String> iterator =
                LineReader.text(file, 2, LineOptions.DEFAULT).iterator();
        assertThatThrownBy(iterator::next).isInstanceOf(UncheckedIOException.class);
        assertThat(iterator.next()).isEqualTo("c");
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void aDirectFileIsReadByLinesFromAnywhere() throws IOException {
        List<String> expected =
                IntStream.range(0, 5000).mapToObj(Integer::toString).toList();
        Path path = file(String.join("\n", expected));
        try (AsyncFile file = AsyncFile.open(path, context, Sample.directOption())) {
            LineReader<String> lines = LineReader.text(file, 0, LineOptions.DEFAULT.withChunkSize(100));
            assertThat(lines).containsExactlyElementsOf(expected);
            assertThat(lines.next()).isEmpty();
            assertThat(LineReader.text(file, 2, LineOptions.DEFAULT))
                    .containsExactlyElementsOf(expected.subList(1, 5000));
        } catch (java.nio.file.FileSystemException | UnsupportedOperationException e) {
            org.junit.jupiter.api.Assumptions.abort("the file system has no direct files: " + e.getMessage());
        }
    }
}
