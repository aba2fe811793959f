package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aio.TextOptions.Newlines;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A stream of text gives what the whole text has, however it is read. */
class AsyncTextStreamProperties {
    @Property(tries = 2000)
    void piecesAreThoseOfTheWholeText(
            @ForAll("texts") String text,
            @ForAll("charsets") Charset charset,
            @ForAll Newlines newlines,
            @ForAll @IntRange(min = 1, max = 9) int chunk,
            @ForAll @Size(max = 20) List<@IntRange(min = 0, max = 7) Integer> reads)
            throws Exception {
        Path path = Files.createTempFile("sluice", ".text");
        TextOptions options =
                TextOptions.DEFAULT.withCharset(charset).withNewlines(newlines).withChunkSize(chunk);
        try (AsyncTextStream stream =
                AsyncTextStream.open(Files.write(path, text.getBytes(charset)), options, Context.shared())) {
            String rest = newlines == Newlines.KEEP
                    ? text
                    : text.replace("\r\n", "\n").replace('\r', '\n');
            List<String> expected = new ArrayList<>();
            List<String> actual = new ArrayList<>();
            for (int count : reads) {
                if (count == 0) {
                    int end = rest.indexOf('\n');
                    String line = end < 0 ? rest : rest.substring(0, end);
                    expected.add(end < 0 && line.isEmpty() ? "the end" : withoutReturn(line, end >= 0));
                    rest = end < 0 ? "" : rest.substring(end + 1);
                    actual.add(stream.readLine().orElse("the end"));
                } else {
                    int end = rest.offsetByCodePoints(0, Math.min(count, rest.codePointCount(0, rest.length())));
                    expected.add(rest.substring(0, end));
                    rest = rest.substring(end);
                    actual.add(stream.readAsync(count).join());
                }
            }
            expected.add(rest);
            actual.add(stream.readAll());
            assertThat(actual).isEqualTo(expected);
            assertThat(stream.position()).isEqualTo(text.getBytes(charset).length);
        } finally {
            Files.delete(path);
        }
    }

    /** A return before the line feed belongs to it; with universal newlines there is none left. */
    private static String withoutReturn(String line, boolean ended) {
        return ended && line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "\r", "\n", "\r\n", "\u00e9", "\u20ac", "\u0a0a", "\u0a00", "\ud83d\ude00")
                .list()
                .ofMaxSize(30)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<Charset> charsets() {
        return Arbitraries.of("UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "x-UTF-16LE-BOM", "GB18030")
                .map(Charset::forName);
    }
}
