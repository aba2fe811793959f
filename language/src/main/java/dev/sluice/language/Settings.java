package dev.sluice.language;

import dev.sluice.language.Problem.Severity;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;

/**
 * Settings for a run, which a flow names as its {@code configuration}: a TOML file. Immutable.
 *
 * <p>Without a file both monitors are on. A file that does not speak of a monitor switches it off, as upstream does; all
 * else that it leaves out is as it is without a file.
 *
 * @param multicast how nodes tell each other of commits and home nodes
 * @param fileSystemMonitor whether commits are told by files beside the data
 * @param apiAddress the multicast address at which rules are taken while a workflow runs
 * @param apiPort the port for that
 */
public record Settings(Multicast multicast, boolean fileSystemMonitor, String apiAddress, int apiPort) {
    /**
     * How nodes tell each other of commits and home nodes.
     *
     * @param enabled do they?
     * @param commitAddress the multicast address for commits
     * @param commitPort the port for that
     * @param homeAddress the multicast address for home nodes
     * @param homePort the port for that
     * @param delayMillis how long an answer is waited for, in milliseconds
     */
    public record Multicast(
            boolean enabled, String commitAddress, int commitPort, String homeAddress, int homePort, int delayMillis) {}

    /**
     * What reading settings gave.
     *
     * @param settings the settings; where the file is wrong, as without a file
     * @param problems what is wrong with the file; the paths are dotted keys
     */
    public record Result(Settings settings, List<Problem> problems) {
        /** Copies the list. */
        public Result {
            problems = List.copyOf(problems);
        }
    }

    /** The settings without a file. */
    public static final Settings DEFAULT = new Settings(
            new Multicast(true, "224.224.224.1", 12345, "224.224.224.2", 12345, 300), true, "224.224.224.3", 11223);

    /**
     * Reads settings from a file.
     *
     * @param file the TOML file
     * @return the settings, and what is wrong with the file
     * @throws IOException when it cannot be read
     */
    public static Result read(Path file) throws IOException {
        try {
            return of(Files.readString(file));
        } catch (MalformedInputException _) {
            return new Result(
                    DEFAULT,
                    List.of(new Problem(
                            Severity.ERROR, "syntax", "", 0, 0, "this is no UTF-8", "save the file as UTF-8")));
        }
    }

    /**
     * Reads settings from text.
     *
     * @param toml the TOML text
     * @return the settings, and what is wrong with the text
     */
    public static Result of(String toml) {
        try {
            TomlParseResult parsed = Toml.parse(toml);
            if (parsed.hasErrors()) {
                return new Result(
                        DEFAULT, parsed.errors().stream().map(Settings::syntax).toList());
            }
            return new Keys(parsed).settings();
        } catch (StackOverflowError _) {
            // The parser calls itself for each bracket, and has no limit of its own.
            return new Result(
                    DEFAULT,
                    List.of(new Problem(
                            Severity.ERROR, "syntax", "", 0, 0, "this is nested too deeply", "remove brackets")));
        }
    }

    private static Problem syntax(TomlParseError error) {
        String message = error.getMessage();
        return new Problem(
                Severity.ERROR,
                "syntax",
                "",
                error.position().line(),
                error.position().column(),
                "this is no TOML: " + (message == null ? "it cannot be read" : message),
                "mend it here or just before");
    }

    /** Takes the known keys out of a document, and tells of all others. */
    private static final class Keys {
        private static final String COMMIT_IP = "monitor.mcast.commit.ip";
        private static final String COMMIT_PORT = "monitor.mcast.commit.port";
        private static final String HOME_IP = "monitor.mcast.homenode.ip";
        private static final String HOME_PORT = "monitor.mcast.homenode.port";
        private static final String DELAY = "monitor.mcast.delay_ms";
        private static final String MULTICAST = "monitor.mcast.enabled";
        private static final String FILE_SYSTEM = "monitor.filesystem.enabled";
        private static final String API_IP = "dynamic_api.ip";
        private static final String API_PORT = "dynamic_api.port";
        private static final List<String> KNOWN =
                List.of(COMMIT_IP, COMMIT_PORT, HOME_IP, HOME_PORT, DELAY, MULTICAST, FILE_SYSTEM, API_IP, API_PORT);
        private static final int LARGEST_PORT = 65535;

        private final Map<String, Object> values = new LinkedHashMap<>();
        private final Map<String, TomlPosition> positions = new LinkedHashMap<>();
        private final List<Problem> problems = new ArrayList<>();

        Keys(TomlParseResult document) {
            document.dottedEntrySet(false).forEach(entry -> {
                values.put(entry.getKey(), entry.getValue());
                TomlPosition position = document.inputPositionOf(entry.getKey());
                positions.put(entry.getKey(), position == null ? TomlPosition.positionAt(1, 1) : position);
            });
        }

        Result settings() {
            for (String key : values.keySet()) {
                if (!KNOWN.contains(key)) {
                    problem(
                            Severity.WARNING,
                            "unknown-key",
                            key,
                            "nobody knows the setting " + key,
                            Similar.advice(key, KNOWN, "settings are " + String.join(", ", KNOWN)));
                }
            }
            Multicast usual = DEFAULT.multicast;
            Multicast multicast = new Multicast(
                    enabled(MULTICAST),
                    address(COMMIT_IP, usual.commitAddress),
                    number(COMMIT_PORT, usual.commitPort, LARGEST_PORT),
                    address(HOME_IP, usual.homeAddress),
                    number(HOME_PORT, usual.homePort, LARGEST_PORT),
                    number(DELAY, usual.delayMillis, Integer.MAX_VALUE));
            return new Result(
                    new Settings(
                            multicast,
                            enabled(FILE_SYSTEM),
                            address(API_IP, DEFAULT.apiAddress),
                            number(API_PORT, DEFAULT.apiPort, LARGEST_PORT)),
                    problems);
        }

        private boolean enabled(String key) {
            Object value = values.getOrDefault(key, false);
            if (value instanceof Boolean enabled) {
                return enabled;
            }
            wrong(key, "true or false");
            return false;
        }

        private String address(String key, String usual) {
            Object value = values.getOrDefault(key, usual);
            Predicate<String> isAddress =
                    text -> text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
            if (value instanceof String text && isAddress.test(text)) {
                return text;
            }
            wrong(key, "an address such as \"" + usual + "\"");
            return usual;
        }

        private int number(String key, int usual, int largest) {
            Object value = values.getOrDefault(key, (long) usual);
            if (value instanceof Long number && number >= 0 && number <= largest) {
                return number.intValue();
            }
            wrong(key, "a whole number from 0 to " + largest);
            return usual;
        }

        private void wrong(String key, String expected) {
            problem(Severity.ERROR, "wrong-type", key, key + " must be " + expected, "write one");
        }

        private void problem(Severity severity, String code, String key, String message, String advice) {
            TomlPosition at = positions.getOrDefault(key, TomlPosition.positionAt(1, 1));
            problems.add(new Problem(severity, code, key, at.line(), at.column(), message, advice));
        }
    }
}
