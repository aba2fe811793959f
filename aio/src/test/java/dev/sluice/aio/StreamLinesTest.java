package dev.sluice.aio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.aio.AsyncFileStream.Whence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lines and chunks from a stream's cursor on. */
class StreamLinesTest extends OnEachContext {
    private static final LineOptions KEEPING = LineOptions.DEFAULT.withKeepSeparator(true);

    @Test
    void aLimitedLineLosesNothing() throws IOException {
        AsyncFileStream stream = stream("l1\nl2\nthe third\n\nend");
        List<String> pieces = new ArrayList<>();
        for (int limit = 1; ; limit = limit % 4 + 1) {
            Optional<byte[]> piece = stream.readLine(limit, KEEPING);
            if (piece.isEmpty()) {
                break;
            }
            assertThat(piece.get()).hasSizeBetween(1, limit);
            pieces.add(utf8(piece.get()));
            assertThat(stream.position()).isEqualTo(String.join("", pieces).length());
        }
        assertThat(String.join("", pieces)).isEqualTo("l1\nl2\nthe third\n\nend");
        assertThat(pieces).startsWith("l", "1\n", "l2\n", "the ").contains("\n");
    }

    @Test
    void readLineOfFiveEndsWithTheLine() throws IOException {
        AsyncFileStream stream = stream("l1\nl2\nl3\n");
        assertThat(stream.readLine(1, KEEPING)).hasValue(utf8("l"));
        assertThat(stream.position()).isEqualTo(1);
        assertThat(get(stream.readLineAsync(5, KEEPING))).hasValue(utf8("1\n"));
        assertThat(stream.readLine()).hasValue(utf8("l2"));
        assertThatThrownBy(() -> stream.readLine(0, KEEPING)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSeparatorIsNotCutByTheLimit() throws IOException {
        LineOptions end = KEEPING.withSeparators("END");
        AsyncFileStream stream = stream("xxENDyENDEND");
        List<String> pieces = new ArrayList<>();
        for (Optional<byte[]> piece = stream.readLine(4, end); piece.isPresent(); piece = stream.readLine(4, end)) {
            pieces.add(utf8(piece.get()));
        }
        assertThat(pieces).containsExactly("xx", "END", "yEND", "END");
    }

    @Test
    void anySeparatorEndsALine() throws IOException {
        AsyncFileStream stream = stream("a;b::c;d");
        LineOptions options = LineOptions.DEFAULT.withSeparators(";", "::");
        List<String> lines = new ArrayList<>();
        stream.lines(options).forEach(line -> lines.add(utf8(line)));
        assertThat(lines).containsExactly("a", "b", "c", "d");
        AsyncFileStream bytes = open(Files.write(folder.resolve("bytes"), new byte[] {1, (byte) 0xFF, 2, (byte) 0xFF}));
        LineOptions byteFf = LineOptions.DEFAULT.withCharset(ISO_8859_1).withSeparators("\u00ff");
        assertThat(bytes.readLine(byteFf)).hasValue(new byte[] {1});
        assertThat(bytes.readLine(byteFf)).hasValue(new byte[] {2});
        assertThat(bytes.readLine(byteFf)).isEmpty();
    }

    @Test
    void linesBeginAtTheCursorAndMoveItLineByLine() throws IOException {
        AsyncFileStream stream = stream("one\ntwo\r\nthree\nfour");
        stream.seek(1, Whence.START);
        LineReader<String> lines = stream.textLines(LineOptions.DEFAULT);
        assertThat(lines.next()).hasValue("ne");
        assertThat(stream.position()).isEqualTo(4);
        assertThat(lines.next()).hasValue("two");
        assertThat(stream.position()).isEqualTo(9);
        assertThat(utf8(stream.read(3))).isEqualTo("thr");
        assertThat(lines).containsExactly("ee", "four");
        assertThat(stream.position()).isEqualTo(19);
    }

    @Test
    void chunksBeginAtTheCursorAndMoveIt() throws IOException {
        AsyncFileStream stream = stream("0123456789");
        stream.seek(1, Whence.START);
        ChunkReader chunks = stream.chunks(4);
        assertThat(chunks.next()).hasValue(ByteBuffer.wrap(utf8("1234")));
        assertThat(stream.position()).isEqualTo(5);
        assertThat(utf8(stream.read(1))).isEqualTo("5");
        assertThat(chunks).containsExactly(ByteBuffer.wrap(utf8("6789")));
        assertThat(stream.position()).isEqualTo(10);
        assertThatThrownBy(() -> stream.chunks(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ownWritesAreSeenByLinesThatWereReadAhead() throws IOException {
        AsyncFileStream stream = stream("one\ntwo\nthree\n");
        assertThat(stream.readLine()).hasValue(utf8("one"));
        stream.file().write(ByteBuffer.wrap(utf8("TWO")), 4);
        assertThat(stream.readLine()).hasValue(utf8("TWO"));
        closedAfterwards(stream.duplicateAt(8)).write(utf8("THREE"));
        assertThat(get(stream.readLineAsync(LineOptions.DEFAULT))).hasValue(utf8("THREE"));
    }

    @Test
    void aGrowingFileIsFollowed() throws IOException {
        Path path = file("one\ntw");
        AsyncFileStream stream = open(path);
        assertThat(stream.readLine(KEEPING)).hasValue(utf8("one\n"));
        assertThat(stream.readLine(KEEPING)).hasValue(utf8("tw"));
        assertThat(stream.readLine(KEEPING)).isEmpty();
        Files.writeString(path, "o\nthree\n", StandardOpenOption.APPEND);
        assertThat(stream.readLine(KEEPING)).hasValue(utf8("o\n"));
        assertThat(stream.readLine(KEEPING)).hasValue(utf8("three\n"));
        Files.writeString(path, "four\n", StandardOpenOption.APPEND);
        assertThat(utf8(stream.readAll())).isEqualTo("four\n");
    }
}
