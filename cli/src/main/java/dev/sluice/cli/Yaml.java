package dev.sluice.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * A value in YAML, or in JSON, which is YAML too; with its place. Scalars are the texts that stand there, whatever YAML takes
 * them for: no types, no tags, nothing is made of them. An alias is the value itself, so nothing grows by it. Immutable.
 */
sealed interface Yaml {
    int line();

    int column();

    /** A text. */
    record Text(String text, int line, int column) implements Yaml {}

    /** Values in their order. */
    record Items(List<Yaml> items, int line, int column) implements Yaml {}

    /** Keys and values in their order, also when a key comes twice. */
    record Members(List<Member> members, int line, int column) implements Yaml {}

    /** One of them. */
    record Member(Text key, Yaml value) {}

    /** Nothing can be read there. */
    final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;
        private final int line;
        private final int column;

        Unreadable(String message, int line, int column) {
            super(message);
            this.line = line;
            this.column = column;
        }

        int line() {
            return line;
        }

        int column() {
            return column;
        }
    }

    /**
     * Reads the only document of a file.
     *
     * @throws Unreadable where it is no YAML, or more than anybody needs
     */
    static Yaml read(SourceText source) throws Unreadable {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(source.name())
                .setCodePointLimit(Math.max(1, source.content().length()))
                .build();
        try {
            return new Builder().document(new ParserImpl(settings, new StreamReader(settings, source.content())));
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            String context = e.getContext() == null ? "" : e.getContext() + ", ";
            throw new Unreadable(
                    context + e.getProblem(),
                    mark.map(place -> place.getLine() + 1).orElse(1),
                    mark.map(place -> place.getColumn() + 1).orElse(1));
        } catch (ReaderException e) {
            int line = source.lineOf(Math.min(e.getPosition(), source.content().length()));
            throw new Unreadable("no text has the character \\u%04x in it".formatted(e.getCodePoint()), line, 1);
        } catch (YamlEngineException e) {
            throw new Unreadable(String.valueOf(e.getMessage()), 1, 1);
        }
    }

    /** Makes values of events. One thread at a time. */
    final class Builder {
        private static final int DEEPEST = 20;

        private final Map<String, Yaml> anchors = new HashMap<>();
        private final Deque<Open> open = new ArrayDeque<>();
        private @Nullable Yaml root;

        /** A collection that is being read; of a mapping, keys and values take turns. */
        private record Open(NodeEvent start, List<Yaml> values) {}

        private Yaml document(Iterator<Event> events) throws Unreadable {
            boolean hasDocument = false;
            while (events.hasNext()) {
                Event event = events.next();
                switch (event) {
                    case DocumentStartEvent _ -> {
                        if (hasDocument) {
                            throw at(event, "a second document begins, and one is expected; remove ---");
                        }
                        hasDocument = true;
                    }
                    case ScalarEvent scalar -> put(scalar, new Text(scalar.getValue(), line(scalar), column(scalar)));
                    case MappingStartEvent start -> begin(start);
                    case SequenceStartEvent start -> begin(start);
                    case CollectionEndEvent end -> end(end);
                    case AliasEvent alias -> alias(alias);
                    default -> {}
                }
            }
            return root == null ? new Text("", 1, 1) : root;
        }

        private void begin(NodeEvent start) throws Unreadable {
            if (open.size() == DEEPEST) {
                throw at(start, "more than " + DEEPEST + " lists and mappings lie in each other");
            }
            open.push(new Open(start, new ArrayList<>()));
        }

        private void end(Event event) throws Unreadable {
            Open closed = open.pop();
            NodeEvent start = closed.start();
            if (start instanceof SequenceStartEvent) {
                put(start, new Items(List.copyOf(closed.values()), line(start), column(start)));
                return;
            }
            List<Member> members = new ArrayList<>();
            for (int i = 0; i + 1 < closed.values().size(); i += 2) {
                if (!(closed.values().get(i) instanceof Text key)) {
                    throw at(event, "a key is a list or a mapping, and a word is expected");
                }
                members.add(new Member(key, closed.values().get(i + 1)));
            }
            put(start, new Members(List.copyOf(members), line(start), column(start)));
        }

        private void alias(AliasEvent event) throws Unreadable {
            Yaml value = anchors.get(event.getAlias().getValue());
            if (value == null) {
                throw at(event, "nothing before is called &" + event.getAlias().getValue());
            }
            add(value);
        }

        private void put(NodeEvent event, Yaml value) {
            event.getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), value));
            add(value);
        }

        private void add(Yaml value) {
            Open collection = open.peek();
            if (collection == null) {
                root = value;
            } else {
                collection.values().add(value);
            }
        }

        private static Unreadable at(Event event, String message) {
            return new Unreadable(message, line(event), column(event));
        }

        private static int line(Event event) {
            return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
        }

        private static int column(Event event) {
            return event.getStartMark().map(mark -> mark.getColumn() + 1).orElse(1);
        }
    }
}
