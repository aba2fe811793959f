package dev.sluice.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * One of a few words, for an option: understands it, and tells the shell which there are. Immutable.
 *
 * @param <E> what the words mean
 */
abstract class Choice<E extends Enum<E>> implements ITypeConverter<E>, Iterable<String> {
    private final Class<E> type;

    Choice(Class<E> type) {
        this.type = type;
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private Stream<String> words() {
        return Stream.of(type.getEnumConstants()).map(Choice::word);
    }

    @Override
    public Iterator<String> iterator() {
        return words().iterator();
    }

    @Override
    public E convert(String text) {
        for (E value : type.getEnumConstants()) {
            if (word(value).equals(text.toLowerCase(Locale.ROOT))) {
                return value;
            }
        }
        List<String> words = new ArrayList<>(words().toList());
        String last = words.removeLast();
        throw new TypeConversionException(String.join(", ", words) + " or " + last + " is expected, not " + text);
    }
}
