package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much memory an operation takes: measured in a process of its own, with the compiler that users have. */
class AllocationTest {
    private static final int ROUNDS = 100_000;
    private static final int ATTEMPTS = 6;

    /** A future, and what its answer is in. */
    private static final double FUTURE = 120;

    @TempDir
    private Path folder;

    @Test
    void blockingFormsOnDirectMemoryMakeNoObjectsAndOthersOnlyTheirFuture() {
        List<String> command = Child.java(
                Measures.class.getName(),
                Measures.class,
                List.of(),
                folder.resolve("file").toString());
        List<String> optimising = command.stream()
                .filter(each -> !each.contains("TieredStopAtLevel"))
                .toList();
        String output = Child.run(optimising).output();
        assertThat(bytes(output, "read segment")).as(output).isLessThan(1);
        assertThat(bytes(output, "write segment")).as(output).isLessThan(1);
        assertThat(bytes(output, "read buffer")).as(output).isLessThan(1);
        assertThat(bytes(output, "write buffer")).as(output).isLessThan(1);
        assertThat(bytes(output, "read future")).as(output).isLessThanOrEqualTo(FUTURE);
    }

    private static double bytes(String output, String what) {
        return output.lines()
                .filter(line -> line.startsWith(what + ": "))
                .mapToDouble(line -> Double.parseDouble(line.substring(what.length() + 2)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(output));
    }

    /** Prints bytes per operation. */
    static final class Measures {
        /** One operation. */
        @FunctionalInterface
        interface Step {
            void run(long position) throws IOException;
        }

        public static void main(String... arguments) throws Exception {
            MemorySegment memory = Sample.memory(4096);
            ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
            try (AsyncFile file = AsyncFile.open(Path.of(arguments[0]), CREATE, READ, WRITE)) {
                file.write(ByteBuffer.allocate(1 << 20), 0);
                measure("read segment", position -> file.read(memory, position));
                measure("write segment", position -> file.write(memory, position));
                measure("read buffer", position -> file.read(buffer.clear(), position));
                measure("write buffer", position -> file.write(buffer.clear(), position));
                measure("read future", position -> answer(file.readAsync(memory, position)));
            }
        }

        /** Its answer, without the object that a thread makes for itself to sleep until it is there. */
        @SuppressWarnings("ThreadPriorityCheck") // the answer is there soon, and who gives it may need this processor
        private static void answer(CompletableFuture<Long> future) {
            while (!future.isDone()) {
                Thread.yield();
            }
            future.join();
        }

        private static void measure(String what, Step step) throws Exception {
            Object bean = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            Method allocated =
                    Class.forName("com.sun.management.ThreadMXBean").getMethod("getThreadAllocatedBytes", long.class);
            double best = Double.MAX_VALUE;
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                long before =
                        (long) allocated.invoke(bean, Thread.currentThread().threadId());
                for (int i = 0; i < ROUNDS; i++) {
                    step.run((i & 127) * 4096L);
                }
                long after =
                        (long) allocated.invoke(bean, Thread.currentThread().threadId());
                best = Math.min(best, (after - before) / (double) ROUNDS);
            }
            System.out.println(what + ": " + best);
        }
    }
}
