package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.aio.TextOptions.Newlines;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lines of a stream of text. */
class TextLinesTest extends OnEachContext {
    private static final String MIXED = "a\u00e9\u20ac\ud83d\ude00\r\nb\ud55c\uae00\rc\n\ud834\udd1e\r\n";

    @Test
    void linesEndAsTheOptionsSay() throws IOException {
        String raw = "one\r\ntwo\rthree\n\nfour";
        assertThat(text(utf8(raw), TextOptions.DEFAULT).lines()).containsExactly("one", "two\rthree", "", "four");
        assertThat(text(utf8(raw), TextOptions.DEFAULT.withNewlines(Newlines.UNIVERSAL))
                        .lines())
                .containsExactly("one", "two", "three", "", "four");
    }

    @Test
    void aLimitedLineIsSoManyCharactersAndLosesNothing() throws IOException {
        for (int chunk = 1; chunk <= 8; chunk++) {
            for (Newlines newlines : Newlines.values()) {
                AsyncTextStream stream = text(
                        utf8(MIXED), TextOptions.DEFAULT.withNewlines(newlines).withChunkSize(chunk));
                List<String> pieces = new ArrayList<>();
                for (int limit = 1; ; limit = limit % 3 + 1) {
                    Optional<String> piece = limit == 2 ? get(stream.readLineAsync(limit)) : stream.readLine(limit);
                    if (piece.isEmpty()) {
                        break;
                    }
                    assertThat(piece.get().codePointCount(0, piece.get().length()))
                            .isBetween(1, limit);
                    assertThat(piece.get().indexOf('\n')).isIn(-1, piece.get().length() - 1);
                    pieces.add(piece.get());
                }
                String expected = newlines == Newlines.KEEP
                        ? MIXED
                        : MIXED.replace("\r\n", "\n").replace('\r', '\n');
                assertThat(String.join("", pieces)).isEqualTo(expected);
            }
        }
    }

    @Test
    void readingLinesAndCharactersMixes() throws IOException {
        AsyncTextStream stream = text(utf8("\u00e4b\nc\u20acd\ne"), TextOptions.DEFAULT);
        assertThat(stream.read(1)).isEqualTo("\u00e4");
        assertThat(stream.readLine()).hasValue("b");
        assertThat(stream.lines().next()).hasValue("c\u20acd");
        assertThat(stream.position()).isEqualTo(10);
        assertThat(get(stream.readLineAsync())).hasValue("e");
        assertThat(get(stream.readLineAsync())).isEmpty();
        assertThat(get(stream.readAllAsync())).isEmpty();
    }

    @Test
    void aMalformedLineIsReportedAndPassedOver() throws IOException {
        byte[] bytes = join(utf8("one\n"), bytes('x', 0xFF), utf8("\nthree\n"));
        AsyncTextStream stream = text(bytes, TextOptions.DEFAULT);
        assertThat(stream.readLine()).hasValue("one");
        assertThatThrownBy(stream::readLine)
                .isInstanceOf(CharacterCodingException.class)
                .hasMessageContaining("at 5");
        assertThat(stream.readLine()).hasValue("three");
        AsyncTextStream again = text(bytes, TextOptions.DEFAULT);
        assertThat(again.lines().nextBatch()).containsExactly("one");
        assertThat(again.position()).isEqualTo(4);
    }
}
