package dev.sluice.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/couples.md}, and that it is this code. */
class CoupleGuideTest extends GuideContract {
    private final InputStream standardInput = System.in;

    @AfterEach
    void giveInputBack() {
        System.setIn(standardInput);
    }

    @Test
    void couple() throws IOException {
        InputStream input = new ByteArrayInputStream("first line\nthe rest".getBytes(UTF_8));
        OutputStream output = new ByteArrayOutputStream();
        // @start region="couple"
        try (Couple<byte[], byte[]> couple = Couple.of(input, output)) {
            couple.readLine().thenCompose(couple::write).join();
            int bytes = couple.readAll().thenCompose(couple::write).join();
            System.out.println(bytes + " bytes after the first line");
        }
        // @end
        assertThat(printed()).isEqualTo("8 bytes after the first line\n");
        assertThat(output).hasToString("first line\nthe rest");
    }

    @Test
    void pipes() throws IOException {
        // @start region="pipes"
        try (Pipes<String> pipe = Pipes.text(UTF_8)) {
            pipe.left().write("how are you?\n").join();
            String question =
                    pipe.right().readLine().orTimeout(5, TimeUnit.SECONDS).join();
            pipe.right().write("asked: " + question).join();
            System.out.print(pipe.left().readLine().join());
        }
        // @end
        assertThat(printed()).isEqualTo("asked: how are you?\n");
    }

    @Test
    void console() {
        System.setIn(new ByteArrayInputStream("Ada\n".getBytes(UTF_8)));
        // @start region="console"
        Console console = Console.standard();
        String name = console.input("name? ").join();
        System.out.println("hello " + name);
        // @end
        assertThat(printed()).isEqualTo("name? hello Ada\n");
    }

    @Test
    void thePageShowsThisCode() throws IOException {
        assertShowsThisCode(3, "couples.md");
    }
}
