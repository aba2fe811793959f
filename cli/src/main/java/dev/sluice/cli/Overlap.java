package dev.sluice.cli;

import dev.sluice.cli.Sightings.Turn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long steps would take at the same time that were seen one after the other: each goes on as it did, but that it waits
 * for what it reads. An estimate: as if each had a processor and a disk for itself. One thread at a time.
 */
final class Overlap {
    /**
     * A file on its way from turn to turn; times are those that were seen.
     *
     * @param from who writes it
     * @param begins when there is something to read
     * @param ends when it is complete
     * @param to who reads it
     * @param opened when that one wanted it
     * @param finished when that one had its end
     */
    record Link(int from, long begins, long ends, int to, long opened, long finished) {}

    /** By how much a turn is late from which moment of its own on. */
    private final List<TreeMap<Long, Long>> delays = new ArrayList<>();

    private final List<Turn> turns;

    private Overlap(List<Turn> turns) {
        this.turns = turns;
    }

    /** {@return when all is over, in nanoseconds after all have begun} */
    static long nanos(List<Turn> turns, List<Link> links) {
        return new Overlap(turns).simulate(links);
    }

    private record Need(long moment, int from, long event) {}

    private long simulate(List<Link> links) {
        long over = 0;
        for (int turn = 0; turn < turns.size(); turn++) {
            int me = turn;
            TreeMap<Long, Long> mine = new TreeMap<>(Map.of(Long.MIN_VALUE, 0L));
            delays.add(mine);
            List<Need> needs = new ArrayList<>();
            links.stream().filter(link -> link.to() == me).forEach(link -> {
                needs.add(new Need(link.opened(), link.from(), link.begins()));
                needs.add(new Need(link.finished(), link.from(), link.ends()));
            });
            needs.sort(Comparator.comparingLong(Need::moment));
            for (Need need : needs) {
                long late = at(need.from(), need.event()) - at(me, need.moment());
                if (late > 0) {
                    mine.merge(need.moment(), mine.lastEntry().getValue() + late, Math::max);
                }
            }
            over = Math.max(over, at(me, turns.get(me).end));
        }
        return over;
    }

    /** When a turn would come to a moment of its own, after all have begun. */
    private long at(int turn, long moment) {
        return moment
                - turns.get(turn).begin
                + delays.get(turn).floorEntry(moment).getValue();
    }
}
