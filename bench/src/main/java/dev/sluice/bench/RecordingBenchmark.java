package dev.sluice.bench;

import dev.sluice.language.Flow;
import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Handle;
import dev.sluice.stream.Limits;
import dev.sluice.stream.Parked;
import dev.sluice.stream.Refusal;
import dev.sluice.stream.Request;
import dev.sluice.stream.Session;
import dev.sluice.stream.Workflow;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs that each read and write of a file that flows is recorded: the tree's own part of a request, without the kernel's
 * and the mount's, which take many times as long. The slower of two forms of the same is the one that is recorded.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RecordingBenchmark {
    private static final int BYTES = 4096;
    private static final String UNRECORDED = "-Ddev.sluice.record=no";

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(BYTES);
    private Path directory;
    private Workflow workflow;
    private Call maker;
    private Call user;
    private Handle writer;
    private Handle reader;

    private static final class Call extends Request {
        private final Session session;

        Call(Session session) {
            this.session = session;
        }

        @Override
        public int task() {
            return 0;
        }

        @Override
        public int user() {
            return 0;
        }

        @Override
        public int group() {
            return 0;
        }

        @Override
        public @Nullable Session session() {
            return session;
        }

        @Override
        protected void resume() {}
    }

    /** A file that grows, and is open for who writes and who reads it. */
    @Setup(Level.Trial)
    public void open() throws IOException, Refusal, Parked {
        directory = Files.createTempDirectory("sluice-bench");
        Flow flow = Flow.builder("bench")
                .step("make", List.of(), List.of("data"))
                .step("use", List.of("data"), List.of())
                .build();
        workflow = Workflow.open(directory, flow, Keep.NONE, new Limits(1 << 20, null));
        maker = new Call(workflow.start("make"));
        user = new Call(workflow.start("make"));
        writer = workflow.tree().create(maker, workflow.tree().root(), "data", OpenFlag.READ_WRITE.bits(), 0644);
        reader = workflow.tree().open(user, writer.node(), OpenFlag.READ_WRITE.bits());
        int _ = write();
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        workflow.close();
        Files.delete(directory);
        arena.close();
    }

    private int write() throws Refusal, Parked {
        return workflow.tree().write(maker, writer, 0, BYTES, memory::address, false);
    }

    private int read() throws Refusal, Parked {
        return workflow.tree().read(user, reader, 0, BYTES, memory::address);
    }

    @Benchmark
    @Fork(3)
    public int writeRecorded() throws Refusal, Parked {
        return write();
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = UNRECORDED)
    public int writeUnrecorded() throws Refusal, Parked {
        return write();
    }

    @Benchmark
    @Fork(3)
    public int readRecorded() throws Refusal, Parked {
        return read();
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = UNRECORDED)
    public int readUnrecorded() throws Refusal, Parked {
        return read();
    }
}
