package dev.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Child;
import dev.sluice.testing.Child.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathNamesTest {
    /** Five names that no Java string holds: bytes which are no UTF-8. */
    private static final String ODD_NAMES = "for n in '\\377' 'a\\200b' '\\303' '\\355\\240\\200' '%%\\376?'; "
            + "do printf hello > \"$1/$(printf \"$n\")\"; done";

    @TempDir
    private Path folder;

    @BeforeEach
    void onLinux() {
        assumeTrue(Linux.availability().available(), Linux.availability().reason());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "with space",
                "what?",
                "50%",
                "%41",
                "ünïcödé",
                "日本語",
                "😀",
                "line\nbreak",
                "#+&=;",
                "ü?% "
            })
    void aNameIsFoundAgain(String name) throws IOException {
        assumeTrue(canEncode(name), "the file names of this JVM cannot hold it");
        Path file = Files.writeString(folder.resolve(name), "hello");
        assertThat(read(file)).isEqualTo("hello");
        assertThat(PathNames.bytes(Path.of(name)))
                .asString(StandardCharsets.UTF_8)
                .endsWith(name);
    }

    private static boolean canEncode(String name) {
        String encoding = System.getProperty("sun.jnu.encoding");
        return java.nio.charset.Charset.forName(encoding).newEncoder().canEncode(name);
    }

    @Test
    void namesThatAreNoTextAreFound() throws IOException {
        assertThat(Child.run(List.of("sh", "-c", ODD_NAMES, "sh", folder.toString()))
                        .exit())
                .isZero();
        assertThat(readAll(folder)).isEqualTo("5 x hello");
    }

    @Test
    void namesAreFoundThoughTheLocaleKnowsNoneOfTheirLetters() throws IOException {
        Child.run(List.of("sh", "-c", ODD_NAMES, "sh", folder.toString()));
        try (Child child = Child.of(Child.java(Reader.class.getName(), Reader.class, List.of(), folder.toString()))) {
            Outcome outcome = child.with("LC_ALL", "C").start().finish();
            assertThat(outcome.output()).contains("5 x hello");
        }
    }

    /** Reads all files of a folder, which must have the same content. */
    static final class Reader {
        public static void main(String... arguments) throws IOException {
            System.out.println(readAll(Path.of(arguments[0])));
        }
    }

    private static String readAll(Path folder) throws IOException {
        int count = 0;
        String last = "";
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String content = read(file);
                assertThat(count == 0 || last.equals(content)).isTrue();
                last = content;
                count++;
            }
        }
        return count + " x " + last;
    }

    private static String read(Path file) {
        try (Opened opened = new Opened();
                Bytes bytes = new Bytes(100)) {
            long count = Transfers.read(opened.open(file, 0, OpenFlag.READ_ONLY), bytes.address(), 100);
            return bytes.text((int) count);
        }
    }

    @Test
    void theEmptyNameIsTheWorkingFolder() throws IOException {
        try (Opened opened = new Opened()) {
            assertThat(Linux.stat(opened.open(Path.of(""), 0, OpenFlag.READ_ONLY), "")
                            .isDirectory())
                    .isTrue();
        }
    }

    @Test
    void aFoldersNameHasNoSlashAtItsEnd() throws IOException {
        assumeTrue(canEncode("ü"), "the file names of this JVM cannot hold it");
        Path inner = Files.createDirectory(folder.resolve("ü"));
        Path link = Files.createSymbolicLink(folder.resolve("ä"), inner);
        assertThat(PathNames.bytes(inner)).asString(StandardCharsets.UTF_8).endsWith("ü");
        assertThat(Linux.open(link, OpenFlag.NO_FOLLOW.bits(), 0)).isEqualTo(Errno.ELOOP.negated());
    }
}
