package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineTest {
    @Test
    void whatAServerAnswersIsUnderstood() throws IOException {
        assertThat(Line.parse(
                        " { \"ok\" : true, \"n\":-12,\"t\":\"a\\\"\\u00e9\\n/\", \"e\":{\"A\":\"1\"}, \"o\":{} } "))
                .isEqualTo(Map.of("ok", true, "n", -12L, "t", "a\"é\n/", "e", Map.of("A", "1"), "o", Map.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "{\"a\"", "{\"a\":}", "{\"a\":\"", "{} x", "[1]", "{\"a\":\"\\u00g0\"}", "{\"a\":[1]}"})
    void anythingElseIsRefused(String line) {
        assertThatThrownBy(() -> Line.parse(line))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(line);
    }

    /** It closes before it has read: the kernel calls that a reset, which says nothing to anybody. */
    @Test
    void aServerThatEndsInsteadOfAnsweringIsSaidToHaveEnded(@TempDir Path folder) throws IOException {
        UnixDomainSocketAddress place = UnixDomainSocketAddress.of(folder.resolve("s"));
        try (ServerSocketChannel server =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(place);
                SocketChannel client = SocketChannel.open(place)) {
            new Line().with("do", "enter").send(client);
            server.accept().close();
            assertThatThrownBy(() -> Line.receive(client))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("the server has ended before it has answered");
            assertThatThrownBy(() -> new Line().with("do", "enter").send(client))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("the server has ended before it has answered");
        }
    }
}
