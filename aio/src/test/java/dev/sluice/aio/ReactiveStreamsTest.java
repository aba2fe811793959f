package dev.sluice.aio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.BeforeMethod;

/**
 * The rules of Reactive Streams, by their own test kit. That is made for another test framework, so its tests are called
 * one by one; those it skips, since they say nothing about such publishers, are skipped here too.
 */
class ReactiveStreamsTest extends OnEachContext {
    private static final int QUIET_MILLIS = 25;

    /** One of the rules wants so many; they lie in a hole, and few are read. */
    private static final long MOST = Integer.MAX_VALUE;

    private final TestEnvironment environment = new TestEnvironment(2000, QUIET_MILLIS);

    @TestFactory
    Stream<DynamicTest> chunks() throws IOException {
        AsyncFile closed = AsyncFile.open(file(""), context);
        closed.close();
        AsyncFile file = holes(3 * MOST);
        return rules(() -> new Rules<ByteBuffer>(environment) {
            @Override
            public Flow.Publisher<ByteBuffer> createFlowPublisher(long elements) {
                return ChunkReader.of(file, 3 * (MOST - elements), 3).publisher();
            }

            @Override
            public Flow.Publisher<ByteBuffer> createFailedFlowPublisher() {
                return ChunkReader.of(closed, 0, 3).publisher();
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> lines() throws IOException {
        AsyncFile closed = AsyncFile.open(file(""), context);
        closed.close();
        AsyncFile file = holes(MOST);
        LineOptions options = LineOptions.DEFAULT.withSeparators("\0").withChunkSize(7);
        return rules(() -> new Rules<String>(environment) {
            @Override
            public Flow.Publisher<String> createFlowPublisher(long elements) {
                return LineReader.text(file, MOST - elements, options).publisher();
            }

            @Override
            public Flow.Publisher<String> createFailedFlowPublisher() {
                return LineReader.text(closed, 0, options).publisher();
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> writers() throws IOException {
        Path path = file("");
        AsyncFile file = openFile(path, StandardOpenOption.WRITE);
        return rules(() -> new FlowSubscriberBlackboxVerification<ByteBuffer>(environment) {
            @Override
            public Flow.Subscriber<ByteBuffer> createFlowSubscriber() {
                return new Intake(ChunkWriter.of(file, 0, 10), context);
            }

            @Override
            public ByteBuffer createElement(int element) {
                return ByteBuffer.allocate(4).putInt(element).flip();
            }
        });
    }

    /** A file of zeros that takes no space. */
    private AsyncFile holes(long size) throws IOException {
        AsyncFile file = openFile(file(""), StandardOpenOption.READ, StandardOpenOption.WRITE);
        file.truncate(size);
        return file;
    }

    private abstract static class Rules<T> extends FlowPublisherVerification<T> {
        Rules(TestEnvironment environment) {
            super(environment);
        }

        @Override
        public long maxElementsFromPublisher() {
            return MOST;
        }
    }

    private Stream<DynamicTest> rules(Callable<Object> makeRules) {
        Method[] methods;
        try {
            methods = makeRules.call().getClass().getMethods();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        List<Method> tests = Arrays.stream(methods)
                .filter(ReactiveStreamsTest::isTest)
                .sorted(Comparator.comparing(Method::getName))
                .toList();
        assertThat(tests).hasSizeGreaterThan(10);
        return tests.stream().map(test -> dynamicTest(test.getName(), () -> run(makeRules.call(), test)));
    }

    /** The kit names what it cannot test after the rule, too. */
    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(org.testng.annotations.Test.class)
                && !method.getName().startsWith("untested_");
    }

    private static void run(Object rules, Method test) throws Throwable {
        try {
            callAll(BeforeClass.class, rules);
            callAll(BeforeMethod.class, rules);
            test.invoke(rules);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SkipException skipped) {
                throw new TestAbortedException(skipped.getMessage());
            }
            throw e.getCause();
        } finally {
            callAll(AfterClass.class, rules);
        }
    }

    private static void callAll(Class<? extends Annotation> marked, Object rules) throws Exception {
        for (Method method : rules.getClass().getMethods()) {
            if (method.isAnnotationPresent(marked)) {
                method.invoke(rules);
            }
        }
    }
}
