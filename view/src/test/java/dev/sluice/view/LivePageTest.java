package dev.sluice.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LivePageTest {
    @TempDir
    private Path folder;

    private final AtomicReference<Facts> facts = new AtomicReference<>(Samples.chain(2, 3, "running"));
    private final HttpClient client = HttpClient.newHttpClient();
    private LivePage page;

    @BeforeEach
    void begin() throws IOException {
        page = new LivePage(0, "", facts::get);
    }

    @AfterEach
    void end() {
        page.close();
        client.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI address = page.address().resolve(path);
        return client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    private String token() {
        return page.address().getQuery();
    }

    @Test
    void whoKnowsTheTokenSeesIt() throws Exception {
        assertThat(get("/?" + token()).body()).contains("chain of 2").contains("connect-src 'self'");
        assertThat(get("/facts.json?" + token()).body()).isEqualTo(Report.json(facts.get()));
        assertThat(get("/metrics?" + token()).body()).isEqualTo(Metrics.of(facts.get()));
        assertThat(get("/other?" + token()).statusCode()).isEqualTo(404);
        HttpRequest bearer = HttpRequest.newBuilder(page.address().resolve("/metrics"))
                .header("Authorization", "Bearer " + token().substring("token=".length()))
                .build();
        assertThat(client.send(bearer, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void nobodyElseDoes() throws Exception {
        for (String path :
                new String[] {"/", "/?token=", "/?token=x", "/events", "/metrics", "/facts.json?x=" + token()}) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(403);
            assertThat(answer.body()).as(path).doesNotContain("chain");
        }
        HttpRequest post = HttpRequest.newBuilder(page.address())
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    @Test
    void aNameOfSomewhereElseIsRefused() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), page.address().getPort())) {
            socket.getOutputStream()
                    .write(("GET /?" + token() + " HTTP/1.1\r\nHost: evil.example:"
                                    + page.address().getPort() + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 403").doesNotContain("chain");
        }
    }

    @Test
    void itIsServedOnThisMachineOnly() {
        assertThat(InetAddress.getLoopbackAddress().getHostAddress())
                .isEqualTo(page.address().getHost());
    }

    @Test
    void aPageFollowsTheRunToItsEnd() throws Exception {
        try (Browser browser = new Browser(Files.createDirectory(folder.resolve("profile")), 1280, 1300)) {
            browser.open(page.address().toString());
            assertThat(browser.text("#live")).isEqualTo("live");
            assertThat(browser.count("#steps tbody tr")).isEqualTo(2);

            facts.set(Samples.chain(4, 8, "running"));
            until(() -> browser.count("#steps tbody tr") == 4);
            assertThat(browser.text("h1")).isEqualTo("chain of 4");

            browser.press("+");
            facts.set(Samples.chain(50, 300, "succeeded"));
            until(() -> browser.count("[data-key^='step ']") == 50);
            page.close();
            until(() -> browser.text("#live").equals("the run has ended"));
            assertThat(browser.text("#tiles")).contains("succeeded");
            browser.save(Path.of("target", "pictures", "live.png"));
            assertThat(browser.errors()).isEmpty();
        }
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(20);
        }
    }
}
