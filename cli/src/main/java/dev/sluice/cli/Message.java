package dev.sluice.cli;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * What a server and its clients say to each other: one JSON object on one line. Values are texts, whole numbers, truths, lists and
 * objects of these. What is not there reads as nothing: as an empty text, 0, false, an empty list. Immutable.
 */
final class Message {
    private static final int DEEPEST = 16;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private final Map<String, Object> fields;

    private Message(Map<String, Object> fields) {
        this.fields = fields;
    }

    static Message of() {
        return new Message(Map.of());
    }

    /** {@return this, and one more field: a text, a number, a truth, a message, a list or a map of these} */
    Message with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new Message(more);
    }

    /** {@return this, and the fields of another} */
    Message with(Message other) {
        Map<String, Object> more = new LinkedHashMap<>(fields);
        more.putAll(other.fields);
        return new Message(more);
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    String text(String name) {
        return fields.get(name) instanceof String text ? text : "";
    }

    long number(String name) {
        return fields.get(name) instanceof Number number ? number.longValue() : 0;
    }

    boolean is(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    List<String> texts(String name) {
        return list(name).stream().map(String::valueOf).toList();
    }

    List<Message> messages(String name) {
        return list(name).stream()
                .map(value -> value instanceof Message message ? message : of())
                .toList();
    }

    private List<?> list(String name) {
        return fields.get(name) instanceof List<?> list ? list : List.of();
    }

    /** {@return the texts of an object} */
    Map<String, String> map(String name) {
        Map<String, String> map = new LinkedHashMap<>();
        if (fields.get(name) instanceof Message message) {
            message.fields.forEach((key, value) -> map.put(key, String.valueOf(value)));
        }
        return map;
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Message parse(String line) {
        try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), line)) {
            if (in.nextToken() == JsonToken.START_OBJECT) {
                Message message = object(in);
                if (in.nextToken() == null) {
                    return message;
                }
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("one JSON object on a line is expected: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException("one JSON object on a line is expected");
    }

    private static Message object(JsonParser in) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (JsonToken token = in.nextToken(); token != JsonToken.END_OBJECT; token = in.nextToken()) {
            String name = in.currentName();
            Object value = value(in, in.nextToken());
            if (value != null) {
                fields.put(name, value);
            }
        }
        return new Message(fields);
    }

    private static @Nullable Object value(JsonParser in, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object(in);
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
                    Object value = value(in, next);
                    if (value != null) {
                        list.add(value);
                    }
                }
                yield list;
            }
            case VALUE_STRING -> in.getString();
            case VALUE_NUMBER_INT -> in.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    /** {@return the object, without the line's end} */
    @Override
    public String toString() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(out, this);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, Object value) {
        switch (value) {
            case Message message -> {
                out.writeStartObject();
                message.fields.forEach((name, field) -> {
                    out.writeName(name);
                    write(out, field);
                });
                out.writeEndObject();
            }
            case Map<?, ?> map -> {
                out.writeStartObject();
                map.forEach((name, field) -> {
                    out.writeName(String.valueOf(name));
                    write(out, field);
                });
                out.writeEndObject();
            }
            case List<?> list -> {
                out.writeStartArray();
                list.forEach(each -> write(out, each));
                out.writeEndArray();
            }
            case Boolean truth -> out.writeBoolean(truth);
            case Number number -> out.writeNumber(number.longValue());
            default -> out.writeString(value.toString());
        }
    }
}
