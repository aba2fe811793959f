package dev.sluice.cli;

import dev.sluice.cli.Sightings.Read;
import dev.sluice.cli.Sightings.Trace;
import dev.sluice.cli.Sightings.Turn;
import dev.sluice.cli.Sightings.Written;
import dev.sluice.language.CommitRule;
import dev.sluice.language.FireRule;
import dev.sluice.language.Flow;
import dev.sluice.language.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The flow that was seen: under which the same steps, at the same time, read what they read one after the other.
 * What is not sure waits. One thread at a time.
 */
final class Inference {
    private final List<Turn> turns;
    private final List<Trace> traces;
    private final Map<String, Trace> byPath = new HashMap<>();
    private final Set<String> steps = new LinkedHashSet<>();
    private final Set<String> conflicts = new LinkedHashSet<>();
    private final Set<String> doubts = new LinkedHashSet<>();
    private final List<Overlap.Link> links = new ArrayList<>();
    private final Map<Group, List<Trace>> groups = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    /** With whom everything is alike. */
    private record Group(
            String folder, String maker, List<String> readers, CommitRule commit, FireRule fire, String manner) {}

    /**
     * What was found of a path, or of several that are alike.
     *
     * @param paths as the flow writes them
     * @param files how many files they are
     * @param maker the step that writes them; empty when they were there
     * @param readers the steps that read them
     * @param commit when they are complete
     * @param fire when readers may start
     * @param manner how they are written and read, in words
     */
    record Finding(
            List<String> paths,
            int files,
            String maker,
            List<String> readers,
            CommitRule commit,
            FireRule fire,
            String manner) {
        boolean hasRule() {
            return !maker.isEmpty() && !readers.isEmpty() && !isUsual();
        }

        private boolean isUsual() {
            return commit instanceof CommitRule.OnTermination && fire == FireRule.UPDATE;
        }
    }

    Inference(Sightings sightings) {
        turns = sightings.turns();
        traces = sightings.traces();
        turns.forEach(turn -> steps.add(turn.step));
        traces.forEach(trace -> byPath.put(trace.path, trace));
        for (Trace trace : traces) {
            if (!trace.isDirectory) {
                file(trace);
            } else {
                directory(trace);
            }
        }
        // What was looked for and never made, as by who counts on until there is no next one, is no other file.
        Collection<String> all = traces.stream()
                .filter(trace -> trace.wasThere || !trace.makers.isEmpty())
                .map(trace -> trace.path)
                .toList();
        groups.forEach((group, items) -> {
            List<String> paths =
                    Likeness.of(items.stream().map(trace -> trace.path).toList(), all);
            findings.add(new Finding(
                    paths, items.size(), group.maker, group.readers, group.commit, group.fire, group.manner));
        });
    }

    /** Why these steps cannot run at the same time, if so. */
    List<String> conflicts() {
        return List.copyOf(conflicts);
    }

    /** What may come out differently. */
    List<String> doubts() {
        return List.copyOf(doubts);
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** {@return how long the steps took one after the other, in nanoseconds} */
    long inTurn() {
        return turns.stream().mapToLong(turn -> turn.end - turn.begin).sum();
    }

    /** {@return how long they would take at the same time} */
    long atOnce() {
        return Overlap.nanos(turns, links);
    }

    private String step(int turn) {
        return turns.get(turn).step;
    }

    private void file(Trace trace) {
        Set<Integer> changers = new TreeSet<>(trace.makers);
        changers.addAll(trace.removers);
        changers.addAll(trace.makers.isEmpty() ? Set.of() : trace.written.writers);
        if (changers.size() > 1) {
            conflicts.add(trace.path + " is written, changed, renamed or removed by " + names(changers)
                    + ", which cannot be at the same time; make one step of these, or let each write a file of"
                    + " its own");
            return;
        }
        if (changers.isEmpty()) {
            Set<String> readers = new LinkedHashSet<>();
            trace.reads.forEach((turn, read) -> {
                if (read.isOpened) {
                    readers.add(step(turn));
                }
            });
            if (!readers.isEmpty()) {
                add(trace, "", readers, CommitRule.onTermination(), FireRule.UPDATE, "there before the run");
            }
            return;
        }
        int maker = changers.iterator().next();
        Map<Integer, Read> consumers = consumers(trace, maker);
        if (trace.isThere && trace.path.indexOf('\ufffd') >= 0) {
            conflicts.add("the name of " + trace.path + " is no UTF-8, so no flow can speak of it; name it otherwise");
        } else if (trace.isThere && trace.isMovedAlong && !consumers.isEmpty()) {
            conflicts.add("step " + step(maker) + " renames the directory in which " + trace.path
                    + " is: nobody can wait for a file that comes so; let it make the files in " + folder(trace.path));
        } else if (trace.isThere) {
            made(trace, maker, consumers);
        }
    }

    private Map<Integer, Read> consumers(Trace trace, int maker) {
        Map<Integer, Read> consumers = new TreeMap<>();
        trace.reads.forEach((turn, read) -> {
            if (turn == maker) {
                return;
            }
            if (turn > maker && step(turn).equals(step(maker))) {
                conflicts.add("one run of step " + step(turn) + " reads " + trace.path
                        + ", which another run of it writes; give one of them another name");
            } else if (turn > maker) {
                consumers.put(turn, read);
            } else if (read.isOpened) {
                conflicts.add("step " + step(turn) + " reads " + trace.path + " before step " + step(maker)
                        + " changes it; let that one write another file");
            } else {
                doubts.add("step " + step(turn) + " asks for " + trace.path + ", which step " + step(maker)
                        + " changes later: at the same time it may find the new one");
            }
        });
        for (int turn : trace.missed) {
            if (turn < maker) {
                doubts.add("step " + step(turn) + " looks for " + trace.path + ", which step " + step(maker)
                        + " makes later: at the same time it may be there");
            }
        }
        for (int turn : listers(trace.path).keySet()) {
            if (turn > maker && !step(turn).equals(step(maker))) {
                consumers.putIfAbsent(turn, new Read());
            } else if (turn < maker) {
                doubts.add("step " + step(turn) + " lists " + shown(folder(trace.path)) + ", where step " + step(maker)
                        + " makes files later: at the same time it may find some of them");
            }
        }
        return consumers;
    }

    /** Who has listed the directory in which a file is, and when. */
    private Map<Integer, Long> listers(String path) {
        Trace folder = byPath.get(folder(path));
        return folder == null ? Map.of() : folder.listed;
    }

    private void made(Trace trace, int maker, Map<Integer, Read> consumers) {
        Written written = trace.written;
        Set<String> readers = new LinkedHashSet<>();
        consumers.keySet().forEach(turn -> readers.add(step(turn)));
        boolean isRead = consumers.values().stream().anyMatch(read -> read.isOpened);
        boolean isForward = consumers.values().stream().allMatch(read -> !read.isOpened || read.isForward);
        boolean isInOrder = written.isInOrder && !written.isRenamed && written.closes > 0;
        boolean isCompleteAtItsClose = written.closes == 1 && !written.isChangedAfterwards;
        CommitRule commit = isCompleteAtItsClose ? CommitRule.onClose() : CommitRule.onTermination();
        FireRule fire = isInOrder && isRead && isForward ? FireRule.NO_UPDATE : FireRule.UPDATE;
        String manner = written.closes == 0
                ? "made"
                : (isInOrder
                                ? "written from start to end"
                                : written.isRenamed
                                        ? "written under another name"
                                        : "written anew, out of order, or over what was there")
                        + (isCompleteAtItsClose
                                ? " and closed once"
                                : written.closes == 1
                                        ? ", and changed after its close"
                                        : ", and closed more than once");
        if (!readers.isEmpty()) {
            manner += !isRead
                    ? "; only its name is used"
                    : isForward ? "; read from start to end" : "; not read from start to end";
        }
        add(trace, step(maker), readers, commit, fire, manner);
        boolean streams = fire == FireRule.NO_UPDATE;
        long end = turns.get(maker).end;
        long complete = commit instanceof CommitRule.OnClose ? Math.min(written.last, end) : end;
        consumers.forEach((turn, read) -> {
            Long listed = listers(trace.path).get(turn);
            if (listed != null) {
                links.add(new Overlap.Link(maker, end, end, turn, listed, listed));
            }
            if (read.isOpened) {
                long begins = streams ? Math.min(written.first, complete) : complete;
                links.add(new Overlap.Link(maker, begins, complete, turn, read.first, Math.max(read.first, read.last)));
            }
        });
    }

    private void add(Trace trace, String maker, Set<String> readers, CommitRule commit, FireRule fire, String manner) {
        groups.computeIfAbsent(
                        new Group(folder(trace.path), maker, List.copyOf(readers), commit, fire, manner),
                        _ -> new ArrayList<>())
                .add(trace);
    }

    /** Who makes a directory in which others write is not waited for. */
    private void directory(Trace directory) {
        if (directory.makers.isEmpty() || !directory.isThere) {
            return;
        }
        int maker = directory.makers.iterator().next();
        Set<String> others = new LinkedHashSet<>();
        for (Trace trace : traces) {
            if (trace.path.startsWith(directory.path + "/") && trace.isThere) {
                trace.makers.stream().filter(turn -> turn > maker).forEach(turn -> others.add(step(turn)));
            }
        }
        directory.reads.keySet().stream()
                .filter(turn -> turn > maker && !readsInside(directory.path, turn, maker))
                .forEach(turn -> others.add(step(turn)));
        others.remove(step(maker));
        for (String other : others) {
            doubts.add("step " + other + " uses the directory " + directory.path + ", which step " + step(maker)
                    + " makes: nobody waits for that, so let it make the directory too if there is none (mkdir -p)");
        }
    }

    private boolean readsInside(String path, int turn, int maker) {
        return traces.stream()
                .anyMatch(trace -> trace.path.startsWith(path + "/")
                        && trace.reads.containsKey(turn)
                        && trace.makers.contains(maker));
    }

    private String names(Set<Integer> some) {
        Set<String> names = new LinkedHashSet<>();
        some.forEach(turn -> names.add(step(turn)));
        return names.size() == 1
                ? "several runs of step " + names.iterator().next()
                : "the steps " + String.join(", ", names);
    }

    private static String folder(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    private static String shown(String folder) {
        return folder.isEmpty() ? "the managed directory" : folder;
    }

    /** The flow. */
    Flow flow(String name) {
        Flow.Builder flow = Flow.builder(name);
        for (String step : steps) {
            List<String> inputs = new ArrayList<>();
            List<String> outputs = new ArrayList<>();
            Map<List<Object>, List<String>> rules = new LinkedHashMap<>();
            for (Finding finding : findings) {
                if (finding.maker().equals(step)) {
                    outputs.addAll(finding.paths());
                    if (finding.hasRule()) {
                        rules.computeIfAbsent(List.of(finding.commit(), finding.fire()), _ -> new ArrayList<>())
                                .addAll(finding.paths());
                    }
                } else if (finding.readers().contains(step)) {
                    inputs.addAll(finding.paths());
                }
            }
            List<Rule> all = new ArrayList<>();
            rules.forEach((key, paths) ->
                    all.add(new Rule(Rule.Kind.FILE, paths, (CommitRule) key.getFirst(), (FireRule) key.getLast())));
            flow.step(step, inputs, outputs, all.toArray(Rule[]::new));
        }
        return flow.build();
    }
}
