package dev.sluice.bench;

import dev.sluice.aio.AsyncFile;
import dev.sluice.aio.Context;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What one operation costs and allocates (with {@code -prof gc}), page cache hot, beside {@code FileChannel}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class OperationBenchmark {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 1024;

    /** The context. */
    @Param({"URING", "THREADS"})
    public Context.Kind kind;

    private Path path;
    private Context context;
    private AsyncFile file;
    private FileChannel channel;
    private MemorySegment segment;
    private ByteBuffer buffer;
    private long at;

    /** Makes a file and reads it once. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        path = Files.createTempFile("sluice-bench", ".data");
        Files.write(path, new byte[BLOCK * BLOCKS]);
        context = Context.builder().kind(kind).open();
        file = AsyncFile.open(path, context, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        segment = context.buffers(1, BLOCK).get(0);
        buffer = ByteBuffer.allocateDirect(BLOCK);
    }

    /** Removes it. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        channel.close();
        file.close();
        context.close();
        Files.delete(path);
    }

    private long next() {
        at = (at + 389) & (BLOCKS - 1);
        return at * BLOCK;
    }

    @Benchmark
    public long readSegment() throws IOException {
        return file.read(segment, next());
    }

    @Benchmark
    public long readBuffer() throws IOException {
        return file.read(buffer.clear(), next());
    }

    @Benchmark
    public long readSegmentAsync() {
        return file.readAsync(segment, next()).join();
    }

    @Benchmark
    public long readBufferAsync() {
        return file.readAsync(buffer.clear(), next()).join();
    }

    @Benchmark
    public void writeSegment() throws IOException {
        file.write(segment, next());
    }

    @Benchmark
    public long writeSegmentAsync() {
        return file.writeAsync(segment, next()).join();
    }

    @Benchmark
    public long channelRead() throws IOException {
        return channel.read(buffer.clear(), next());
    }

    @Benchmark
    public long channelWrite() throws IOException {
        return channel.write(buffer.clear(), next());
    }
}
