package dev.sluice.jvm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first words between a JVM and a server: an object of JSON on a line, as the program {@code sluice} speaks. Read are texts,
 * numbers and truths, and texts in objects in it; lists are not understood, and not sent to us. One thread at a time.
 */
final class Line {
    private static final int VERSION = 1;
    private static final int LONGEST = 1 << 20;
    private static final int DEEPEST = 8;
    private static final int HEX = 16;
    private static final int FIRST_PRINTABLE = 0x20;
    private static final int LAST_ASCII = 0x7E;

    private final StringBuilder text = new StringBuilder("{\"sluice\":" + VERSION);

    Line with(String name, String value) {
        text.append(",\"").append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < FIRST_PRINTABLE || c > LAST_ASCII) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
        return this;
    }

    Line with(String name, long value) {
        text.append(",\"").append(name).append("\":").append(value);
        return this;
    }

    /** Says it, and waits for the answer. {@return the answer's fields; refused when the server refuses} */
    Map<String, Object> ask(SocketChannel channel) throws IOException {
        send(channel);
        Map<String, Object> answer = parse(receive(channel));
        if (!Boolean.TRUE.equals(answer.get("ok"))) {
            throw new IOException(String.valueOf(answer.getOrDefault("why", "the server has refused")));
        }
        return answer;
    }

    /** Says it for the last time, and waits until the server has heard it, or has ended. */
    void end(SocketChannel channel) throws IOException {
        send(channel);
        String _ = receive(channel);
    }

    void send(SocketChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((text + "}\n").getBytes(StandardCharsets.US_ASCII));
        try {
            while (bytes.hasRemaining()) {
                int _ = channel.write(bytes);
            }
        } catch (ClosedChannelException e) {
            throw e; // by this process
        } catch (IOException e) {
            throw ended(e);
        }
    }

    /** Byte by byte: what comes behind the line is no line, and somebody else's. */
    static String receive(SocketChannel channel) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (true) {
            if (read(channel, one.clear()) < 0) {
                throw ended(null);
            }
            byte next = one.get(0);
            if (next == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            if (line.size() >= LONGEST) {
                throw new IOException("the server's answer has more than " + LONGEST + " bytes");
            }
            line.write(next);
        }
    }

    private static int read(SocketChannel channel, ByteBuffer into) throws IOException {
        try {
            return channel.read(into);
        } catch (ClosedChannelException e) {
            throw e; // by this process
        } catch (IOException e) {
            throw ended(e); // it had not read all that was said: "Connection reset"
        }
    }

    private static IOException ended(@Nullable IOException cause) {
        return new IOException("the server has ended before it has answered", cause);
    }

    static Map<String, Object> parse(String line) throws IOException {
        try {
            return new Parser(line).all();
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IOException("the server says what is no object of JSON: " + line, e);
        }
    }

    private static final class Parser {
        private final String line;
        private int at;

        Parser(String line) {
            this.line = line;
        }

        Map<String, Object> all() {
            Map<String, Object> object = object(0);
            skip();
            if (at < line.length()) {
                throw new IllegalArgumentException("one object is expected");
            }
            return object;
        }

        private char skip() {
            while (at < line.length() && line.charAt(at) <= ' ') {
                at++;
            }
            return at < line.length() ? line.charAt(at) : 0;
        }

        private void expect(char c) {
            if (skip() != c) {
                throw new IllegalArgumentException("expected " + c + " at " + at);
            }
            at++;
        }

        private Map<String, Object> object(int depth) {
            if (depth > DEEPEST) {
                throw new IllegalArgumentException("too deep");
            }
            Map<String, Object> fields = new LinkedHashMap<>();
            expect('{');
            if (skip() == '}') {
                at++;
                return fields;
            }
            while (true) {
                skip();
                String name = text();
                expect(':');
                fields.put(name, value(depth));
                if (skip() == '}') {
                    at++;
                    return fields;
                }
                expect(',');
            }
        }

        private Object value(int depth) {
            char first = skip();
            if (first == '"') {
                return text();
            }
            if (first == '{') {
                return object(depth + 1);
            }
            int start = at;
            while (",}".indexOf(line.charAt(at)) < 0) {
                at++;
            }
            String word = line.substring(start, at).strip();
            return switch (word) {
                case "true" -> true;
                case "false" -> false;
                default -> Long.parseLong(word);
            };
        }

        private String text() {
            expect('"');
            StringBuilder text = new StringBuilder();
            while (line.charAt(at) != '"') {
                char c = line.charAt(at++);
                text.append(c == '\\' ? escaped() : c);
            }
            at++;
            return text.toString();
        }

        private char escaped() {
            char c = line.charAt(at++);
            return switch (c) {
                case 'n' -> '\n';
                case 't' -> '\t';
                case 'r' -> '\r';
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'u' -> {
                    at += 4;
                    yield (char) Integer.parseInt(line.substring(at - 4, at), HEX);
                }
                default -> c;
            };
        }
    }
}
