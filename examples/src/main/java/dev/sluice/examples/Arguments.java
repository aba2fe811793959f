package dev.sluice.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What was typed after a program's name; who asks for an option takes it away. One thread at a time. */
final class Arguments {
    /** Says that what was typed cannot be understood. */
    static final class Misuse extends RuntimeException {
        private static final long serialVersionUID = 1;

        Misuse(String message) {
            super(message);
        }
    }

    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([KMG]?)");

    private final List<String> words;

    Arguments(String... words) {
        this.words = new ArrayList<>(List.of(words));
    }

    boolean flag(String name) {
        return words.remove(name);
    }

    Optional<String> option(String name) {
        int at = words.indexOf(name);
        if (at < 0) {
            return Optional.empty();
        }
        if (at + 1 == words.size()) {
            throw new Misuse(name + " needs a value");
        }
        words.remove(at);
        return Optional.of(words.remove(at));
    }

    /** A whole number such as {@code 4096}, {@code 64K}, {@code 1M} or {@code 2G}. */
    int number(String name, int otherwise, int least, int most) {
        String typed = option(name).orElse(Integer.toString(otherwise));
        Matcher size = SIZE.matcher(typed.toUpperCase(Locale.ROOT));
        if (size.matches()) {
            int unit = "KMG".indexOf(size.group(2)) + (size.group(2).isEmpty() ? 0 : 1);
            long number = Long.parseLong(size.group(1)) << (10 * unit);
            if (number >= least && number <= most) {
                return (int) number;
            }
        }
        throw new Misuse(name + " must be a number from " + least + " to " + most + ": " + typed);
    }

    /** All that is left, once the options have been taken. */
    List<Path> files(int least, int most) {
        for (String word : words) {
            if (word.startsWith("-")) {
                throw new Misuse("unknown option " + word);
            }
        }
        if (words.size() < least || words.size() > most) {
            throw new Misuse(words.size() < least ? "a file is missing" : "too many files");
        }
        return words.stream().map(Path::of).toList();
    }
}
