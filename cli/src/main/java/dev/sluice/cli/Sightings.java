package dev.sluice.cli;

import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Handle;
import dev.sluice.stream.Node;
import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What steps that ran one after the other were seen to do with files. Told by many threads; read when all is over, and nothing
 * is mounted any more.
 */
final class Sightings implements Workflow.Observer {
    private static final int ACCESS = 3;

    private final LongSupplier clock;
    private final List<Turn> turns = new ArrayList<>();
    private final Map<Session, Integer> numbers = new HashMap<>();
    private final TreeMap<String, Trace> traces = new TreeMap<>();
    private final Map<Long, Trace> byNode = new HashMap<>();
    private final Map<Handle, Open> open = new HashMap<>();

    /** One step's turn; times are in nanoseconds. */
    static final class Turn {
        final String step;
        final long begin;
        long end;

        Turn(String step, long begin) {
            this.step = step;
            this.begin = begin;
        }
    }

    /** How the bytes of a file came into being. */
    static final class Written {
        /** Whether each write came right behind the one before, from the beginning on. */
        boolean isInOrder = true;

        boolean isRenamed;

        /** Was something changed by the name when nobody had the file open for writing any more, such as its mode? */
        boolean isChangedAfterwards;

        int closes;
        long size;
        long first = Long.MAX_VALUE;
        long last;
        final Set<Integer> writers = new LinkedHashSet<>();
    }

    /** How a turn has read a file. */
    static final class Read {
        /** Has it opened it, or only asked whether it is there, and what it is like? */
        boolean isOpened;

        /** Was it read from the beginning up to its end, each time? */
        boolean isForward = true;

        long first = Long.MAX_VALUE;
        long last;
    }

    /** What has happened to a path. Turns are counted from 0. */
    static final class Trace {
        final String path;
        final boolean wasThere;
        boolean isThere;
        boolean isDirectory;

        /** Has it got its path because its directory got another name? */
        boolean isMovedAlong;

        final Set<Integer> makers = new LinkedHashSet<>();
        final Set<Integer> removers = new LinkedHashSet<>();
        final Set<Integer> missed = new LinkedHashSet<>();
        /** Who has listed this directory, and when first. */
        final Map<Integer, Long> listed = new TreeMap<>();

        final Map<Integer, Read> reads = new TreeMap<>();
        Written written = new Written();
        private long node;

        Trace(String path, boolean wasThere) {
            this.path = path;
            this.wasThere = wasThere;
            isThere = wasThere;
            written.isInOrder = !wasThere;
        }

        private Read read(int turn) {
            return reads.computeIfAbsent(turn, _ -> new Read());
        }
    }

    private static final class Open {
        final Trace trace;
        final Written written;
        final int turn;
        final int flags;

        /** Who opens what another one has made for reading and writing may only read: a writer is who writes then. */
        boolean writes;

        long next;
        boolean isForward;
        boolean hasSeenEnd;

        Open(Trace trace, int turn, int flags) {
            this.trace = trace;
            written = trace.written;
            this.turn = turn;
            this.flags = flags;
            int access = flags & ACCESS;
            boolean isAnew = (flags & OpenFlag.TRUNCATE.bits()) != 0 || trace.makers.contains(turn);
            writes = access == OpenFlag.READ_WRITE.bits() ? isAnew : access != OpenFlag.READ_ONLY.bits();
            isForward = access == OpenFlag.READ_ONLY.bits();
        }
    }

    /** Nothing was seen yet; the clock counts nanoseconds. */
    Sightings(LongSupplier clock) {
        this.clock = clock;
    }

    /** A step's turn begins; the one before has ended. */
    synchronized void begin(String step) {
        turns.add(new Turn(step, clock.getAsLong()));
    }

    synchronized void end() {
        turns.getLast().end = clock.getAsLong();
    }

    synchronized List<Turn> turns() {
        return List.copyOf(turns);
    }

    /** {@return what has happened to which path, in the order of the paths} */
    synchronized List<Trace> traces() {
        return List.copyOf(traces.values());
    }

    private int turn(Session session) {
        return numbers.computeIfAbsent(session, _ -> turns.size() - 1);
    }

    private Trace trace(String path, boolean wasThere) {
        return traces.computeIfAbsent(path, _ -> new Trace(path, wasThere));
    }

    private Trace trace(String path, Node node, boolean wasThere) {
        Trace trace = trace(path, wasThere);
        trace.isDirectory = node.isDirectory();
        trace.node = node.id();
        byNode.put(node.id(), trace);
        return trace;
    }

    @Override
    public synchronized void looked(Session session, String path, @Nullable Node found) {
        if (found == null) {
            trace(path, false).missed.add(turn(session));
        } else {
            trace(path, found, true).read(turn(session));
        }
    }

    @Override
    public synchronized void listed(Session session, String path) {
        Trace trace = trace(path, true);
        trace.isDirectory = true;
        trace.listed.putIfAbsent(turn(session), clock.getAsLong());
    }

    @Override
    public synchronized void made(Session session, String path, Node node) {
        Trace before = byNode.get(node.id());
        Trace trace = trace(path, node, false);
        trace.isThere = true;
        trace.isMovedAlong = false;
        trace.makers.add(turn(session));
        // Another name of the same bytes, or new ones.
        trace.written = before != null && !node.isDirectory() ? before.written : new Written();
        trace.written.writers.add(turn(session));
    }

    @Override
    public synchronized void opened(Session session, Handle handle, String path, int flags) {
        int turn = turn(session);
        Node node = handle.node();
        Trace trace = path.isEmpty()
                ? byNode.computeIfAbsent(node.id(), _ -> new Trace("", false)) // without a name until it is linked
                : trace(path, node, true);
        Open file = new Open(trace, turn, flags);
        if (file.writes) {
            beginToWrite(file);
        } else {
            Read read = trace.read(turn);
            read.isOpened = true;
            read.first = Math.min(read.first, clock.getAsLong());
        }
        open.put(handle, file);
    }

    /** Whoever does not empty a file may write over what is there, in this run or in the next one. */
    private static void beginToWrite(Open file) {
        Trace trace = file.trace;
        Written written = file.written;
        int flags = file.flags;
        if ((flags & OpenFlag.TRUNCATE.bits()) != 0) {
            boolean isFirst = written.writers.isEmpty() && trace.wasThere;
            written.isInOrder = written.size == 0 && (written.isInOrder || isFirst);
            written.size = 0;
        } else if ((flags & (OpenFlag.APPEND.bits() | OpenFlag.EXCLUSIVE.bits())) == 0) {
            written.isInOrder = false;
        }
        file.writes = true;
        trace.makers.add(file.turn);
        written.writers.add(file.turn);
    }

    @Override
    public synchronized void read(Handle handle, long offset, int count) {
        Open file = open.get(handle);
        if (file == null) {
            return;
        }
        file.isForward &= offset == file.next;
        file.next = offset + count;
        file.hasSeenEnd |= count == 0;
        if (!file.writes) {
            file.trace.read(file.turn).last = clock.getAsLong();
        }
    }

    @Override
    public synchronized void written(Handle handle, long offset, int count) {
        Open file = open.get(handle);
        if (file == null) {
            return;
        }
        if (!file.writes) {
            beginToWrite(file);
        }
        Written written = file.written;
        long at = offset == END ? written.size : offset;
        written.isInOrder &= at == written.size;
        written.size = Math.max(written.size, at + count);
        written.first = Math.min(written.first, clock.getAsLong());
    }

    @Override
    public synchronized void changed(Session session, Node node, boolean hasOtherBytes) {
        Trace trace = byNode.get(node.id());
        if (trace != null) {
            trace.makers.add(turn(session));
            trace.written.isInOrder &= !hasOtherBytes;
            trace.written.isChangedAfterwards |= trace.written.closes > 0 && !isBeingWritten(trace.written);
        }
    }

    private boolean isBeingWritten(Written written) {
        return open.values().stream().anyMatch(file -> file.writes && file.written == written);
    }

    @Override
    public synchronized void closed(Handle handle) {
        Open file = open.remove(handle);
        if (file == null) {
            return;
        }
        long now = clock.getAsLong();
        if (file.writes) {
            file.written.closes++;
            file.written.last = now;
        } else {
            Read read = file.trace.read(file.turn);
            read.isForward &= file.isForward && file.hasSeenEnd;
            read.last = Math.max(read.last, read.first);
        }
    }

    @Override
    public synchronized void moved(Session session, String from, String to, boolean exchanges) {
        int turn = turn(session);
        List<Trace> here = below(from);
        List<Trace> there = exchanges ? below(to) : List.of();
        Map<Trace, Written> bytes = new HashMap<>();
        here.forEach(trace -> bytes.put(trace, trace.written));
        there.forEach(trace -> bytes.put(trace, trace.written));
        here.forEach(
                trace -> move(trace, to + trace.path.substring(from.length()), bytes, turn, !trace.path.equals(from)));
        there.forEach(
                trace -> move(trace, from + trace.path.substring(to.length()), bytes, turn, !trace.path.equals(to)));
        if (!exchanges) {
            here.forEach(trace -> leave(trace, turn));
        }
    }

    private List<Trace> below(String path) {
        List<Trace> found =
                new ArrayList<>(traces.subMap(path, true, path, true).values());
        found.addAll(traces.subMap(path + "/", path + (char) ('/' + 1)).values());
        found.removeIf(trace -> !trace.isThere);
        return found;
    }

    private void move(Trace old, String to, Map<Trace, Written> bytes, int turn, boolean isAlong) {
        Trace trace = trace(to, false);
        trace.isThere = true;
        trace.isDirectory = old.isDirectory;
        trace.isMovedAlong = isAlong;
        trace.makers.add(turn);
        trace.written = bytes.getOrDefault(old, old.written);
        trace.written.isRenamed = true;
        trace.node = old.node;
        byNode.put(trace.node, trace);
    }

    private static void leave(Trace trace, int turn) {
        trace.isThere = false;
        trace.removers.add(turn);
    }

    @Override
    public synchronized void removed(Session session, String path) {
        leave(trace(path, true), turn(session));
    }
}
