package dev.sluice.aio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Lines are what a plain search finds, whatever the separators and chunks. */
class LineReaderProperties {
    private static Path path;

    @BeforeContainer
    static void make() throws Exception {
        path = Files.createTempFile("sluice", ".lines");
    }

    @AfterContainer
    static void remove() throws Exception {
        Files.delete(path);
    }

    @Property(tries = 2000)
    void linesAreWhatAPlainSearchFinds(
            @ForAll("texts") String text,
            @ForAll("separators") List<String> separators,
            @ForAll @IntRange(min = 1, max = 9) int chunk,
            @ForAll boolean keeping)
            throws Exception {
        Files.writeString(path, text, ISO_8859_1);
        LineOptions options = new LineOptions(
                separators, keeping, LineOptions.NO_LIMIT, ISO_8859_1, LineOptions.DEFAULT.malformed(), chunk);
        List<String> expected = search(text, separators, keeping);
        try (AsyncFileStream stream = AsyncFileStream.open(path)) {
            assertThat(LineReader.text(stream.file(), 0, options)).containsExactlyElementsOf(expected);
            assertThat(stream.textLines(options)).containsExactlyElementsOf(expected);
            assertThat(stream.position()).isEqualTo(text.length());
            List<String> batches = new ArrayList<>();
            LineReader<byte[]> bytes = LineReader.bytes(stream.file(), 0, options);
            for (List<byte[]> batch = bytes.nextBatch(); !batch.isEmpty(); batch = bytes.nextBatch()) {
                batch.forEach(line -> batches.add(new String(line, ISO_8859_1)));
            }
            assertThat(batches).isEqualTo(expected);
        }
    }

    @Property(tries = 1000)
    void piecesJoinToTheFileAndEndWithTheirLine(
            @ForAll("texts") String text,
            @ForAll("separators") List<String> separators,
            @ForAll @IntRange(min = 1, max = 9) int chunk,
            @ForAll @IntRange(min = 3, max = 9) int limit)
            throws Exception {
        Files.writeString(path, text, ISO_8859_1);
        LineOptions options = LineOptions.DEFAULT
                .withCharset(ISO_8859_1)
                .withSeparators(separators.toArray(String[]::new))
                .withChunkSize(chunk);
        List<String> joined = new ArrayList<>();
        try (AsyncFileStream stream = AsyncFileStream.open(path)) {
            StringBuilder line = new StringBuilder();
            for (Optional<byte[]> piece = stream.readLine(limit, options);
                    piece.isPresent();
                    piece = stream.readLine(limit, options)) {
                assertThat(piece.get()).hasSizeBetween(1, limit);
                line.append(new String(piece.get(), ISO_8859_1));
                if (search(line.toString() + "\0", separators, true).size() == 2) {
                    joined.add(line.toString());
                    line.setLength(0);
                }
            }
            if (!line.isEmpty()) {
                joined.add(line.toString());
            }
        }
        assertThat(String.join("", joined)).isEqualTo(text);
        assertThat(joined).isEqualTo(search(text, separators, true));
    }

    @Property(tries = 1000)
    void linesThatAreTooLongAreAllReportedAndTheOthersGiven(
            @ForAll("texts") String text,
            @ForAll("separators") List<String> separators,
            @ForAll @IntRange(min = 1, max = 9) int chunk,
            @ForAll @IntRange(min = 1, max = 6) int limit)
            throws Exception {
        Files.writeString(path, text, ISO_8859_1);
        LineOptions options = LineOptions.DEFAULT
                .withCharset(ISO_8859_1)
                .withSeparators(separators.toArray(String[]::new))
                .withLimit(limit)
                .withChunkSize(chunk);
        List<String> expected = search(text, separators, false).stream()
                .map(line -> line.length() > limit ? "too long" : line)
                .toList();
        List<String> actual = new ArrayList<>();
        try (AsyncFile file = AsyncFile.open(path)) {
            LineReader<String> lines = LineReader.text(file, 0, options);
            boolean ended = false;
            while (!ended) {
                try {
                    Optional<String> line = lines.next();
                    line.ifPresent(actual::add);
                    ended = line.isEmpty();
                } catch (LineTooLongException e) {
                    actual.add("too long");
                }
            }
        }
        assertThat(actual).isEqualTo(expected);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars('a', 'b', '\r', '\n', ';', '\u00ff')
                .ofMaxLength(60);
    }

    @Provide
    Arbitrary<List<String>> separators() {
        return Arbitraries.of(
                List.of("\n"),
                List.of("\n", "\r\n"),
                List.of("\n", "\r\n", "\r"),
                List.of(";"),
                List.of("ab", "b", "\u00ff"),
                List.of("aa", "aab", ";;"),
                List.of("a", "ab", "abb"),
                List.of("\r\n"),
                List.of("\n", ";", "\r", "\u00ff"));
    }

    /** The first separator counts, and of those at one place the longest. */
    private static List<String> search(String text, List<String> separators, boolean keeping) {
        List<String> longestFirst = separators.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        List<String> lines = new ArrayList<>();
        int begin = 0;
        int at = 0;
        while (at < text.length()) {
            int here = at;
            Optional<String> found = longestFirst.stream()
                    .filter(each -> text.startsWith(each, here))
                    .findFirst();
            if (found.isPresent()) {
                int end = at + found.get().length();
                lines.add(text.substring(begin, keeping ? end : at));
                begin = end;
                at = end;
            } else {
                at++;
            }
        }
        if (begin < text.length()) {
            lines.add(text.substring(begin));
        }
        return lines;
    }
}
