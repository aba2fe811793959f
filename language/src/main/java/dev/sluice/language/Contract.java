package dev.sluice.language;

import dev.sluice.language.HomeNodes.Home;
import dev.sluice.language.Insides.Inside;
import dev.sluice.language.Mention.Said;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a flow says of one path: who produces and who consumes it, when it commits, when it fires, and what becomes of it.
 * Immutable; from {@link Contracts}.
 */
public final class Contract {
    private final String path;
    private final Rule.Kind kind;
    private final @Nullable Said<Rule> rule;
    private final List<Said<String>> producers;
    private final List<Said<String>> consumers;
    private final List<Said<Boolean>> permanent;
    private final List<Said<Boolean>> excluded;
    private final List<Said<Storage.Place>> place;
    private final List<Said<Home>> home;
    private final Supplier<Inside> finder;
    /** Null until somebody asks. */
    private volatile @Nullable Inside inside;

    Contract(
            String path,
            Rule.Kind kind,
            @Nullable Said<Rule> rule,
            List<Said<String>> producers,
            List<Said<String>> consumers,
            List<Said<Boolean>> permanent,
            List<Said<Boolean>> excluded,
            List<Said<Storage.Place>> place,
            List<Said<Home>> home,
            Supplier<Inside> finder) {
        this.path = path;
        this.kind = kind;
        this.rule = rule;
        this.producers = producers;
        this.consumers = consumers;
        this.permanent = permanent;
        this.excluded = excluded;
        this.place = place;
        this.home = home;
        this.finder = finder;
    }

    /** {@return the path, relative to the managed directory; an empty text for that directory itself} */
    public String path() {
        return path;
    }

    /** {@return what it was asked about as} */
    public Rule.Kind kind() {
        return kind;
    }

    /** {@return the steps that write it, in the order of the flow} */
    public List<String> producers() {
        return names(producers);
    }

    /** {@return the steps that read it, in the order of the flow} */
    public List<String> consumers() {
        return names(consumers);
    }

    private static List<String> names(List<Said<String>> said) {
        return said.stream().map(Said::what).toList();
    }

    /**
     * For whom a step waits when it lists a directory, besides the directory's own producers: the steps that write
     * something inside it which this step reads. Other steps may write there as well, and be waiting for this one.
     *
     * {@snippet class="dev.sluice.language.InsidesTest" region="list"}
     *
     * <p>The first call takes time with the size of the flow; later ones of the same contract take none.
     *
     * @param step the name of the step that lists
     * @return names of steps, in the order of the flow, without that step; of a file, none
     */
    public List<String> producersInside(String step) {
        return kind == Rule.Kind.DIRECTORY ? inside().awaited().getOrDefault(step, List.of()) : List.of();
    }

    /** Who writes and who reads inside a directory, or what a pattern matches. */
    Inside inside() {
        Inside known = inside;
        if (known == null) {
            known = finder.get();
            inside = known;
        }
        return known;
    }

    /**
     * Does a step write it?
     *
     * @param step the name of the step
     * @return whether it does
     */
    public boolean isProducer(String step) {
        return speaksOf(step, producers);
    }

    /**
     * Does a step read it?
     *
     * @param step the name of the step
     * @return whether it does
     */
    public boolean isConsumer(String step) {
        return speaksOf(step, consumers);
    }

    /** Asked for each request to a file: no streams. */
    private static boolean speaksOf(String step, List<Said<String>> said) {
        for (int i = 0; i < said.size(); i++) {
            if (said.get(i).what().equals(step)) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether the flow has a rule for when it is complete and when its readers may start; else the defaults hold} */
    public boolean hasRule() {
        return rule != null;
    }

    /** {@return when it is complete} */
    public CommitRule commit() {
        return rule == null ? CommitRule.onTermination() : rule.what().commit();
    }

    /** {@return when its readers may start} */
    public FireRule fire() {
        return rule == null ? FireRule.UPDATE : rule.what().fire();
    }

    /** {@return whether steps read it and none writes it, so that it must be there before the run; nobody waits for it} */
    public boolean isThereBefore() {
        return producers.isEmpty()
                && !consumers.isEmpty()
                && !isExcluded()
                && inside().producers().isEmpty();
    }

    /** {@return whether it is kept when the run ends} */
    public boolean isPermanent() {
        return !permanent.isEmpty();
    }

    /** {@return whether it is a plain file, for which nobody waits} */
    public boolean isExcluded() {
        return !excluded.isEmpty();
    }

    /** {@return where its bytes are kept} */
    public Storage.Place storage() {
        return place.isEmpty() ? Storage.Place.AUTOMATIC : place.getFirst().what();
    }

    /** {@return which node of a cluster keeps it} */
    public Home home() {
        return home.isEmpty() ? new Home.Creator() : home.getFirst().what();
    }

    /** {@return what the flow says, and where: for people who ask why; in an order that reads well} */
    public List<Reason> reasons() {
        return Explanation.reasons(this);
    }

    /**
     * What happens when a step uses it, as sentences.
     *
     * @param step the step's name
     * @return the sentences, in the order in which a program calls
     */
    public List<String> explain(String step) {
        return Explanation.of(this, step);
    }

    /**
     * One thing that a flow says of a path.
     *
     * @param says what it says
     * @param at the place that says so, as a JSON path; an empty text for what holds because nothing is said
     */
    public record Reason(String says, String at) {}

    @Nullable
    Said<Rule> rule() {
        return rule;
    }

    List<Said<String>> producersSaid() {
        return producers;
    }

    List<Said<String>> consumersSaid() {
        return consumers;
    }

    List<Said<Boolean>> permanentSaid() {
        return permanent;
    }

    List<Said<Boolean>> excludedSaid() {
        return excluded;
    }

    List<Said<Storage.Place>> placeSaid() {
        return place;
    }

    List<Said<Home>> homeSaid() {
        return home;
    }

    @Override
    public String toString() {
        return path + ": " + producers() + " -> " + consumers() + ", " + commit() + ", " + fire();
    }
}
