package dev.sluice.view;

import dev.sluice.view.Facts.Leg;
import dev.sluice.view.Facts.Pause;
import dev.sluice.view.Facts.Run;
import dev.sluice.view.Facts.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the critical path: what the end had to wait for, back to the beginning. From the run of a step that ended last it goes
 * back to the last time it waited for a file, then on in the step that this file comes from. One thread at a time.
 */
final class Route {
    private static final int MOST_LEGS = 100;

    /** A time in which a step waited for less than this part of it is not waiting. */
    private static final double HARDLY = 0.5;

    /** A wait shorter than this part of all is no reason. */
    private static final double SHORT = 0.01;

    private final Facts facts;
    private final long now;
    private final List<Leg> legs = new ArrayList<>();

    /** A run, and whose it is. */
    private record Place(Step step, Run run) {}

    private Route(Facts facts) {
        this.facts = facts;
        now = facts.head().micros();
    }

    static List<Leg> of(Facts facts) {
        return new Route(facts).legs();
    }

    private List<Leg> legs() {
        Place at = last();
        String path = "";
        long until = at == null ? 0 : at.run.endOr(now);
        Set<Run> here = new HashSet<>(); // where the path was at this moment already
        while (at != null && legs.size() < MOST_LEGS && here.add(at.run)) {
            Pause pause = lastPause(at.run, until);
            long from = Math.min(until, pause == null ? at.run.begin() : pause.to());
            if (from < until) {
                legs.add(new Leg(at.step.name(), from, until, path));
                here.clear();
            }
            if (pause == null) {
                break;
            }
            at = other(pause, at);
            path = pause.path();
            until = at == null ? from : Math.min(from, at.run.endOr(now));
        }
        return legs;
    }

    private @Nullable Place last() {
        Place last = null;
        for (Step step : facts.steps()) {
            for (Run run : step.runs()) {
                if (last == null || run.endOr(now) > last.run.endOr(now)) {
                    last = new Place(step, run);
                }
            }
        }
        return last;
    }

    /** The wait that ended last before a moment, or was not over then. */
    private @Nullable Pause lastPause(Run run, long until) {
        Pause last = null;
        for (Pause pause : run.pauses()) {
            long length = pause.to() - pause.from();
            boolean counts = pause.waited() >= HARDLY * length && pause.waited() >= SHORT * now;
            if (counts && pause.from() < until && (last == null || pause.to() > last.to())) {
                last = pause;
            }
        }
        return last;
    }

    /** The run of a step on which a wait hung: who writes the file, or, for room, who reads it. */
    private @Nullable Place other(Pause pause, Place waiting) {
        Place found = null;
        for (String name : others(pause, waiting)) {
            for (Step step : facts.steps()) {
                Place place = step.name().equals(name) ? nearest(step, pause.to(), waiting) : null;
                if (place != null && (found == null || distance(place, pause) < distance(found, pause))) {
                    found = place;
                }
            }
        }
        return found;
    }

    /** Of a directory of which the flow says only what comes into it, those count that write there what the one who waits reads. */
    private Set<String> others(Pause pause, Place waiting) {
        Set<String> names = new LinkedHashSet<>();
        for (Facts.File file : facts.files()) {
            if (file.path().equals(pause.path())) {
                names.addAll(pause.reason().equals("room") ? file.consumers() : file.producers());
            }
        }
        if (names.isEmpty()) {
            String start = pause.path().equals(".") ? "" : pause.path() + "/";
            for (Facts.File file : facts.files()) {
                if (file.path().startsWith(start) && file.consumers().contains(waiting.step.name())) {
                    names.addAll(file.producers());
                }
            }
        }
        return names;
    }

    /** Among the runs of a step, that whose end is the nearest to a moment, or that went on then. */
    private @Nullable Place nearest(Step step, long moment, Place but) {
        Place found = null;
        for (Run run : step.runs()) {
            Place place = new Place(step, run);
            boolean isNearer = found == null || far(run, moment) < far(found.run, moment);
            if (!run.equals(but.run) && run.begin() < moment && isNearer) {
                found = place;
            }
        }
        return found;
    }

    private long far(Run run, long moment) {
        return Math.max(0, moment - run.endOr(now));
    }

    private long distance(Place place, Pause pause) {
        return far(place.run, pause.to());
    }
}
