package dev.sluice.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a benchmark was called with: names, each with a value. */
final class Options {
    private final Map<String, String> values = new HashMap<>();

    private Options() {}

    /** Ends the program, with a message, when there is something else. */
    static Options of(List<String> names, List<String> arguments) {
        Options options = new Options();
        for (int i = 0; i < arguments.size(); i += 2) {
            if (i + 1 == arguments.size() || !names.contains(arguments.get(i))) {
                System.err.println("bench: " + arguments.get(i) + " is not understood; options are "
                        + String.join(", ", names) + ", each with a value");
                System.exit(2);
            }
            options.values.put(arguments.get(i), arguments.get(i + 1));
        }
        return options;
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    int number(String name, int otherwise) {
        return Integer.parseInt(text(name, Integer.toString(otherwise)));
    }

    /** {@return what is found in names; without the option, in all} */
    Pattern pattern(String name) {
        return Pattern.compile(text(name, ""));
    }
}
