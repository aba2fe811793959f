package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testing.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScopeTest {
    private static final String FLOW = """
        { "name": "test", "IO_Graph": [ { "name": "make", "input_stream": [], "output_stream": ["data"] } ] }
        """;

    @TempDir
    Path folder;

    private Managed managed;

    @BeforeEach
    void open() throws IOException {
        managed = Managed.in(folder);
    }

    @AfterEach
    void close() throws IOException {
        managed.close();
    }

    private Scope.Builder step(String name) {
        return Sluice.scope(managed.directory).step(name).within(managed.workflow);
    }

    /** Where a path leads for the code that asks, as the machine's file system would be asked with the provider in front of it. */
    private static String leads(Path path) {
        Route route = Routes.find(path);
        return route == null ? "machine" : route.door().step() + " " + route.path();
    }

    private static <T> FutureTask<T> later(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.startVirtualThread(task);
        return task;
    }

    @Test
    void twoStepsStreamInOneProcess() throws Exception {
        // @start region="lambda"
        FutureTask<String> reading = later(() -> step("use").call(() -> {
            Scope scope = Scope.current().orElseThrow();
            try (BufferedReader reader = Files.newBufferedReader(scope.path("data"))) {
                return reader.readLine();
            }
        }));
        step("make").run(() -> {
            Scope scope = Scope.current().orElseThrow();
            Files.writeString(scope.path("data"), "from another step\n");
        });
        assertThat(reading.get(20, TimeUnit.SECONDS)).isEqualTo("from another step");
        // @end
    }

    @Test
    void aScopeIsClosedAtTheEndOfItsBlock() throws Exception {
        // @start region="block"
        try (Scope make = step("make").open();
                Scope use = step("use").open()) {
            Files.writeString(make.path("data"), "text");
            assertThat(Files.readString(use.path("data"))).isEqualTo("text");
        }
        // @end
        Scope scope = step("make").open();
        scope.close();
        scope.close();
        assertThatThrownBy(() -> scope.run(() -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> scope.path("x")).hasMessageContaining("closed").hasMessageContaining("make");
    }

    @Test
    void onlyWhatRunsInsideIsInside() throws Exception {
        Path data = managed.directory.resolve("data");
        assertThat(leads(data)).isEqualTo("machine");
        step("make").run(() -> {
            assertThat(leads(data)).isEqualTo("make data");
            assertThat(leads(managed.directory)).isEqualTo("make ");
            assertThat(leads(folder.toRealPath().resolve("work2/x"))).isEqualTo("machine");
            assertThat(leads(folder.toRealPath().resolve("workx"))).isEqualTo("machine");
            FutureTask<String> outside = later(() -> leads(data));
            assertThat(outside.get(20, TimeUnit.SECONDS)).isEqualTo("machine");
        });
        assertThat(leads(data)).isEqualTo("machine");
        assertThat(Scope.current()).isEmpty();
    }

    @Test
    void aDirectoryIsKnownByTheNameThatItWasGivenToo() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), managed.directory);
        Sluice.scope(link).step("make").within(managed.workflow).run(() -> {
            assertThat(leads(managed.directory.resolve("x"))).isEqualTo("make x");
            assertThat(leads(folder.toAbsolutePath().resolve("link/x"))).isEqualTo("make x");
            assertThat(leads(folder.toAbsolutePath().resolve("other/../link/x/../y")))
                    .isEqualTo("make x/../y".replace("x/../", ""));
        });
    }

    @Test
    void scopesOfSeveralDirectoriesAndStepsAreNested() throws Exception {
        Path second = Files.createDirectory(folder.resolve("second")).toRealPath();
        try (Managed other = Managed.of(second)) {
            Path here = managed.directory.resolve("x");
            Path there = second.resolve("x");
            step("make").run(() -> {
                Sluice.scope(second).step("use").within(other.workflow).run(() -> {
                    assertThat(leads(here)).isEqualTo("make x");
                    assertThat(leads(there)).isEqualTo("use x");
                    step("use").run(() -> assertThat(leads(here)).isEqualTo("use x"));
                    assertThat(leads(here)).isEqualTo("make x");
                    assertThat(Scope.current().map(Scope::step)).isEqualTo(Optional.of("use"));
                });
                assertThat(leads(there)).isEqualTo("machine");
                assertThat(Scope.current().map(Scope::step)).isEqualTo(Optional.of("make"));
            });
        }
    }

    @Test
    void scopesThatOverlapInTimeDoNotMix() throws Exception {
        Path data = managed.directory.resolve("data");
        CountDownLatch firstIn = new CountDownLatch(1);
        CountDownLatch secondIn = new CountDownLatch(1);
        CountDownLatch firstOut = new CountDownLatch(1);
        FutureTask<List<String>> first = later(() -> {
            List<String> seen = new ArrayList<>();
            step("make").run(() -> {
                seen.add(leads(data));
                firstIn.countDown();
                secondIn.await();
            });
            seen.add(leads(data));
            firstOut.countDown();
            return seen;
        });
        FutureTask<List<String>> second = later(() -> {
            firstIn.await();
            List<String> seen = new ArrayList<>();
            step("use").run(() -> {
                secondIn.countDown();
                firstOut.await();
                seen.add(leads(data));
            });
            seen.add(leads(data));
            return seen;
        });
        assertThat(first.get(20, TimeUnit.SECONDS)).containsExactly("make data", "machine");
        assertThat(second.get(20, TimeUnit.SECONDS)).containsExactly("use data", "machine");
    }

    @Test
    void anExecutorsThreadsAreInsideWhenItIsWrapped() throws Exception {
        Path data = managed.directory.resolve("data");
        try (ExecutorService pool = Executors.newFixedThreadPool(2);
                Scope make = step("make").open()) {
            ExecutorService inside = make.wrap(pool);
            assertThat(pool.submit(() -> leads(data)).get(20, TimeUnit.SECONDS)).isEqualTo("machine");
            assertThat(inside.submit(() -> leads(data)).get(20, TimeUnit.SECONDS))
                    .isEqualTo("make data");
            assertThat(CompletableFuture.supplyAsync(() -> leads(data), inside).get(20, TimeUnit.SECONDS))
                    .isEqualTo("make data");
            assertThat(inside.invokeAll(List.of(() -> leads(data), () -> leads(data))))
                    .allSatisfy(one -> assertThat(one.get()).isEqualTo("make data"));
            FutureTask<String> wrapped = new FutureTask<>(make.wrap(() -> leads(data)));
            Thread.ofPlatform().start(wrapped);
            assertThat(wrapped.get(20, TimeUnit.SECONDS)).isEqualTo("make data");
            inside.shutdown();
            assertThat(pool.isShutdown()).isTrue();
        }
    }

    @Test
    void theScopesAroundAreInheritedByAWrappedExecutor() throws Exception {
        Path second = Files.createDirectory(folder.resolve("second")).toRealPath();
        try (Managed other = Managed.of(second);
                ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor();
                Scope around = step("make").open();
                Scope inner =
                        Sluice.scope(second).step("use").within(other.workflow).open()) {
            ExecutorService inside = inner.wrap(pool);
            assertThat(around.call(() -> inside.submit(() -> leads(managed.directory.resolve("x"))))
                            .get(20, TimeUnit.SECONDS))
                    .isEqualTo("make x");
        }
    }

    @Test
    void oneStepOfOneDirectoryIsOneRunHoweverManyScopesItHas() throws Exception {
        Scope first = step("make").open();
        Scope second = step("make").open();
        assertThat(first.files()).isSameAs(second.files());
        Files.writeString(first.path("f"), "x");
        long runs = runs();
        second.close();
        assertThat(Files.readString(first.path("f"))).isEqualTo("x");
        first.close();
        assertThat(runs() - runs).isEqualTo(-1);
    }

    private long runs() {
        return managed.workflow.snapshot(9).steps().stream()
                .filter(step -> step.name().equals("make"))
                .mapToLong(step -> step.running())
                .sum();
    }

    @Test
    void anExceptionIsTheRunsFailureAndTheBodyRunsOnce() throws Exception {
        AtomicInteger times = new AtomicInteger();
        Scope use = step("use").open();
        managed.making.end(true);
        assertThatThrownBy(() -> step("make").run(() -> {
                    times.incrementAndGet();
                    var writing =
                            Files.newOutputStream(Scope.current().orElseThrow().path("data"));
                    writing.write(1);
                    throw new IllegalStateException("half done");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("half done");
        assertThat(times).hasValue(1);
        assertThatThrownBy(() -> Files.readAllBytes(use.path("data")))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("EIO");
        use.close();
    }

    /** What is done. */
    public interface Work {
        @AsStep("make")
        String write(String text) throws IOException;

        String step();

        @AsStep("use")
        CompletableFuture<String> readLater(ExecutorService executor);

        @AsStep("make")
        Stream<String> names();
    }

    /** How it is done. */
    public static final class Works implements Work {
        @Override
        public String write(String text) throws IOException {
            if (text.isEmpty()) {
                throw new IOException("nothing to write");
            }
            Scope scope = Scope.current().orElseThrow();
            Files.writeString(scope.path("data"), text);
            return scope.step();
        }

        @Override
        public String step() {
            return Scope.current().map(Scope::step).orElse("none");
        }

        @Override
        public CompletableFuture<String> readLater(ExecutorService executor) {
            Scope scope = Scope.current().orElseThrow();
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return Files.readString(scope.path("data"));
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    },
                    scope.wrap(executor));
        }

        @Override
        public Stream<String> names() {
            Scope scope = Scope.current().orElseThrow();
            return Stream.of("x").map(name -> scope.path(name).toString());
        }
    }

    @Test
    void anAnnotatedMethodIsARunOfItsStep() throws Exception {
        // @start region="annotated"
        Work work = Sluice.scope(managed.directory).within(managed.workflow).proxy(Work.class, new Works());
        assertThat(work.step()).isEqualTo("none");
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<String> later = work.readLater(executor);
            assertThat(work.write("text")).isEqualTo("make");
            assertThat(later.get(20, TimeUnit.SECONDS)).isEqualTo("text");
        }
        // @end
        assertThatThrownBy(() -> work.write("")).isInstanceOf(IOException.class).hasMessage("nothing to write");
        long runs = runs();
        try (Stream<String> names = work.names()) {
            assertThat(runs()).isEqualTo(runs + 1);
            assertThat(names.toList()).containsExactly("x");
        }
        assertThat(runs()).isEqualTo(runs);
    }

    @Test
    void filesHaveNumbersForWhoWantsThem() throws Exception {
        try (Scope make = step("make").open();
                Scope use = step("use").open()) {
            // @start region="descriptors"
            Descriptors files = make.descriptors();
            files.makeDirectory("parts", 0777);
            int file = files.open(
                    "parts/1", java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE);
            files.write(file, java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3}));
            files.close(file);
            Descriptors others = use.descriptors();
            int directory = others.openDirectory("parts");
            Optional<String> first = others.next(directory);
            others.close(directory);
            // @end
            assertThat(first).contains("1");
            int again = others.open("parts/1");
            others.position(again, 1);
            java.nio.ByteBuffer into = java.nio.ByteBuffer.allocate(9);
            assertThat(others.read(again, into)).isEqualTo(2);
            assertThat(others.position(again)).isEqualTo(3);
            assertThat(others.read(again, into)).isEqualTo(-1);
            others.close(again);
            assertThatThrownBy(() -> others.close(again)).isInstanceOf(java.nio.channels.ClosedChannelException.class);
            assertThatThrownBy(() -> others.read(directory, into))
                    .isInstanceOf(java.nio.channels.ClosedChannelException.class);
            assertThatThrownBy(() -> files.makeDirectory("parts", 0777)).isInstanceOf(FileAlreadyExistsException.class);
            assertThatThrownBy(() -> files.makeDirectory("no/parts", 0777))
                    .isInstanceOf(java.nio.file.NoSuchFileException.class);
        }
    }

    @Test
    void withoutAServerItIsSaidSoonAndClearly() {
        long begin = System.nanoTime();
        assertThatThrownBy(() -> Sluice.scope(managed.directory)
                        .step("make")
                        .waiting(Duration.ofMillis(60))
                        .open())
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(managed.directory.toString())
                .hasMessageContaining("sluice serve");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Deadline.LONG);
        assertThatThrownBy(() -> Sluice.scope(managed.directory).step("").open())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> Sluice.scope(folder.resolve("none")).step("make").open())
                .isInstanceOf(java.nio.file.NoSuchFileException.class);
        assertThatThrownBy(() -> Sluice.scope(folder)
                        .step("make")
                        .within(managed.workflow)
                        .open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(managed.directory.toString());
        assertThatThrownBy(() -> Sluice.scope(managed.directory)
                        .step("make")
                        .flow(Files.writeString(folder.resolve("flow.json"), FLOW))
                        .server("false")
                        .waiting(Duration.ofSeconds(20))
                        .open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("could not be started");
    }

    @Test
    void noServerIsStartedForAStepThatTheFlowDoesNotHave() throws IOException {
        Path started = folder.resolve("started");
        Path flow = Files.writeString(folder.resolve("wrong.json"), FLOW);
        Scope.Builder builder = Sluice.scope(Files.createDirectory(folder.resolve("unserved")))
                .flow(flow)
                .server("touch", started.toString());
        assertThatThrownBy(() -> builder.step("mak").open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("wrong.json: there is no step \"mak\"");
        Files.writeString(flow, "{ \"name\": 1 }");
        assertThatThrownBy(() -> builder.step("make").open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("wrong.json:1");
        assertThat(started).doesNotExist();
    }
}
