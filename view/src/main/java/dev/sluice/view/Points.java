package dev.sluice.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How several numbers have grown, at moments that are equally far apart. There are at most so many moments: when there are more,
 * every second one is forgotten, and they are twice as far apart. One thread at a time.
 */
final class Points {
    static final int MOST = 240;
    static final long FIRST_TICK = 100_000;

    private final int mostNames;
    private final int every;
    private final Map<String, Line> lines = new LinkedHashMap<>();
    private long tick = FIRST_TICK;
    private int count;

    /** What one of them was, from the moment on at which it was there. */
    private static final class Line {
        final List<Long> values = new ArrayList<>();
        int first;
        long now;
    }

    /**
     * None yet.
     *
     * @param mostNames how many numbers are followed
     * @param every of how many moments one is kept
     */
    Points(int mostNames, int every) {
        this.mostNames = mostNames;
        this.every = every;
    }

    /** What a number is now. */
    void set(String name, long value) {
        Line line = lines.get(name);
        if (line == null && lines.size() < mostNames) {
            line = new Line();
            line.first = count / every;
            lines.put(name, line);
        }
        if (line != null) {
            line.now = value;
        }
    }

    /** Takes down what the numbers are now, for all moments that have passed. */
    void pass(long now) {
        while ((count + 1) * tick <= now) {
            count++;
            if (count % every == 0) {
                lines.values().forEach(line -> line.values.add(line.now));
            }
            if (count >= MOST) {
                thin();
            }
        }
    }

    private void thin() {
        lines.values().forEach(line -> {
            List<Long> kept = new ArrayList<>(line.values.size() / 2 + 1);
            for (int i = 0; i < line.values.size(); i++) {
                if ((line.first + i) % 2 == 1) {
                    kept.add(line.values.get(i));
                }
            }
            line.values.clear();
            line.values.addAll(kept);
            line.first /= 2;
        });
        count /= 2;
        tick *= 2;
    }

    long tick() {
        return tick;
    }

    /** {@return when the next moment is} */
    long next() {
        return (count + 1) * tick;
    }

    /** {@return what a number was after each of the moments that are kept; 0 before it was there} */
    List<Long> of(String name) {
        Line line = lines.get(name);
        if (line == null) {
            return List.of();
        }
        List<Long> all = new ArrayList<>(java.util.Collections.nCopies(line.first, 0L));
        all.addAll(line.values);
        return all;
    }
}
