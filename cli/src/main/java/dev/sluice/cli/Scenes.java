package dev.sluice.cli;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.sluice.aio.AsyncFile;
import dev.sluice.aio.Context;
import dev.sluice.aio.ContextBuilder;
import dev.sluice.cli.Chart.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the demo shows, one after the other. For one thread. */
final class Scenes {
    private final Screen screen;
    private final Context context;
    private final Scratch scratch;
    private final long size;
    private final Content content = new Content(System.nanoTime());

    Scenes(Screen screen, Context context, Scratch scratch, long size) {
        this.screen = screen;
        this.context = context;
        this.scratch = scratch;
        this.size = size;
    }

    /**
     * Shows it all.
     *
     * @param narrow whether the files are as large as there is room for, and would else be larger
     */
    void show(boolean narrow) throws Exception {
        contexts();
        String room = narrow ? ", where there is room for no larger ones" : "";
        screen.entry("files    ", "in " + scratch.parent() + room + ", removed at the end");
        Path original = scratch.file("original");
        Path copy = scratch.file("copy");
        try (AsyncFile file = AsyncFile.open(original, context, READ, WRITE, CREATE_NEW);
                AsyncFile other = AsyncFile.open(copy, context, READ, WRITE, CREATE_NEW)) {
            String checksum = write(file);
            copy(file, other, checksum);
        }
        readAtRandom(original);
        lines(scratch.file("text"));
        statistics();
    }

    private void contexts() {
        screen.heading("What executes asynchronous file operations here");
        for (Context.Kind kind : Context.Kind.values()) {
            Optional<String> obstacle = ContextBuilder.whyNot(kind);
            String text = obstacle.map(why -> "not available: " + why).orElse("available");
            if (context.kind() == kind) {
                boolean fallback = ContextBuilder.whyNot(Context.Kind.URING).equals(Optional.of(context.reason()));
                text += ", chosen: " + (fallback ? "uring is not available" : context.reason());
            }
            screen.entry(String.format(Locale.ROOT, "%-9s", kind.name().toLowerCase(Locale.ROOT)), text);
        }
    }

    private String write(AsyncFile file) throws Exception {
        screen.heading("Write " + Figures.bytes(size) + " in random order, in ranges of "
                + Figures.bytes(RangeWrites.RANGE) + ", up to " + RangeWrites.inFlight(context, size)
                + " of them in flight");
        Progress progress = new Progress(screen, size);
        int most = new RangeWrites(context, content).write(file, size, progress);
        screen.text(progress.end() + "; there were " + most + " in flight");
        return verify(file, "what was meant");
    }

    private void copy(AsyncFile source, AsyncFile target, String checksum) throws Exception {
        screen.heading("Copy it, " + ParallelCopy.CHUNKS + " chunks of " + Figures.bytes(ParallelCopy.CHUNK)
                + " in flight on virtual threads");
        Progress progress = new Progress(screen, size);
        new ParallelCopy(context).copy(source, target, progress);
        screen.text(progress.end());
        String found = verify(target, "the same bytes");
        if (!found.equals(checksum)) {
            throw new IllegalStateException("checksums differ: " + checksum + " and " + found);
        }
    }

    private String verify(AsyncFile file, String as) throws Exception {
        Progress progress = new Progress(screen, size);
        String checksum = content.verified(file, size, progress);
        String speed = progress.end();
        screen.verified("byte for byte " + as + ": checksum " + checksum + "; read " + speed);
        return checksum;
    }

    private void readAtRandom(Path file) throws Exception {
        screen.heading("Read it at random, " + Figures.bytes(RandomBlock.BYTES) + " at a time");
        screen.faint("Everything is in the page cache. These are measurements of this run, no benchmark.");
        RandomReads reads = new RandomReads(file, context, content, size);
        Row channel = row(reads, "AsynchronousFileChannel, 64 in flight", false, reads::asynchronousChannel);
        Row single = row(reads, "FileChannel, 1 thread", false, reads::channel);
        Row many = row(reads, "FileChannel, 64 virtual threads", false, reads::channelOnVirtualThreads);
        Row futures = row(reads, "Sluice, 1 thread, 64 futures", true, reads::futures);
        Row virtual = row(reads, "Sluice, 64 virtual threads", true, reads::virtualThreads);
        new Chart(screen).print(List.of(futures, virtual, channel, single, many), channel);
        screen.verified("every block was the right one");
    }

    private Row row(RandomReads reads, String name, boolean ours, RandomReads.Way way) throws Exception {
        screen.live(Wrap.cut("  " + name + " ...", screen.ability().width() - 1));
        double perSecond = reads.perSecond(way);
        screen.endLive();
        return new Row(name, perSecond, ours);
    }

    private void lines(Path path) throws Exception {
        try (AsyncFile file = AsyncFile.open(path, context, READ, WRITE, CREATE_NEW)) {
            long lines = TextLines.write(file, size / 8);
            screen.heading("Read " + Figures.bytes(file.size()) + " of text by lines");
            TextLines.read(file, lines); // warms up
            long begin = System.nanoTime();
            TextLines.read(file, lines);
            double seconds = (System.nanoTime() - begin) / 1e9;
            screen.verified(Figures.count(lines) + " lines in " + Figures.seconds(seconds) + ", "
                    + Figures.count(Math.round(lines / seconds)) + " lines/s, each the right one");
        }
    }

    private void statistics() {
        Context.Statistics done = context.statistics();
        boolean ring = context.kind() == Context.Kind.URING;
        screen.heading("Operations of the context");
        screen.entry(
                String.format(Locale.ROOT, "%7s  ", Figures.count(done.here())),
                "asynchronous ones done at once on the calling thread: nothing had to be waited for");
        screen.entry(
                String.format(Locale.ROOT, "%7s  ", Figures.count(done.handedOver())),
                ring
                        ? "handed to the ring, whose thread made " + Figures.count(done.systemCalls())
                                + " system calls for them"
                        : "handed to the threads");
    }
}
