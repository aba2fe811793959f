package dev.sluice.language;

import dev.sluice.language.Mention.Said;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the steps that write inside a directory, or what a pattern matches, and for which of them each other step waits.
 * One thread at a time.
 */
final class Insides {
    /**
     * Who does what inside a directory.
     *
     * @param producers the steps that write something inside it, in the order of the flow
     * @param awaited for each step that reads something inside it, those that write something of that, in this order
     */
    record Inside(List<String> producers, Map<String, List<String>> awaited) {
        static final Inside NOTHING = new Inside(List.of(), Map.of());

        Inside {
            producers = List.copyOf(producers);
            awaited = Map.copyOf(awaited);
        }
    }

    private final Contracts contracts;
    private final Set<String> producers = new HashSet<>();
    private final Map<String, Set<String>> awaited = new HashMap<>();

    private Insides(Contracts contracts) {
        this.contracts = contracts;
    }

    /**
     * What happens inside a directory.
     *
     * @param consumers the steps that read the directory, and so all that is in it
     */
    static Inside ofDirectory(Contracts contracts, String directory, List<String> consumers) {
        // A pattern of directories, as the flow writes it; any other text is a name.
        boolean isPattern = contracts.mentions().containsKey(directory) && Glob.isPattern(directory);
        String start = isPattern ? directory : Globs.quoted(directory);
        return new Insides(contracts).find(start.isEmpty() ? "?*" : start + "/?*", consumers);
    }

    /** What happens with all that a pattern matches. */
    static Inside ofPattern(Contracts contracts, String pattern) {
        return new Insides(contracts).find(pattern, List.of());
    }

    private Inside find(String pattern, List<String> consumers) {
        List<Mention> inside = new ArrayList<>();
        for (Mention mention : matched(pattern)) {
            // Of a plain name its own contract tells all, also what is said of the directories that it is in.
            Contract contract = contracts.file(mention.text());
            if (!contract.isExcluded()) {
                inside.add(mention);
                Collection<String> writers = mention.isPattern() ? names(mention.producers()) : contract.producers();
                add(writers, mention.isPattern() ? names(mention.consumers()) : contract.consumers());
                add(writers, consumers);
            }
        }
        new Meetings(contracts, inside).forEach((one, other) -> {
            add(names(one.producers()), names(other.consumers()));
            add(names(other.producers()), names(one.consumers()));
        });
        Map<String, List<String>> ordered = new HashMap<>();
        awaited.forEach((step, others) -> ordered.put(step, inOrder(others)));
        return new Inside(inOrder(producers), ordered);
    }

    /** The mentions that a pattern matches, or has something in common with, and which steps write or read. */
    private List<Mention> matched(String text) {
        Glob glob = Glob.of(text);
        Mention pattern = new Mention(text, glob);
        List<Mention> found = new ArrayList<>();
        for (Mention mention : contracts.mentions().values()) {
            boolean isMatched = mention.isPattern() ? contracts.meet(mention, pattern) : glob.matches(mention.text());
            if (mention.isUsed() && isMatched && !contracts.managed().isOutside(mention.text())) {
                found.add(mention);
            }
        }
        return found;
    }

    private static Set<String> names(Collection<Said<String>> said) {
        Set<String> names = new LinkedHashSet<>();
        said.forEach(one -> names.add(one.what()));
        return names;
    }

    private void add(Collection<String> from, Collection<String> to) {
        producers.addAll(from);
        for (String reader : to) {
            for (String writer : from) {
                if (!writer.equals(reader)) {
                    awaited.computeIfAbsent(reader, _ -> new HashSet<>()).add(writer);
                }
            }
        }
    }

    private List<String> inOrder(Set<String> found) {
        return contracts.steps().stream().filter(found::contains).toList();
    }
}
