package dev.sluice.view;

import java.io.StringWriter;
import java.util.List;
import java.util.function.BiConsumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/** Writes one JSON object. One thread at a time. */
final class Json {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final JsonGenerator out;

    private Json(JsonGenerator out) {
        this.out = out;
    }

    /** What puts fields into an object. */
    @FunctionalInterface
    interface Fields {
        void put(Json json);
    }

    static String object(Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            out.writeStartObject();
            fields.put(new Json(out));
            out.writeEndObject();
        }
        return text.toString();
    }

    Json with(String name, String value) {
        out.writeStringProperty(name, value);
        return this;
    }

    Json with(String name, long value) {
        out.writeNumberProperty(name, value);
        return this;
    }

    Json with(String name, boolean value) {
        out.writeBooleanProperty(name, value);
        return this;
    }

    /** A number with a fraction. */
    Json with(String name, double value) {
        out.writeNumberProperty(name, value);
        return this;
    }

    Json object(String name, Fields fields) {
        out.writeName(name);
        out.writeStartObject();
        fields.put(this);
        out.writeEndObject();
        return this;
    }

    <T> Json objects(String name, List<T> items, BiConsumer<Json, T> fields) {
        out.writeName(name);
        out.writeStartArray();
        for (T item : items) {
            out.writeStartObject();
            fields.accept(this, item);
            out.writeEndObject();
        }
        out.writeEndArray();
        return this;
    }

    Json texts(String name, List<String> items) {
        out.writeName(name);
        out.writeStartArray();
        items.forEach(out::writeString);
        out.writeEndArray();
        return this;
    }

    Json numbers(String name, List<Long> items) {
        out.writeName(name);
        out.writeStartArray();
        items.forEach(out::writeNumber);
        out.writeEndArray();
        return this;
    }
}
