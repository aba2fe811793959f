package dev.sluice.view;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Serves the page on a run while it goes on, and its numbers: on this machine only, and to who knows the token. Safe for use by
 * many threads.
 */
public final class LivePage implements AutoCloseable {
    private static final int TOKEN_BYTES = 18;
    private static final int MOST_FOLLOWERS = 16;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int TOO_MANY = 503;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("live page").factory());
    private final Supplier<Facts> facts;
    private final String token;
    private final Semaphore places = new Semaphore(MOST_FOLLOWERS);
    private final CountDownLatch isOver = new CountDownLatch(1);
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /**
     * Begins to serve.
     *
     * @param port the port, or 0 for any that is free
     * @param token what who asks has to know; empty for one that nobody can guess
     * @param facts tells what is known at a moment
     * @throws IOException when nothing can be served there
     */
    public LivePage(int port, String token, Supplier<Facts> facts) throws IOException {
        this.facts = facts;
        this.token = token.isEmpty() ? random() : token;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    private static String random() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** {@return where the page is, with the token} */
    public URI address() {
        InetSocketAddress here = server.getAddress();
        return URI.create("http://" + host(here) + "/?token=" + token);
    }

    private static String host(InetSocketAddress here) {
        return InetAddress.getLoopbackAddress().getHostAddress() + ":" + here.getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!isForUs(exchange)) {
                answer(exchange, FORBIDDEN, "text/plain", "this address needs the token that sluice has printed\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                answer(exchange, NOT_ALLOWED, "text/plain", "this can only be read\n");
            } else {
                switch (exchange.getRequestURI().getPath()) {
                    case "/" -> answer(exchange, OK, "text/html", Report.livePage(Report.json(facts.get())));
                    case "/facts.json" -> answer(exchange, OK, "application/json", Report.json(facts.get()));
                    case "/metrics" -> answer(exchange, OK, "text/plain; version=0.0.4", Metrics.of(facts.get()));
                    case "/events" -> follow(exchange);
                    default -> answer(exchange, NOT_FOUND, "text/plain", "there is no such page\n");
                }
            }
        }
    }

    /** A page of somewhere else that has this machine's name for its own must not read here, nor who cannot know the token. */
    private boolean isForUs(HttpExchange exchange) {
        String host = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
        int port = server.getAddress().getPort();
        boolean isLocal = Set.of(host(server.getAddress()), "localhost:" + port, "[::1]:" + port)
                .contains(host);
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        String bearer = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        return isLocal && (isSame(query, "token=" + token) || isSame(bearer, "Bearer " + token));
    }

    /** Takes as long whatever the difference is. */
    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static Headers headers(HttpExchange exchange, String type) {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type + (type.contains("json") ? "" : "; charset=utf-8"));
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        return headers;
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Headers _ = headers(exchange, type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Tells again and again what is known, until the run has ended. */
    private void follow(HttpExchange exchange) throws IOException {
        if (!places.tryAcquire()) {
            answer(exchange, TOO_MANY, "text/plain", "too many pages follow this run\n");
            return;
        }
        try {
            Headers _ = headers(exchange, "text/event-stream");
            exchange.sendResponseHeaders(OK, 0);
            try (OutputStream out =
                    exchange.getResponseBody()) { // ended before the place is free, and with that the server
                boolean goesOn = true;
                while (goesOn) {
                    goesOn = !isOver.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                    String event =
                            "event: " + (goesOn ? "facts" : "end") + "\ndata: " + Report.json(facts.get()) + "\n\n";
                    out.write(event.getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } finally {
            places.release();
        }
    }

    /** Tells all who follow how it has ended, and serves no more. */
    @Override
    public void close() {
        if (isClosed.getAndSet(true)) {
            return;
        }
        isOver.countDown();
        try {
            boolean _ = places.tryAcquire(MOST_FOLLOWERS, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop(0);
        threads.shutdownNow();
    }
}
