package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamesTest {
    @Test
    void everyPairOfBytesComesBack() {
        for (int first = 0; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                byte[] name = {'a', (byte) first, (byte) second, 'z'};
                assertThat(Names.bytes(Names.text(name))).containsExactly(name);
            }
        }
    }

    @Test
    void bytesThatAreTextAreThatText() {
        assertThat(Names.text("füße 日本 😀".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEqualTo("füße 日本 😀");
        assertThat(Names.text(new byte[] {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD}))
                .isEqualTo("\uFFFD");
        assertThat(Names.text(new byte[] {'x', (byte) 0xC3})).isEqualTo("x\uDCC3");
    }

    @Test
    void treesHaveOneCharForEachByte() {
        assertThat(Names.toTree("ü")).isEqualTo("\u00C3\u00BC");
        assertThat(Names.ofTree("\u00C3\u00BC")).isEqualTo("ü");
        assertThat(Names.ofTree("\u00FF")).isEqualTo("\uDCFF");
        assertThat(Names.toTree("\uDCFF")).isEqualTo("\u00FF");
    }
}
