package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.linux.Ring;
import dev.sluice.testing.Child;
import dev.sluice.testing.Child.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which kind of context is chosen, and why: each case in a process of its own, which also makes a round trip. */
class ContextChoiceTest {
    private static final String FORBIDDEN = "dev.sluice.linux.ForbiddenRing";

    @TempDir
    private Path folder;

    private Outcome roundTrip(String variable, List<String> options, String... before) {
        List<String> command = before.length == 0
                ? Child.java(RoundTrip.class.getName(), RoundTrip.class, options, file())
                : Child.java(before[0], RoundTrip.class, options, before[1], RoundTrip.class.getName(), file());
        try (Child child = Child.of(command)) {
            Outcome outcome =
                    child.with(ContextBuilder.VARIABLE, variable).start().finish();
            assumeTrue(!outcome.output().contains("cannot install a filter"), outcome::output);
            assertThat(outcome.output()).contains("whole trip");
            assertThat(outcome.exit()).isZero();
            return outcome;
        }
    }

    private String file() {
        return folder.resolve("file").toString();
    }

    private static void assumeRing() {
        assumeTrue(Ring.availability().available(), Ring.availability().reason());
    }

    @ParameterizedTest
    @CsvSource({
        "threads, THREADS, SLUICE_AIO_CONTEXT says so",
        "' Threads ', THREADS, SLUICE_AIO_CONTEXT says so",
        "uring, URING, SLUICE_AIO_CONTEXT says so",
        "auto, URING, nothing else was asked for",
        "'', URING, nothing else was asked for"
    })
    void theVariableChooses(String value, String kind, String reason) {
        assumeRing();
        assertThat(roundTrip(value, List.of()).output()).contains("kind=" + kind + " reason=" + reason);
    }

    @Test
    void thePropertyComesBeforeTheVariable() {
        String output =
                roundTrip("uring", List.of("-Dsluice.aio.context=threads")).output();
        assertThat(output).contains("kind=THREADS reason=system property sluice.aio.context says so");
    }

    @ParameterizedTest
    @ValueSource(strings = {"libaio", "uring,threads"})
    void anUnknownValueIsWarnedOfAndIgnored(String value) {
        assumeRing();
        String output = roundTrip(value, List.of()).output();
        assertThat(output)
                .contains("WARNING", "SLUICE_AIO_CONTEXT has the unknown value \"" + value + "\" and is ignored")
                .contains("kind=URING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "uring"})
    void aForbiddenRingGivesWayToThreadsAndTheReasonIsKept(String value) {
        assumeRing();
        String output = roundTrip(value, List.of(), FORBIDDEN, "1").output();
        assertThat(output).contains("kind=THREADS", "io_uring_setup answered EPERM", "seccomp");
    }

    @Test
    void aKernelWithoutRingsGivesWayToThreads() {
        assumeRing();
        assertThat(roundTrip("", List.of(), FORBIDDEN, "38").output())
                .contains("kind=THREADS", "io_uring_setup answered ENOSYS");
    }

    @Test
    void otherSystemsMakeTheTripByTheJdksOwnMeans() {
        String output = roundTrip("", List.of("-Dos.name=Plan 9")).output();
        assertThat(output).contains("kind=THREADS", "the operating system is Plan 9");
    }

    @Test
    void aDemandedRingThatIsForbiddenSaysWhy() {
        assumeRing();
        Outcome outcome = Child.run(Child.java(FORBIDDEN, RoundTrip.class, List.of(), "1", Demands.class.getName()));
        assumeTrue(!outcome.output().contains("cannot install a filter"), outcome::output);
        assertThat(outcome.output())
                .contains("UnsupportedOperationException: context 'mine' cannot be opened: io_uring is not available")
                .contains("EPERM")
                .contains("whyNot: Optional[io_uring is not available")
                .contains("threads: Optional.empty");
    }

    /** Demands a ring. */
    static final class Demands {
        public static void main(String... arguments) {
            System.out.println("whyNot: " + ContextBuilder.whyNot(Context.Kind.URING));
            System.out.println("threads: " + ContextBuilder.whyNot(Context.Kind.THREADS));
            try {
                Context.builder().name("mine").kind(Context.Kind.URING).open().close();
            } catch (UnsupportedOperationException e) {
                System.out.println(e);
            }
        }
    }

    /** More rings than a user may have, or descriptors: the next context falls back, and those before go on. */
    @Test
    void whenDescriptorsRunOutTheNextContextFallsBack() {
        assumeRing();
        List<String> command = new java.util.ArrayList<>(List.of("sh", "-c", "ulimit -n 90; exec \"$@\"", "sh"));
        command.addAll(Child.java(Greedy.class.getName(), Greedy.class, List.of(), file()));
        assertThat(Child.run(command).output())
                .contains("fell back: io_uring is not available", "EMFILE", "whole trip");
    }

    /** Opens contexts until one falls back. */
    static final class Greedy {
        public static void main(String... arguments) throws Exception {
            Context.builder().open().close();
            RoundTrip.main(arguments);
            java.util.Deque<Context> contexts = new java.util.ArrayDeque<>();
            while (contexts.isEmpty() || contexts.getLast().kind() == Context.Kind.URING) {
                contexts.add(Context.builder().depth(8).open());
            }
            System.out.println("fell back: " + contexts.getLast().reason());
            contexts.removeLast().close();
            contexts.removeLast().close();
            RoundTrip.main(arguments);
            contexts.forEach(Context::close);
        }
    }

    @Test
    void aContextSaysWhatItIs() {
        try (Context context = Context.builder()
                .kind(Context.Kind.THREADS)
                .name("mine")
                .depth(7)
                .open()) {
            assertThat(context).hasToString("context 'mine' (threads, depth 7)");
            assertThat(context.reason()).isEqualTo("it was asked for");
            assertThat(context.name()).isEqualTo("mine");
            assertThat(context.depth()).isEqualTo(7);
        }
        assertThat(Context.shared()).isSameAs(Context.shared());
        assertThat(Context.shared().name()).isEqualTo("shared");
    }
}
