package dev.sluice.language;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A workflow's coordination: its steps, and what becomes of their files. Immutable.
 *
 * <p>It is read from a file in CAPIO-CL ({@link #read}, or {@link Reading} for all problems and for where things stand),
 * or built:
 *
 * {@snippet class="dev.sluice.language.FlowTest" region="build"}
 *
 * @param name the workflow's name
 * @param configuration the file with settings for the run, as the flow names it; an empty string when it names none
 * @param aliases names for groups of paths
 * @param steps the steps, in the order of the file
 * @param permanent what is kept when the run ends: paths, patterns or aliases
 * @param excluded what does not flow: plain files, for which nobody waits
 * @param homeNodes which node keeps which files
 * @param storage where which files' bytes are kept
 */
@SuppressWarnings("exports") // @Nullable: who uses this need not have its jar
public record Flow(
        String name,
        String configuration,
        List<Alias> aliases,
        List<Step> steps,
        List<String> permanent,
        List<String> excluded,
        HomeNodes homeNodes,
        Storage storage) {

    /**
     * A name for several paths.
     *
     * @param name what to write instead of them
     * @param paths what it stands for: paths, patterns, or other aliases
     */
    public record Alias(String name, List<String> paths) {
        /** Copies the list. */
        public Alias {
            paths = List.copyOf(paths);
        }
    }

    /** A version of the language. */
    public enum Version {
        /** The first: no word of versions in the file. */
        V1_0("1.0"),
        /** With the keys {@code version} and {@code configuration}. */
        V1_1("1.1");

        private final String number;

        Version(String number) {
            this.number = number;
        }

        /** The number. */
        @Override
        public String toString() {
            return number;
        }
    }

    /** Copies the lists. */
    public Flow {
        aliases = List.copyOf(aliases);
        steps = List.copyOf(steps);
        permanent = List.copyOf(permanent);
        excluded = List.copyOf(excluded);
    }

    /**
     * Reads a flow, as strictly as {@link Reading.Mode#STRICT} says.
     *
     * @param file the flow file
     * @return the flow
     * @throws FlowException when it is no flow; with all problems
     * @throws IOException when the file cannot be read
     */
    public static Flow read(Path file) throws FlowException, IOException {
        return Reading.of(file, Reading.Mode.STRICT).orThrow();
    }

    /**
     * Starts a flow without steps.
     *
     * @param name the workflow's name
     * @return the builder
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** {@return a builder that starts with a flow like this one} */
    public Builder toBuilder() {
        Builder builder = new Builder(name);
        builder.configuration = configuration;
        aliases.forEach(alias -> builder.aliases.put(alias.name(), alias));
        steps.forEach(builder.steps::append);
        builder.permanent.addAll(permanent);
        builder.excluded.addAll(excluded);
        builder.homeNodes = homeNodes;
        return builder.storage(storage);
    }

    /**
     * The flow in JSON; reading it gives an equal flow.
     *
     * @param version the version to write
     * @return the text of a flow file
     * @throws IllegalArgumentException when that version cannot say it: {@code configuration} needs 1.1
     */
    public String toJson(Version version) {
        return FlowWriter.write(this, version);
    }

    /**
     * What is wrong with the flow, beyond what its types exclude: see {@link Reading#check}. The problems have no lines.
     *
     * @param directory the managed directory, or nothing when it is not known; absolute paths are then taken as they are
     * @param there tells of a path or pattern, relative to the managed directory, whether it, or a file that the pattern
     *     matches, is there before the run
     * @return the problems, errors and warnings
     */
    public List<Problem> check(@Nullable Path directory, Predicate<String> there) {
        Problems problems = new Problems(null);
        Contracts contracts = directory == null ? Contracts.of(this) : Contracts.of(this, directory);
        Checks.run(this, contracts, Set.of(), there, problems);
        return problems.sorted();
    }

    /**
     * The JSON Schema of flow files.
     *
     * @param version the version of the language
     * @return the text of the schema, draft 7
     */
    public static String schema(Version version) {
        return FlowWriter.schema(version);
    }

    /**
     * Builds a flow, step by step or path by path. One thread at a time.
     *
     * <p>Names of steps and aliases may come again: what is said then is added.
     */
    public static final class Builder {
        private final String name;
        private final Map<String, Alias> aliases = new LinkedHashMap<>();
        private final Steps steps = new Steps();
        private final Set<String> permanent = new LinkedHashSet<>();
        private final Set<String> excluded = new LinkedHashSet<>();
        private final List<String> memory = new ArrayList<>();
        private final List<String> disk = new ArrayList<>();
        private String configuration = "";
        private HomeNodes homeNodes = HomeNodes.UNSAID;

        private Builder(String name) {
            this.name = name;
        }

        /**
         * Names the file with settings for the run.
         *
         * @param file its path, as seen from the flow file
         * @return this
         */
        public Builder configuration(String file) {
            configuration = file;
            return this;
        }

        /**
         * Gives a group of paths a name.
         *
         * @param group the name
         * @param paths what it stands for
         * @return this
         */
        public Builder alias(String group, String... paths) {
            aliases.merge(
                    group, new Alias(group, List.of(paths)), (a, b) -> new Alias(group, joined(a.paths(), b.paths())));
            return this;
        }

        /**
         * Adds a step.
         *
         * @param step the step
         * @return this
         */
        public Builder step(Step step) {
            steps.add(step);
            return this;
        }

        /**
         * Adds a step.
         *
         * @param step its name
         * @param reads what it reads
         * @param writes what it writes
         * @param rules when what it writes is complete, and when its readers may start
         * @return this
         */
        public Builder step(String step, List<String> reads, List<String> writes, Rule... rules) {
            return step(new Step(step, reads, writes, List.of(rules)));
        }

        /**
         * Says everything of one path.
         *
         * @param path a name, a pattern or an alias
         * @param says what to say of it
         * @return this
         * @throws IllegalArgumentException when it has a commit or fire rule, but no step to which they belong
         */
        public Builder path(String path, Consumer<PathBuilder> says) {
            PathBuilder said = new PathBuilder(path);
            says.accept(said);
            said.addTo(this);
            return this;
        }

        /**
         * Keeps files when the run ends.
         *
         * @param paths names, patterns or aliases
         * @return this
         */
        public Builder permanent(String... paths) {
            permanent.addAll(List.of(paths));
            return this;
        }

        /**
         * Lets files be plain files, for which nobody waits.
         *
         * @param paths names, patterns or aliases
         * @return this
         */
        public Builder exclude(String... paths) {
            excluded.addAll(List.of(paths));
            return this;
        }

        /**
         * Says which node keeps which files, instead of what was said before.
         *
         * @param policies which files are kept where
         * @return this
         */
        public Builder homeNodes(HomeNodes policies) {
            homeNodes = policies;
            return this;
        }

        /**
         * Says where which files' bytes are kept, instead of what was said before.
         *
         * @param places which files are kept where
         * @return this
         */
        public Builder storage(Storage places) {
            memory.clear();
            memory.addAll(places.memory());
            disk.clear();
            disk.addAll(places.disk());
            return this;
        }

        /** Says where the bytes of one path are kept. */
        void store(String path, Storage.Place place) {
            switch (place) {
                case AUTOMATIC -> {}
                case MEMORY -> memory.add(path);
                case DISK -> disk.add(path);
            }
        }

        /** Takes back what was said of commit and fire of a path, under this very name. */
        Builder forgetRules(String path) {
            steps.forgetRules(path);
            return this;
        }

        /** {@return the flow} */
        public Flow build() {
            return new Flow(
                    name,
                    configuration,
                    List.copyOf(aliases.values()),
                    steps.toList(),
                    List.copyOf(permanent),
                    List.copyOf(excluded),
                    homeNodes,
                    new Storage(memory, disk));
        }

        private static List<String> joined(List<String> some, List<String> others) {
            Set<String> all = new LinkedHashSet<>(some);
            all.addAll(others);
            return List.copyOf(all);
        }
    }
}
