package dev.sluice.aio;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.aio.AsyncFileStream.Whence;
import dev.sluice.testing.Pipes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams of text as the JDK's readers and writers, and what a failed read leaves behind. */
class TextViewsTest extends OnEachContext {
    private static final String MIXED = "a\u00e9\u20ac\ud83d\ude00\ud83d\ude01\r\n\rx\ud83d\ude02";
    private static final TextOptions UNIVERSAL = TextOptions.DEFAULT.withNewlines(TextOptions.Newlines.UNIVERSAL);

    /** Reads all, with room for so many characters at a time. */
    private static String readAll(Reader reader, int room) throws IOException {
        StringWriter all = new StringWriter();
        char[] target = new char[room + 2];
        for (int count = reader.read(target, 1, room); count >= 0; count = reader.read(target, 1, room)) {
            assertThat(count).isPositive();
            all.write(target, 1, count);
        }
        assertThat(target[0] + target[room + 1]).as("what is outside the room").isZero();
        return all.toString();
    }

    @Test
    void aReaderGivesTheSameWhateverTheChunksAndTheRoom() throws IOException {
        String joined = MIXED.replace("\r\n", "\n").replace('\r', '\n');
        for (Charset charset : List.of(java.nio.charset.StandardCharsets.UTF_8, UTF_16)) {
            for (int chunk = 1; chunk <= 5; chunk++) {
                for (int room = 1; room <= 5; room++) {
                    TextOptions kept = TextOptions.DEFAULT.withCharset(charset).withChunkSize(chunk);
                    AsyncTextStream stream = text(MIXED.getBytes(charset), kept);
                    assertThat(readAll(stream.asReader(), room)).isEqualTo(MIXED);
                    assertThat(stream.position()).isEqualTo(stream.size());
                    TextOptions universal = UNIVERSAL.withCharset(charset).withChunkSize(chunk);
                    assertThat(readAll(text(MIXED.getBytes(charset), universal).asReader(), room))
                            .isEqualTo(joined);
                }
            }
        }
    }

    @Test
    void aReaderIsLikeAnyOther() throws IOException {
        try (BufferedReader lines = new BufferedReader(
                text(utf8("one\r\ntwo\n\nthree"), TextOptions.DEFAULT).asReader())) {
            assertThat(lines.lines()).containsExactly("one", "two", "", "three");
        }
        Reader reader = text(utf8("abc"), TextOptions.DEFAULT).asReader();
        assertThat(reader.markSupported()).isFalse();
        assertThat(reader.read(new char[0])).isZero();
        assertThat(reader.read()).isEqualTo('a');
        assertThat(reader.skip(1)).isEqualTo(1);
        assertThat(reader.read()).isEqualTo('c');
        assertThat(reader.read()).isEqualTo(-1);
    }

    @Test
    void aReaderGivesWhatIsBeforeMalformedBytes() throws IOException {
        for (TextOptions options : List.of(TextOptions.DEFAULT, UNIVERSAL, UNIVERSAL.withChunkSize(1))) {
            AsyncTextStream stream = text(join(utf8("ab\r"), bytes(0xFF), utf8("cd")), options);
            Reader reader = stream.asReader();
            char[] target = new char[100];
            StringBuilder before = new StringBuilder();
            while (before.length() < 3) {
                before.append(target, 0, reader.read(target));
            }
            assertThat(before.toString().replace('\n', '\r')).isEqualTo("ab\r");
            assertThat(stream.position()).isEqualTo(3);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> reader.read(target))
                        .isInstanceOf(CharacterCodingException.class)
                        .hasMessageContaining("ff at 3");
            }
            stream.seek(1, Whence.CURRENT);
            assertThat(readAll(reader, 10)).isEqualTo("cd");
        }
    }

    @Test
    void aReaderGoesOnInTheStateOfItsCharset() throws IOException {
        Charset japanese = Charset.forName("ISO-2022-JP");
        String text = "\u65e5\u672c\u8a9e";
        TextOptions options = TextOptions.DEFAULT.withCharset(japanese);
        assertThat(readAll(text(text.getBytes(japanese), options).asReader(), 1))
                .isEqualTo(text);
    }

    @Test
    void closingAViewClosesTheStream() throws IOException {
        AsyncTextStream read = text(utf8("abc"), TextOptions.DEFAULT);
        Reader reader = read.asReader();
        reader.close();
        assertThat(read.isOpen()).isFalse();
        assertThatThrownBy(reader::read).isInstanceOf(ClosedChannelException.class);
        reader.close();
        AsyncTextStream written = text(new byte[0], TextOptions.DEFAULT);
        Writer writer = written.asWriter();
        writer.close();
        assertThat(written.isOpen()).isFalse();
        assertThatThrownBy(() -> writer.write("a")).isInstanceOf(ClosedChannelException.class);
        writer.close();
    }

    @Test
    void aWriterJoinsPairsThatWereWrittenInHalves() throws IOException {
        AsyncTextStream stream = text(new byte[0], TextOptions.DEFAULT.withCharset(UTF_16));
        Writer writer = stream.asWriter();
        for (int i = 0; i < MIXED.length(); i++) {
            writer.write(MIXED.charAt(i));
        }
        writer.append("end").append('.').write(".tail.", 1, 4);
        writer.write(new char[] {'x', 'y', 'z'}, 1, 1);
        writer.flush();
        stream.seek(0, Whence.START);
        assertThat(stream.readAll()).isEqualTo(MIXED + "end.taily");
        writer.close();
    }

    @Test
    void aPairWhoseSecondHalfNeverCameIsReported() throws IOException {
        AsyncTextStream stream = text(new byte[0], TextOptions.DEFAULT);
        Writer writer = stream.asWriter();
        writer.write("a\ud83d");
        assertThatThrownBy(writer::close)
                .isInstanceOf(CharacterCodingException.class)
                .hasMessageContaining("D83D");
        assertThat(stream.isOpen()).isFalse();
        AsyncTextStream replaced = text(new byte[0], TextOptions.DEFAULT.withMalformed(CodingErrorAction.REPLACE));
        AsyncTextStream other = closedAfterwards(replaced.duplicate());
        Writer replacing = replaced.asWriter();
        replacing.write("a\ud83d");
        replacing.close();
        assertThat(other.readAll()).isEqualTo("a?");
    }

    /** There is no other copy of a pipe's bytes. */
    @Test
    void aPipeLosesNothingWhenReadingAllFails() throws IOException {
        String before = "abcdefghi\u20ac".repeat(3_000);
        AsyncFileStream pipe = open(Pipes.make(folder), READ, WRITE);
        AsyncTextStream text = pipe.text(TextOptions.DEFAULT);
        pipe.file().write(ByteBuffer.wrap(join(utf8(before), bytes(0xFF), utf8("cd"))), 0);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(text::readAll)
                    .isInstanceOf(CharacterCodingException.class)
                    .hasMessageContaining("ff at " + utf8(before).length);
            assertThat(text.position()).isZero();
        }
        StringBuilder read = new StringBuilder();
        while (read.length() < before.length()) {
            read.append(text.read(before.length() - read.length()));
        }
        assertThat(read).hasToString(before);
        assertThatThrownBy(() -> text.read(1)).isInstanceOf(CharacterCodingException.class);
        assertThat(pipe.read(1)).containsExactly(0xFF);
        assertThat(text.read(10)).isEqualTo("cd");
    }

    @Test
    void aPipeLosesNothingWhenReadingAllIsCancelled() throws IOException {
        AsyncFileStream pipe = open(Pipes.make(folder), READ, WRITE);
        AsyncTextStream text = pipe.text(TextOptions.DEFAULT);
        pipe.file().write(ByteBuffer.wrap(utf8("abc".repeat(10_000))), 0);
        var all = text.readAllAsync();
        all.cancel(true);
        failure(all);
        StringBuilder read = new StringBuilder();
        while (read.length() < 30_000) {
            read.append(text.read(30_000));
        }
        assertThat(read).hasToString("abc".repeat(10_000));
    }
}
