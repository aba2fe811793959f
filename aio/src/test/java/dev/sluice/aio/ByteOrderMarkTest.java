package dev.sluice.aio;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aio.AsyncFileStream.Whence;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteOrderMarkTest extends OnEachContext {
    private static final TextOptions REPLACING = TextOptions.DEFAULT.withMalformed(CodingErrorAction.REPLACE);

    @Test
    void aMarkOfUtf8IsPassedOverAtTheBeginningOnly() throws IOException {
        byte[] mark = bytes(0xEF, 0xBB, 0xBF);
        for (int chunk = 1; chunk <= 4; chunk++) {
            AsyncTextStream stream = text(join(mark, utf8("a"), mark), TextOptions.DEFAULT.withChunkSize(chunk));
            assertThat(stream.readAll()).isEqualTo("a\ufeff");
            stream.seek(0, Whence.START);
            assertThat(stream.readLine()).hasValue("a\ufeff");
            AsyncTextStream only = text(mark, TextOptions.DEFAULT.withChunkSize(chunk));
            assertThat(only.read(1)).isEmpty();
        }
        AsyncTextStream half = text(bytes(0xEF, 0xBB), REPLACING);
        assertThat(half.readAll()).isEqualTo("\ufffd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-32"})
    void aMarkChoosesTheByteOrder(String name) throws IOException {
        Charset charset = Charset.forName(name);
        for (String order : List.of("LE", "BE")) {
            byte[] marked = "\ufeffone\ntwo\n".getBytes(Charset.forName(name + order));
            for (int chunk = 1; chunk <= 8; chunk++) {
                TextOptions options = TextOptions.DEFAULT.withCharset(charset).withChunkSize(chunk);
                AsyncTextStream stream = text(marked, options);
                assertThat(stream.read(2)).isEqualTo("on");
                assertThat(stream.readLine()).hasValue("e");
                assertThat(stream.readAll()).isEqualTo("two\n");
                AsyncTextStream behind = text(marked, options);
                behind.seek("\ufeffone\n".getBytes(Charset.forName(name + order)).length, Whence.START);
                assertThat(behind.readLine()).as("the mark is looked up").hasValue("two");
            }
        }
        assertThat(text("x".getBytes(Charset.forName(name + "BE")), TextOptions.DEFAULT.withCharset(charset))
                        .readAll())
                .isEqualTo("x");
    }

    @Test
    void charsetsThatNameTheirByteOrderHaveNoMark() throws IOException {
        AsyncTextStream stream = text("\ufeffa".getBytes(UTF_16LE), TextOptions.DEFAULT.withCharset(UTF_16LE));
        assertThat(stream.readAll()).isEqualTo("\ufeffa");
    }

    @Test
    void utf16IsWrittenWithOneMarkAtTheBeginning() throws IOException {
        AsyncTextStream stream = text(new byte[0], TextOptions.DEFAULT.withCharset(UTF_16));
        assertThat(stream.write("ab")).isEqualTo(6);
        assertThat(get(stream.writeAsync("cd"))).isEqualTo(4);
        assertThat(stream.write("")).isZero();
        stream.seek(0, Whence.START);
        assertThat(stream.readAll()).isEqualTo("abcd");
        stream.seek(0, Whence.START);
        assertThat(stream.write("AB")).isEqualTo(6);
        stream.seek(0, Whence.START);
        assertThat(stream.readAll()).isEqualTo("ABcd");
    }

    @Test
    void appendingToUtf16GoesOnInTheFilesByteOrder() throws IOException {
        for (Charset order : List.of(UTF_16LE, UTF_16BE)) {
            Path path = Files.write(folder.resolve(order.name()), "\ufeffab".getBytes(order));
            for (int i = 0; i < 2; i++) {
                AsyncTextStream stream = text(
                        path,
                        TextOptions.DEFAULT.withCharset(UTF_16),
                        StandardOpenOption.READ,
                        StandardOpenOption.APPEND);
                assertThat(stream.write("c")).isEqualTo(2);
            }
            assertThat(Files.readAllBytes(path)).isEqualTo("\ufeffabcc".getBytes(order));
        }
        AsyncTextStream fresh = text(
                folder.resolve("fresh"),
                TextOptions.DEFAULT.withCharset(UTF_16),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        fresh.write("a");
        fresh.write("b");
        assertThat(Files.readAllBytes(folder.resolve("fresh"))).isEqualTo("\ufeffab".getBytes(UTF_16BE));
    }

    @Test
    void theJdksCharsetsWithMarksReadWhatTheyWrite() throws IOException {
        for (String name : List.of("UTF-16", "x-UTF-16LE-BOM", "UTF-32", "X-UTF-32LE-BOM", "X-UTF-32BE-BOM")) {
            Charset charset = Charset.forName(name);
            AsyncTextStream stream = text(new byte[0], TextOptions.DEFAULT.withCharset(charset));
            stream.write("a\ud83d\ude00");
            stream.write("b");
            assertThat(Files.readAllBytes(Path.of(stream.file().name())))
                    .as(name)
                    .isEqualTo("a\ud83d\ude00b".getBytes(charset));
            stream.seek(0, Whence.START);
            assertThat(stream.readAll()).isEqualTo("a\ud83d\ude00b");
        }
    }
}
