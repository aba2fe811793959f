package dev.sluice.files;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.Deadline;
import dev.sluice.testing.Descriptors;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"pipes", "sockets"})
class PipesTest extends OnFiles {
    @Parameter
    private String kind;

    private int before;

    private Pipes.Factory factory() {
        return kind.equals("pipes") ? Pipes.Factory.PIPES : Pipes.Factory.SOCKETS;
    }

    private static int open() {
        return Descriptors.of("pipe:").size() + Descriptors.of("socket:").size();
    }

    @BeforeEach
    void count() throws IOException {
        Pipes.binary(factory()).close(); // what the shared context opens stays open
        before = open();
    }

    @AfterEach
    void nothingIsLeftOpen() {
        Deadline.until("all descriptors are closed", () -> open() <= before);
    }

    @Test
    void eachEndReadsWhatTheOtherWrites() throws IOException {
        try (Pipes<byte[]> pipes = Pipes.binary(factory())) {
            get(pipes.left().write(utf8("to the right")));
            get(pipes.right().write(utf8("to the left")));
            assertThat(utf8(get(pipes.right().readSome(99)))).isEqualTo("to the right");
            assertThat(utf8(get(pipes.left().read(11)))).isEqualTo("to the left");
        }
    }

    @Test
    void textGoesThroughInACharset() throws IOException {
        try (Pipes<String> pipes = Pipes.text(UTF_16BE, factory())) {
            CompletableFuture<String> line = pipes.right().readLine();
            get(pipes.left().write("na\u00efve \ud83d\ude00\nnext"));
            assertThat(get(line)).isEqualTo("na\u00efve \ud83d\ude00\n");
            get(pipes.left().closeAsync());
            assertThat(get(pipes.right().readAll())).isEqualTo("next");
        }
    }

    @Test
    void closingAnEndIsTheOthersEnd() throws IOException {
        try (Pipes<byte[]> pipes = Pipes.binary(factory())) {
            CompletableFuture<byte[]> waits = pipes.right().read(10);
            get(pipes.left().write(utf8("last")));
            pipes.left().close();
            pipes.left().close();
            assertThat(utf8(get(waits))).isEqualTo("last");
            assertThat(get(pipes.right().read(1))).isEmpty();
            assertThat(pipes.left().isClosed()).isTrue();
        }
    }

    @Test
    void writingWhereNobodyReadsFails() throws IOException {
        try (Pipes<byte[]> pipes = Pipes.binary(factory())) {
            pipes.left().close();
            assertThat(failure(pipes.right().write(utf8("lost"))))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("EPIPE");
        }
    }

    @Test
    void aFullPipeHoldsTheWriterUpUntilItIsRead() throws IOException {
        byte[] much = new byte[5 << 20];
        much[much.length - 1] = 7;
        try (Pipes<byte[]> pipes = Pipes.binary(factory())) {
            CompletableFuture<Integer> write = pipes.left().write(much);
            assertThat(get(pipes.right().read(1 << 20))).hasSize(1 << 20);
            assertThat(write).isNotDone();
            byte[] rest = get(pipes.right().read(4 << 20));
            assertThat(rest[rest.length - 1]).isEqualTo((byte) 7);
            assertThat(get(write)).isEqualTo(much.length);
        }
    }

    @Test
    void closingDoesNotWaitForAWriterThatNobodyReads() throws IOException {
        Pipes<byte[]> pipes = Pipes.binary(factory());
        CompletableFuture<Integer> write = pipes.left().write(new byte[5 << 20]);
        CompletableFuture<byte[]> read = pipes.left().read(1);
        pipes.close();
        assertThat(failure(write)).isInstanceOf(IOException.class);
        boolean isAtItsEnd = get(read.handle((bytes, e) -> e != null || bytes.length == 0));
        assertThat(isAtItsEnd).isTrue();
    }

    @Test
    void aWriteThatIsCancelledEnds() throws IOException {
        try (Pipes<byte[]> pipes = Pipes.binary(factory())) {
            CompletableFuture<Integer> write = pipes.left().write(new byte[5 << 20]);
            get(pipes.right().read(1));
            assertThat(write.cancel(true)).isTrue();
            CompletableFuture<Integer> next = pipes.left().write(utf8("next"));
            CompletableFuture<byte[]> all = pipes.right().readAll();
            assertThat(get(next)).isEqualTo(4);
            pipes.left().close();
            assertThat(utf8(get(all))).endsWith("next");
        }
    }

    @Test
    void aConversationGoesBackAndForth() throws IOException {
        try (Pipes<String> pipes = Pipes.text(UTF_8, factory())) {
            Thread other = Thread.startVirtualThread(() -> {
                for (int i = 0; i < 1_000; i++) {
                    int number = Integer.parseInt(get(pipes.right().readLine()).strip());
                    get(pipes.right().write(number + 1 + "\n"));
                }
            });
            for (int i = 0; i < 1_000; i++) {
                get(pipes.left().write(i + "\n"));
                assertThat(get(pipes.left().readLine())).isEqualTo(i + 1 + "\n");
            }
            Deadline.join(other);
        }
    }

    @Test
    void aFactoryThatFailsLeavesNothingOpen() {
        AtomicInteger made = new AtomicInteger();
        assertThatThrownBy(() -> Pipes.binary(() -> {
                    if (made.incrementAndGet() == 2) {
                        throw new IOException("no more");
                    }
                    return factory().make();
                }))
                .hasMessage("no more");
        assertThatThrownBy(() -> Pipes.binary(() -> new Pipes.Way(1_000_000, 1_000_001)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("EBADF");
    }
}
