package dev.sluice.language;

import dev.sluice.language.Problem.Severity;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/** Makes values of JSON text, which may have comments. Whatever the bytes are: a value, or a problem that says where. */
final class JsonReader {
    /** More than anybody writes; the parser for CAPIO-CL refuses at the same depth. */
    private static final int DEEPEST = 1024;

    private static final String FOLLOWS = "something follows the end of the flow";

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .build();

    private final Problems problems;

    private JsonReader(Problems problems) {
        this.problems = problems;
    }

    /** The value; when there is none, a problem has been added. */
    static Optional<Json> read(byte[] bytes, Problems problems) {
        JsonReader reader = new JsonReader(problems);
        return reader.decode(bytes).flatMap(reader::parse);
    }

    private Optional<CharBuffer> decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        out.flip();
        if (out.hasRemaining() && out.get(0) == '\uFEFF') {
            out.get();
        }
        if (result.isError()) {
            int line = 1;
            int column = 1;
            while (out.hasRemaining()) {
                column = out.get() == '\n' ? 1 : column + 1;
                line += column == 1 ? 1 : 0;
            }
            problem(line, column, "the byte %#04x here is no UTF-8".formatted(in.get()), "save the file as UTF-8");
            return Optional.empty();
        }
        return Optional.of(out);
    }

    private Optional<Json> parse(CharBuffer text) {
        try (JsonParser parser =
                FACTORY.createParser(ObjectReadContext.empty(), text.array(), text.position(), text.remaining())) {
            return parse(parser, text);
        }
    }

    private Optional<Json> parse(JsonParser parser, CharBuffer text) {
        boolean whole = false;
        try {
            if (parser.nextToken() == null) {
                problem(1, 1, "the file is empty", "write { \"name\": ..., \"IO_Graph\": [ ... ] }");
                return Optional.empty();
            }
            Json value = value(parser);
            whole = true;
            if (parser.nextToken() != null) {
                problem(parser.currentTokenLocation(), FOLLOWS, "remove it");
                return Optional.empty();
            }
            return Optional.of(value);
        } catch (StreamConstraintsException _) {
            problem(
                    parser.currentLocation(),
                    "brackets are open " + DEEPEST + " deep here, which no flow needs",
                    "look for brackets that are not closed");
            return Optional.empty();
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
            String reason = e.getOriginalMessage().lines().findFirst().orElse("");
            Syntax.Finding finding = Syntax.of(text, line(at), column(at), reason);
            // A comment without its end may follow; anything else should not.
            boolean follows = whole && !finding.message().contains("`/*`");
            problem(
                    finding.line(),
                    finding.column(),
                    follows ? FOLLOWS : "this is no JSON: " + finding.message(),
                    follows ? "remove it" : finding.advice());
            return Optional.empty();
        }
    }

    private static int line(TokenStreamLocation at) {
        return Math.max(1, at.getLineNr());
    }

    private static int column(TokenStreamLocation at) {
        return Math.max(1, at.getColumnNr());
    }

    private void problem(TokenStreamLocation at, String message, String advice) {
        problem(line(at), column(at), message, advice);
    }

    private void problem(int line, int column, String message, String advice) {
        problems.add(Severity.ERROR, "syntax", At.ROOT, line, column, message, advice);
    }

    /** The value that begins with the current token; as deep as the factory allows. */
    private static Json value(JsonParser parser) {
        TokenStreamLocation at = parser.currentTokenLocation();
        int line = at.getLineNr();
        int column = at.getColumnNr();
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> new Json.Obj(line, column, members(parser));
            case START_ARRAY -> {
                List<Json> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(parser));
                }
                yield new Json.Arr(line, column, items);
            }
            case VALUE_STRING -> new Json.Text(line, column, parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Num(line, column, parser.getString());
            default -> new Json.Word(line, column, parser.getString());
        };
    }

    private static List<Json.Member> members(JsonParser parser) {
        List<Json.Member> members = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            TokenStreamLocation at = parser.currentTokenLocation();
            parser.nextToken();
            members.add(new Json.Member(name, at.getLineNr(), at.getColumnNr(), value(parser)));
        }
        return members;
    }
}
