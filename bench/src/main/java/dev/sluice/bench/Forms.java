package dev.sluice.bench;

import com.sun.nio.file.ExtendedOpenOption;
import dev.sluice.aio.AsyncFile;
import dev.sluice.aio.Buffers;
import dev.sluice.aio.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/** The ways in which each participant can be used; each opens what it needs and gives it back when closed. */
final class Forms implements AutoCloseable {
    /** Every form that runs in a JVM. */
    static final List<String> NAMES = List.of(
            "uring-1-thread",
            "uring-threads",
            "uring-virtual",
            "uring-futures",
            "uring-loop",
            "threads-threads",
            "threads-virtual",
            "threads-futures",
            "filechannel-1-thread",
            "filechannel-threads",
            "filechannel-virtual",
            "async-channel",
            "jasyncfio");

    private static final ThreadFactory PLATFORM = Thread.ofPlatform().factory();
    private static final ThreadFactory VIRTUAL = Thread.ofVirtual().factory();

    private final Cell cell;
    private final Path file;
    private final long size;
    private final ArrayDeque<AutoCloseable> opened = new ArrayDeque<>();

    Forms(Cell cell, Path file, long size) {
        this.cell = cell;
        this.file = file;
        this.size = size;
    }

    Load open(String name) throws Exception {
        int dash = name.indexOf('-');
        String form = name.substring(dash + 1);
        return switch (name.substring(0, Math.max(dash, 0))) {
            case "uring" -> sluice(Context.Kind.URING, form);
            case "threads" -> sluice(Context.Kind.THREADS, form);
            case "filechannel" -> fileChannel(form);
            case "async" -> asyncChannel();
            default -> jasyncfio();
        };
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    private OpenOption[] options() {
        List<OpenOption> options = new ArrayList<>();
        options.add(StandardOpenOption.READ);
        options.add(StandardOpenOption.WRITE);
        if (cell.direct()) {
            options.add(ExtendedOpenOption.DIRECT);
        }
        return options.toArray(OpenOption[]::new);
    }

    private Load sluice(Context.Kind kind, String form) throws IOException {
        Context context = keep(Context.builder()
                .kind(kind)
                .depth(Math.max(cell.depth(), 128))
                .threads(Math.max(cell.depth(), 2))
                .open());
        AsyncFile opened = keep(AsyncFile.open(file, context, options()));
        Buffers buffers = context.buffers(cell.depth(), cell.block());
        Load.Call blocking = cell.write()
                ? (issuer, offset) -> opened.write(buffers.get(issuer), offset)
                : (issuer, offset) -> opened.read(buffers.get(issuer), offset);
        Load.Start future = cell.write()
                ? (issuer, offset) -> opened.writeAsync(buffers.get(issuer), offset)
                : (issuer, offset) -> opened.readAsync(buffers.get(issuer), offset);
        return switch (form) {
            case "1-thread" -> Load.threads(cell, size, 1, PLATFORM, blocking);
            case "threads" -> Load.threads(cell, size, cell.depth(), PLATFORM, blocking);
            case "virtual" -> Load.threads(cell, size, cell.depth(), VIRTUAL, blocking);
            case "futures" -> Load.window(cell, size, future);
            default ->
                Load.callbacks(
                        cell,
                        size,
                        context,
                        (issuer, offset, done) -> future.begin(issuer, offset).thenRun(done));
        };
    }

    private ByteBuffer[] byteBuffers() {
        ByteBuffer[] buffers = new ByteBuffer[cell.depth()];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = ByteBuffer.allocateDirect(cell.block() + 4096)
                    .alignedSlice(4096)
                    .limit(cell.block())
                    .slice();
        }
        return buffers;
    }

    private Load fileChannel(String form) throws IOException {
        FileChannel channel = keep(FileChannel.open(file, options()));
        ByteBuffer[] buffers = byteBuffers();
        Load.Call call = cell.write()
                ? (issuer, offset) -> channel.write(buffers[issuer].clear(), offset)
                : (issuer, offset) -> channel.read(buffers[issuer].clear(), offset);
        return switch (form) {
            case "1-thread" -> Load.threads(cell, size, 1, PLATFORM, call);
            case "threads" -> Load.threads(cell, size, cell.depth(), PLATFORM, call);
            default -> Load.threads(cell, size, cell.depth(), VIRTUAL, call);
        };
    }

    private Load asyncChannel() throws IOException {
        AsynchronousFileChannel channel = keep(AsynchronousFileChannel.open(file, options()));
        ByteBuffer[] buffers = byteBuffers();
        CompletionHandler<Integer, Runnable> handler = new CompletionHandler<>() {
            @Override
            public void completed(Integer result, Runnable done) {
                done.run();
            }

            @Override
            public void failed(Throwable e, Runnable done) {
                e.printStackTrace();
            }
        };
        Executor here = Runnable::run;
        return cell.write()
                ? Load.callbacks(
                        cell,
                        size,
                        here,
                        (issuer, offset, done) -> channel.write(buffers[issuer].clear(), offset, done, handler))
                : Load.callbacks(
                        cell,
                        size,
                        here,
                        (issuer, offset, done) -> channel.read(buffers[issuer].clear(), offset, done, handler));
    }

    private Load jasyncfio() throws Exception {
        one.jasyncfio.EventExecutor executor = keep(one.jasyncfio.EventExecutor.builder()
                .entries(Math.max(cell.depth(), 128))
                .build());
        List<one.jasyncfio.OpenOption> options = new ArrayList<>(List.of(one.jasyncfio.OpenOption.READ_WRITE));
        if (cell.direct()) {
            options.add(one.jasyncfio.OpenOption.DIRECT);
        }
        one.jasyncfio.AsyncFile async = one.jasyncfio.AsyncFile.open(
                        file, executor, options.toArray(one.jasyncfio.OpenOption[]::new))
                .get(5, java.util.concurrent.TimeUnit.SECONDS);
        keep(() -> async.close().get(5, java.util.concurrent.TimeUnit.SECONDS));
        ByteBuffer[] buffers = byteBuffers();
        Load.Start future = cell.write()
                ? (issuer, offset) -> async.write(buffers[issuer].clear(), offset)
                : (issuer, offset) -> async.read(buffers[issuer].clear(), offset);
        return Load.window(cell, size, future);
    }

    @Override
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
