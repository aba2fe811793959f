package dev.sluice.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksumTest extends OnFiles {
    /** What the algorithms' own descriptions, and their programs, say of {@code abc}. */
    @ParameterizedTest
    @CsvSource({
        "CRC32C, 364b3fb7",
        "CRC32, 352441c2",
        "SHA-256, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "SHA3-256, 3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
        "MD5, 900150983cd24fb0d6963f7d28e17f72",
        "BLAKE2b,"
            + " ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
        "BLAKE2s, 508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982",
        "BLAKE3, 6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85",
        "XXH64, 44bc2cf5ad770999",
        "XXH3-64, 78af5f94892f3950",
        "XXH3-128, 06b05ab6733a618578af5f94892f3950"
    })
    void sumsAreThoseThatOthersMake(String name, String expected) {
        assertThat(Checksum.of(name).of(utf8("abc"))).isEqualTo(expected);
        assertThat(Checksum.of(name.toLowerCase(Locale.ROOT)).name()).isEqualToIgnoringCase(name);
    }

    @Test
    void ofNothingIsASumToo() {
        assertThat(Checksum.BLAKE3.of(new byte[0]))
                .isEqualTo("af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
        assertThat(Checksum.XXH64.of(new byte[0])).isEqualTo("ef46db3751d8e999");
    }

    @Test
    void whatNobodyKnowsIsRefusedWithWhatIsKnown() {
        assertThatThrownBy(() -> Checksum.of("ROT13"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("ROT13", "BLAKE3", "CRC32C");
    }

    @ParameterizedTest
    @CsvSource({"sha256sum, SHA-256", "b2sum, BLAKE2b", "md5sum, MD5"})
    void filesOfManyPiecesHaveTheSumThatThePrograms(String program, String name) throws IOException {
        byte[] bytes = new byte[3 * Pieces.SIZE + 12_345];
        new Random(1).nextBytes(bytes);
        Path path = Files.write(folder.resolve("many"), bytes);
        Child.Outcome theirs = Child.run(List.of(program, path.toString()));
        Assumptions.assumeTrue(theirs.exit() == 0, program + " is not installed");
        try (MappedFiles files = new MappedFiles()) {
            assertThat(files.checksum(path, Checksum.of(name)))
                    .isEqualTo(theirs.output().substring(0, theirs.output().indexOf(' ')))
                    .isEqualTo(Checksum.of(name).of(bytes));
        }
    }
}
