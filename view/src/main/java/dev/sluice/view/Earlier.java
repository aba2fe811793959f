package dev.sluice.view;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What is known of an earlier run, from what was kept of it.
 *
 * @param workflow its flow's name
 * @param manner how its steps ran, as in {@link Facts.Head}
 * @param begin when it began, as a text
 * @param micros how long it took
 * @param state how it ended
 * @param steps for each step, how many bytes it moved
 * @param sizes how large its files were
 */
public record Earlier(
        String workflow,
        String manner,
        String begin,
        long micros,
        String state,
        Map<String, Long> steps,
        Map<String, Long> sizes) {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** Copies the maps. */
    public Earlier {
        steps = Map.copyOf(steps);
        sizes = Map.copyOf(sizes);
    }

    /**
     * Reads what was kept.
     *
     * @param file a file of JSON
     * @return the run
     * @throws IOException when it cannot be read, or is something else
     */
    public static Earlier read(Path file) throws IOException {
        try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), Files.readString(file))) {
            Earlier read = new Reader(in).read();
            if (read != null) {
                return read;
            }
        } catch (JacksonException e) {
            throw new IOException(file + " is no run that was kept: " + e.getOriginalMessage(), e);
        }
        throw new IOException(
                file + " is no run that was kept: its field \"format\" is not \"" + FactsText.FORMAT + "\"");
    }

    /**
     * Tells how large a file was.
     *
     * @param path its path
     * @return its size, if it was there
     */
    public OptionalLong size(String path) {
        Long size = sizes.get(path);
        return size == null ? OptionalLong.empty() : OptionalLong.of(size);
    }

    boolean hasSameSteps(List<Facts.Step> others) {
        return steps.size() == others.size() && others.stream().allMatch(step -> steps.containsKey(step.name()));
    }

    /** Takes what is wanted, and skips the rest. One thread at a time. */
    private static final class Reader {
        private final JsonParser in;
        private final Map<String, String> texts = new HashMap<>();
        private final Map<String, Long> numbers = new HashMap<>();
        private final Map<String, Long> steps = new LinkedHashMap<>();
        private final Map<String, Long> sizes = new HashMap<>();

        Reader(JsonParser in) {
            this.in = in;
        }

        @org.jspecify.annotations.Nullable
        Earlier read() {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            fields(texts, numbers, name -> {
                switch (name) {
                    case "steps" -> items("name", List.of("read", "written"), steps);
                    case "files" -> items("path", List.of("bytes"), sizes);
                    default -> in.skipChildren();
                }
            });
            return FactsText.FORMAT.equals(texts.get("format"))
                    ? new Earlier(
                            texts.getOrDefault("workflow", ""),
                            texts.getOrDefault("manner", ""),
                            texts.getOrDefault("begin", ""),
                            numbers.getOrDefault("micros", 0L),
                            texts.getOrDefault("state", ""),
                            steps,
                            sizes)
                    : null;
        }

        /** The fields of an object, up to its end; what is no text and no number is for another one. */
        private void fields(
                Map<String, String> ofText, Map<String, Long> ofNumber, java.util.function.Consumer<String> others) {
            for (JsonToken token = in.nextToken(); token == JsonToken.PROPERTY_NAME; token = in.nextToken()) {
                String name = in.currentName();
                switch (in.nextToken()) {
                    case VALUE_STRING -> ofText.put(name, in.getString());
                    case VALUE_NUMBER_INT -> ofNumber.put(name, in.getLongValue());
                    case null -> throw new IllegalStateException("a name without a value");
                    default -> others.accept(name);
                }
            }
        }

        /** Of each object of a list, a name and the sum of some numbers. */
        private void items(String key, List<String> summed, Map<String, Long> into) {
            while (in.nextToken() == JsonToken.START_OBJECT) {
                Map<String, String> ofText = new HashMap<>();
                Map<String, Long> ofNumber = new HashMap<>();
                fields(ofText, ofNumber, _ -> in.skipChildren());
                long sum = summed.stream()
                        .mapToLong(name -> ofNumber.getOrDefault(name, 0L))
                        .sum();
                into.merge(ofText.getOrDefault(key, ""), sum, Long::sum);
            }
        }
    }
}
