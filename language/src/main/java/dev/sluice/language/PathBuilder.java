package dev.sluice.language;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says everything of one path of a flow: see {@link Flow.Builder#path}. One thread at a time. */
public final class PathBuilder {
    private final String path;
    private final List<String> producers = new ArrayList<>();
    private final List<String> consumers = new ArrayList<>();
    private Rule.Kind kind = Rule.Kind.FILE;
    private @Nullable CommitRule commit;
    private @Nullable FireRule fire;
    private boolean permanent;
    private boolean excluded;
    private Storage.Place place = Storage.Place.AUTOMATIC;

    PathBuilder(String path) {
        this.path = path;
    }

    /**
     * Says that it is a directory.
     *
     * @return this
     */
    public PathBuilder directory() {
        kind = Rule.Kind.DIRECTORY;
        return this;
    }

    /**
     * Who writes it.
     *
     * @param steps names of steps
     * @return this
     */
    public PathBuilder producers(String... steps) {
        producers.addAll(List.of(steps));
        return this;
    }

    /**
     * Who reads it.
     *
     * @param steps names of steps
     * @return this
     */
    public PathBuilder consumers(String... steps) {
        consumers.addAll(List.of(steps));
        return this;
    }

    /**
     * When it is complete.
     *
     * @param rule the commit rule
     * @return this
     */
    public PathBuilder commits(CommitRule rule) {
        commit = rule;
        return this;
    }

    /**
     * When its readers may start.
     *
     * @param rule the fire rule
     * @return this
     */
    public PathBuilder fires(FireRule rule) {
        fire = rule;
        return this;
    }

    /**
     * Says that it is kept when the run ends.
     *
     * @return this
     */
    public PathBuilder permanent() {
        permanent = true;
        return this;
    }

    /**
     * Says that it is a plain file, for which nobody waits.
     *
     * @return this
     */
    public PathBuilder excluded() {
        excluded = true;
        return this;
    }

    /**
     * Where its bytes are kept.
     *
     * @param where the place
     * @return this
     */
    public PathBuilder storedIn(Storage.Place where) {
        place = where;
        return this;
    }

    void addTo(Flow.Builder flow) {
        producers.forEach(step -> flow.step(step, List.of(), List.of(path)));
        consumers.forEach(step -> flow.step(step, List.of(path), List.of()));
        CommitRule commits = commit;
        FireRule fires = fire;
        if (commits != null || fires != null) {
            String owner = producers.isEmpty() ? consumers.isEmpty() ? "" : consumers.getFirst() : producers.getFirst();
            if (owner.isEmpty()) {
                throw new IllegalArgumentException(
                        "a rule belongs to a step, and nobody produces or consumes " + path + "; name a producer");
            }
            // Half a rule means what a path without a rule does for the other half.
            Rule rule = new Rule(
                    kind,
                    List.of(path),
                    commits == null ? CommitRule.onTermination() : commits,
                    fires == null ? FireRule.UPDATE : fires);
            flow.forgetRules(path).step(owner, List.of(), List.of(), rule);
        }
        if (permanent) {
            flow.permanent(path);
        }
        if (excluded) {
            flow.exclude(path);
        }
        flow.store(path, place);
    }
}
