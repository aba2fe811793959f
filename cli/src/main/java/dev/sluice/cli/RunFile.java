package dev.sluice.cli;

import dev.sluice.language.Contracts;
import dev.sluice.language.Problem;
import dev.sluice.language.Problem.Severity;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How a flow is run, as a file beside it says: what the options of {@code run} would say, in YAML or JSON. Immutable.
 *
 * @param steps the commands, in their order
 * @param directory the managed directory, or null
 * @param keep what stays, or null
 * @param timeout how long a wait may last, or null
 * @param memory how much memory the files may take, or null
 * @param overflow what becomes of more than that, or null
 */
record RunFile(
        List<StepCommand> steps,
        @Nullable Path directory,
        @Nullable Keep keep,
        @Nullable Duration timeout,
        @Nullable Long memory,
        Limits.@Nullable Overflow overflow) {
    /** What says nothing. */
    static final RunFile NONE = new RunFile(List.of(), null, null, null, null, null);

    private static final int LARGEST = 1 << 20;
    private static final List<String> ENDINGS = List.of(".run.yaml", ".run.yml", ".run.json");
    private static final Set<String> KEYS = Set.of("steps", "dir", "keep", "timeout", "memory", "overflow");

    RunFile {
        steps = List.copyOf(steps);
    }

    /** The commands, but of the steps that have others those. */
    List<StepCommand> steps(List<StepCommand> others) {
        Set<String> replaced = new HashSet<>();
        others.forEach(step -> replaced.add(step.step()));
        List<StepCommand> all = new ArrayList<>(
                steps.stream().filter(step -> !replaced.contains(step.step())).toList());
        all.addAll(others);
        return all;
    }

    /** The run file beside a flow: {@code words.run.yaml} beside {@code words.json}; null when there is none. */
    static @Nullable Path beside(Path flow) {
        String name = String.valueOf(flow.getFileName());
        String stem = name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name;
        List<Path> found = ENDINGS.stream()
                .map(ending -> flow.resolveSibling(stem + ending))
                .filter(Files::exists)
                .toList();
        if (found.size() > 1) {
            throw Refusal.misused("there are several run files beside " + flow + ": " + found.getFirst() + " and "
                    + found.getLast() + "; name the one you mean with --run, or remove the other");
        }
        return found.isEmpty() ? null : found.getFirst();
    }

    /**
     * Reads a run file; tells everything that is wrong, and refuses it then.
     *
     * @param file the file
     * @param contracts what is known of the flow's steps; null when there is no flow yet
     * @param err where problems are told
     */
    static RunFile read(Path file, @Nullable Contracts contracts, PrintWriter err) {
        SourceText source = new SourceText(file.toString(), bytes(file));
        Reader reader = new Reader(file, contracts);
        RunFile read = reader.read(source);
        if (!reader.problems.isEmpty()) {
            reader.problems.sort(Verdict.ORDER);
            new Report(new Screen(err, Ability.PLAIN)).problems(source, reader.problems);
            throw Refusal.failed(file + " is not valid; mend what is said above");
        }
        return read;
    }

    private static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw Refusal.misused(file + " is larger than " + (LARGEST >> 20) + " MiB, which no run file is");
            }
            return bytes;
        } catch (IOException e) {
            if (Files.isDirectory(file)) {
                throw Refusal.misused(file + " is a directory; name the run file in it");
            }
            throw Refusal.misused(Failure.sentence(e));
        }
    }

    /** Takes values for what they should be, and says where they are not. One thread at a time. */
    private static final class Reader {
        final List<Problem> problems = new ArrayList<>();
        private final Path file;
        private final @Nullable Contracts contracts;

        Reader(Path file, @Nullable Contracts contracts) {
            this.file = file;
            this.contracts = contracts;
        }

        RunFile read(SourceText source) {
            Yaml root;
            try {
                root = Yaml.read(source);
            } catch (Yaml.Unreadable e) {
                problems.add(new Problem(
                        Severity.ERROR,
                        "syntax",
                        "$",
                        e.line(),
                        e.column(),
                        "this is neither YAML nor JSON: " + e.getMessage(),
                        "write it as the page on running shows"));
                return NONE;
            }
            Map<String, Yaml.Member> members = members(root, "$", "a run file");
            members.forEach((key, member) -> {
                if (!KEYS.contains(key)) {
                    error(
                            "unknown-key",
                            "$." + key,
                            member.key(),
                            "there is no key \"" + key + "\" in a run file",
                            "keys are "
                                    + String.join(", ", KEYS.stream().sorted().toList()));
                }
            });
            return new RunFile(
                    steps(members.get("steps")),
                    value(members, "dir", this::directory),
                    value(members, "keep", new Terms.KeepChoice()),
                    value(members, "timeout", this::duration),
                    value(members, "memory", new Terms.SizeConverter()),
                    value(members, "overflow", new Terms.OverflowChoice()));
        }

        private Duration duration(String text) {
            Duration duration = new Terms.DurationConverter().convert(text);
            if (duration.isZero()) {
                throw new TypeConversionException("a wait lasts some time");
            }
            return duration;
        }

        private Path directory(String text) {
            Path folder = file.toAbsolutePath().getParent();
            try {
                Path named = folder == null ? Path.of(text) : folder.resolve(text);
                if (Files.isDirectory(named)) {
                    return named.normalize();
                }
                throw new TypeConversionException("there is no directory " + named);
            } catch (InvalidPathException e) {
                throw new TypeConversionException("this is no path: " + text);
            }
        }

        private List<StepCommand> steps(Yaml.@Nullable Member said) {
            List<StepCommand> steps = new ArrayList<>();
            if (said != null) {
                members(said.value(), "$.steps", "\"steps\"").forEach((step, member) -> {
                    String path = "$.steps." + step;
                    checkStep(step, path, member.key());
                    Yaml commands = member.value();
                    List<Yaml> all = commands instanceof Yaml.Items items ? items.items() : List.of(commands);
                    if (all.isEmpty()) {
                        error("no-command", path, commands, "step " + step + " has no command", "write one");
                    }
                    for (int i = 0; i < all.size(); i++) {
                        String place = commands instanceof Yaml.Items ? path + "[" + i + "]" : path;
                        String command = text(all.get(i), place, "a command, or a list of them");
                        if (command != null && command.isBlank()) {
                            error(
                                    "no-command",
                                    place,
                                    all.get(i),
                                    "a command of step " + step + " is blank",
                                    "write it");
                        } else if (command != null) {
                            steps.add(new StepCommand(step, command));
                        }
                    }
                });
            }
            return steps;
        }

        private void checkStep(String step, String path, Yaml where) {
            try {
                if (step.isBlank()) {
                    error("blank-step", path, where, "a step's name is blank", "name the step");
                } else if (contracts != null) {
                    contracts.requireStep(step);
                }
            } catch (IllegalArgumentException e) {
                error("unknown-step", path, where, Failure.sentence(e), "");
            }
        }

        private <T> @Nullable T value(Map<String, Yaml.Member> members, String key, ITypeConverter<T> converter) {
            Yaml.Member member = members.get(key);
            String text = member == null ? null : text(member.value(), "$." + key, "a word");
            if (member == null || text == null) {
                return null;
            }
            try {
                return converter.convert(text);
            } catch (Exception e) {
                error(
                        "value",
                        "$." + key,
                        member.value(),
                        "\"" + key + "\" cannot be \"" + text + "\"",
                        e.getMessage());
                return null;
            }
        }

        private @Nullable String text(Yaml value, String path, String expected) {
            if (value instanceof Yaml.Text text) {
                return text.text();
            }
            String found = value instanceof Yaml.Items ? "a list" : "a mapping";
            error("wrong-type", path, value, "this is " + found, "write " + expected);
            return null;
        }

        private Map<String, Yaml.Member> members(Yaml value, String path, String what) {
            Map<String, Yaml.Member> members = new LinkedHashMap<>();
            if (!(value instanceof Yaml.Members mapping)) {
                error("wrong-type", path, value, what + " is no mapping of keys to values", "write key: value in it");
                return members;
            }
            Set<String> twice = new HashSet<>();
            for (Yaml.Member member : mapping.members()) {
                String key = member.key().text();
                if (members.putIfAbsent(key, member) != null && twice.add(key)) {
                    error(
                            "duplicate-key",
                            path + "." + key,
                            member.key(),
                            "the key \"" + key + "\" is there twice",
                            "remove one of them, or make a list of both");
                }
            }
            return members;
        }

        private void error(String code, String path, Yaml where, String message, @Nullable String advice) {
            problems.add(new Problem(
                    Severity.ERROR, code, path, where.line(), where.column(), message, advice == null ? "" : advice));
        }
    }
}
