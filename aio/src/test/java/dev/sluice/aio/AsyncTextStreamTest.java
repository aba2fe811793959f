package dev.sluice.aio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.aio.AsyncFileStream.Whence;
import dev.sluice.aio.TextOptions.Newlines;
import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsyncTextStreamTest extends OnEachContext {
    private static final String MIXED = "a\u00e9\u20ac\ud83d\ude00\r\nb\ud55c\uae00\rc\n\ud834\udd1e\r\n";
    private static final TextOptions REPLACING = TextOptions.DEFAULT.withMalformed(CodingErrorAction.REPLACE);
    private static final TextOptions IGNORING = TextOptions.DEFAULT.withMalformed(CodingErrorAction.IGNORE);

    @ParameterizedTest
    @ValueSource(
            strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "GB18030", "ISO-2022-JP", "Shift_JIS"})
    void charactersAreNeverSplitWhateverTheChunks(Charset charset) throws IOException {
        String sample = charset.newEncoder().canEncode(MIXED) ? MIXED : "a\u65e5\u672c\r\nb\u8a9e\rc\n\u3042\r\n";
        int[] points = sample.codePoints().toArray();
        for (int chunk = 1; chunk <= 8; chunk++) {
            for (int count = 1; count <= 4; count++) {
                AsyncTextStream stream = text(
                        sample.getBytes(charset),
                        TextOptions.DEFAULT.withCharset(charset).withChunkSize(chunk));
                for (int at = 0; at < points.length; at += count) {
                    String expected = new String(points, at, Math.min(count, points.length - at));
                    assertThat(at % 2 == 0 ? stream.read(count) : get(stream.readAsync(count)))
                            .isEqualTo(expected);
                    if (!charset.name().startsWith("ISO-2022")) {
                        String before = new String(points, 0, Math.min(at + count, points.length));
                        assertThat(stream.position()).isEqualTo(before.getBytes(charset).length);
                    }
                }
                assertThat(stream.read(1)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32", "ISO-8859-1"})
    void universalNewlinesAreLineFeedsWhateverTheChunks(Charset charset) throws IOException {
        String raw = "\r\na\r\rb\r\n\nc\n\r\r\n\rd\r";
        String joined = "\na\n\nb\n\nc\n\n\n\nd\n";
        for (int chunk = 1; chunk <= 8; chunk++) {
            TextOptions options = TextOptions.DEFAULT
                    .withCharset(charset)
                    .withNewlines(Newlines.UNIVERSAL)
                    .withChunkSize(chunk);
            assertThat(text(raw.getBytes(charset), options).readAll()).isEqualTo(joined);
            for (int count = 1; count <= 3; count++) {
                AsyncTextStream stream = text(raw.getBytes(charset), options);
                StringBuilder all = new StringBuilder();
                for (String piece = stream.read(count); !piece.isEmpty(); piece = stream.read(count)) {
                    all.append(piece);
                    boolean isLast = all.length() == joined.length();
                    assertThat(piece).hasSize(isLast ? piece.length() : count);
                }
                assertThat(all).hasToString(joined);
                assertThat(stream.position()).isEqualTo(raw.getBytes(charset).length);
            }
        }
    }

    @Test
    void aPairOfReturnAndFeedIsOneCharacter() throws IOException {
        AsyncTextStream stream = text(utf8("a\r\nb"), TextOptions.DEFAULT.withNewlines(Newlines.UNIVERSAL));
        assertThat(stream.read(2)).isEqualTo("a\n");
        assertThat(stream.position()).isEqualTo(3);
        AsyncTextStream keeping = text(utf8("a\r\nb"), TextOptions.DEFAULT);
        assertThat(keeping.read(2)).isEqualTo("a\r");
        assertThat(keeping.position()).isEqualTo(2);
    }

    @Test
    void positionsAreBytes() throws IOException {
        AsyncTextStream stream = text(utf8("\ud83d\ude00xyz"), TextOptions.DEFAULT);
        assertThat(stream.read(1)).isEqualTo("\ud83d\ude00");
        assertThat(stream.position()).isEqualTo(4);
        assertThat(stream.read(12)).isEqualTo("xyz");
        stream.seek(4, Whence.START);
        assertThat(stream.read(1)).isEqualTo("x");
        assertThat(stream.read(0)).isEmpty();
        assertThatThrownBy(() -> stream.read(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void malformedBytesAreReportedWithTheirPlaceAndTheCursorStays() throws IOException {
        AsyncTextStream stream = text(join(utf8("ab"), bytes(0xFF), utf8("cd")), TextOptions.DEFAULT);
        assertThatThrownBy(() -> stream.read(4))
                .isInstanceOf(CharacterCodingException.class)
                .hasMessageContaining("text")
                .hasMessageContaining("ff at 2")
                .hasMessageContaining("UTF-8")
                .hasMessageContaining("REPLACE");
        assertThat(stream.position()).isZero();
        assertThat(stream.read(2)).isEqualTo("ab");
        assertThat(failure(stream.readAsync(1))).isInstanceOf(CharacterCodingException.class);
        stream.seek(1, Whence.CURRENT);
        assertThat(stream.readAll()).isEqualTo("cd");
    }

    @Test
    void malformedBytesAreReplacedOrIgnoredAsTheJdkDoes() throws IOException {
        byte[][] samples = {
            join(utf8("ab"), bytes(0xFF), utf8("cd")),
            bytes(0xE2, 0x82),
            bytes(0xF0, 0x9F, 0x98),
            join(bytes(0xE2, 0x82), utf8("\n"), bytes(0xC3), utf8("x")),
            bytes(0xC0, 0x80, 0xED, 0xA0, 0x80, 'y'),
        };
        for (byte[] sample : samples) {
            for (int chunk = 1; chunk <= 8; chunk++) {
                for (TextOptions options : List.of(REPLACING, IGNORING)) {
                    String expected = UTF_8.newDecoder()
                            .onMalformedInput(options.malformed())
                            .decode(ByteBuffer.wrap(sample))
                            .toString();
                    TextOptions chunked = options.withChunkSize(chunk);
                    assertThat(text(sample, chunked).readAll()).isEqualTo(expected);
                    AsyncTextStream stream = text(sample, chunked);
                    StringBuilder pieces = new StringBuilder();
                    for (String one = stream.read(1); !one.isEmpty(); one = stream.read(1)) {
                        pieces.append(one);
                    }
                    assertThat(pieces).hasToString(expected);
                    assertThat(stream.position()).isEqualTo(sample.length);
                    assertThat(String.join("\n", text(sample, chunked).lines())).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void aCharacterThatIsStillBeingWrittenIsWaitedFor() throws IOException {
        Path path = Files.write(folder.resolve("growing"), join(utf8("ab"), bytes(0xE2, 0x82)));
        AsyncTextStream stream = text(path, TextOptions.DEFAULT);
        assertThat(stream.read(10)).isEqualTo("ab");
        assertThatThrownBy(() -> stream.read(10)).isInstanceOf(CharacterCodingException.class);
        Files.write(path, bytes(0xAC), StandardOpenOption.APPEND);
        assertThat(stream.read(10)).isEqualTo("\u20ac");
    }

    @Test
    void charactersThatTheCharsetHasNotAreReportedReplacedOrLeftOut() throws IOException {
        Charset latin = StandardCharsets.ISO_8859_1;
        AsyncTextStream reporting = text(new byte[0], TextOptions.DEFAULT.withCharset(latin));
        assertThatThrownBy(() -> reporting.write("ab\u20ac"))
                .isInstanceOf(CharacterCodingException.class)
                .hasMessageContaining("20AC at index 2")
                .hasMessageContaining("ISO-8859-1");
        assertThat(reporting.size()).isZero();
        assertThat(text(new byte[0], REPLACING.withCharset(latin)).write("a\u20ac"))
                .isEqualTo(2);
        assertThat(text(new byte[0], IGNORING.withCharset(latin)).write("a\u20ac"))
                .isEqualTo(1);
        AsyncTextStream unpaired = text(new byte[0], TextOptions.DEFAULT);
        assertThatThrownBy(() -> unpaired.write("x\ud83d")).isInstanceOf(CharacterCodingException.class);
    }

    @Test
    void aStateIsKeptFromCallToCallAndForgottenByASeek() throws IOException {
        Charset japanese = Charset.forName("ISO-2022-JP");
        AsyncTextStream stream =
                text("\u65e5\u672c\u8a9e".getBytes(japanese), TextOptions.DEFAULT.withCharset(japanese));
        assertThat(stream.read(1)).isEqualTo("\u65e5");
        long behindOne = stream.position();
        assertThat(stream.read(1)).isEqualTo("\u672c");
        stream.seek(behindOne, Whence.START);
        assertThat(stream.read(1))
                .as("in the first state these bytes are letters")
                .isNotEqualTo("\u672c");
        stream.seek(0, Whence.START);
        assertThat(stream.readAll()).isEqualTo("\u65e5\u672c\u8a9e");
        AsyncTextStream written = text(new byte[0], TextOptions.DEFAULT.withCharset(japanese));
        written.write("\u65e5");
        written.write("x\n\u672c");
        written.seek(0, Whence.START);
        assertThat(written.readAll()).isEqualTo("\u65e5x\n\u672c");
    }

    @Test
    void writeSaysHowManyBytesTheCharactersBecame() throws IOException {
        AsyncTextStream stream = text(new byte[0], TextOptions.DEFAULT);
        assertThat(stream.write("\ud55c\uae00")).isEqualTo(6);
        assertThat(stream.write(CharBuffer.wrap("ab"))).isEqualTo(2);
        assertThat(stream.position()).isEqualTo(8);
    }

    @Test
    void aPipeAnswersTheCharactersThereAre() throws IOException {
        Path path = Pipes.make(folder);
        AsyncTextStream pipe = text(
                path,
                TextOptions.DEFAULT.withNewlines(Newlines.UNIVERSAL),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        pipe.file().write(ByteBuffer.wrap(join(utf8("ab\r"), bytes())), 0);
        assertThat(pipe.read(10)).isEqualTo("ab");
        pipe.file().write(ByteBuffer.wrap(join(utf8("\nc"), bytes(0xE2))), 0);
        assertThat(pipe.read(10)).isEqualTo("\nc");
        pipe.file().write(ByteBuffer.wrap(join(bytes(0x82, 0xAC), utf8("d\n"))), 0);
        assertThat(pipe.read(1)).isEqualTo("\u20ac");
        assertThat(pipe.position()).isEqualTo(8);
        assertThat(pipe.readLine()).hasValue("d");
    }

    @Test
    void duplicatesAndTheBytesBehindHaveTheSameFile() throws IOException {
        AsyncTextStream stream = text(utf8("\u00e4bc"), TextOptions.DEFAULT);
        stream.read(1);
        AsyncTextStream duplicate = closedAfterwards(stream.duplicate());
        assertThat(duplicate.readAll()).isEqualTo("bc");
        assertThat(stream.read(1)).isEqualTo("b");
        assertThat(closedAfterwards(stream.duplicateAt(0)).options()).isSameAs(TextOptions.DEFAULT);
        AsyncFileStream bytes = stream(MIXED);
        AsyncTextStream text = bytes.text(TextOptions.DEFAULT);
        assertThat(text.read(3)).isEqualTo("a\u00e9\u20ac");
        assertThat(bytes.position()).isEqualTo(6);
        text.close();
        assertThat(bytes.isOpen()).isFalse();
    }

    @Test
    void openingIsLikeThatOfBytes() throws IOException {
        Path path = file("ab");
        try (AsyncTextStream stream = AsyncTextStream.open(path)) {
            assertThat(stream.readAll()).isEqualTo("ab");
        }
        try (AsyncTextStream stream = get(AsyncTextStream.openAsync(path, TextOptions.DEFAULT, context))) {
            assertThat(get(stream.readAllAsync())).isEqualTo("ab");
        }
        assertThatThrownBy(() -> TextOptions.DEFAULT.withCharset(Charset.forName("x-JISAutoDetect")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("guesses");
        assertThatThrownBy(() -> TextOptions.DEFAULT.withLineLimit(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
