package dev.sluice.aio;

import static dev.sluice.aio.PipeBackend.failure;
import static dev.sluice.aio.PipeBackend.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** Waits for conditions and queues on completion threads. */
class CompletionPoolTest extends OnEachContext {
    private static <T> CompletableFuture<T> onCompletionThread(Context context, Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        context.execute(() -> {
            try {
                result.complete(call.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private Context narrow() {
        return closedAfterwards(Context.builder().kind(kind).threads(1).open());
    }

    /** A queue's lock must be free afterwards, and no signal be lost to who does not wait any more. */
    @Test
    void aQueueThatWasWaitedForGoesOnWorking() throws Exception {
        Context narrow = narrow();
        for (BlockingQueue<String> queue :
                List.of(new LinkedBlockingQueue<String>(1), new ArrayBlockingQueue<String>(1))) {
            assertThat(failure(onCompletionThread(narrow, queue::take))).isInstanceOf(InterruptedException.class);
            CompletableFuture<String> taken = new CompletableFuture<>();
            Thread taker = Thread.ofVirtual().start(() -> {
                try {
                    taken.complete(queue.take());
                } catch (InterruptedException e) {
                    taken.completeExceptionally(e);
                }
            });
            dev.sluice.testing.Deadline.untilWaiting(taker);
            assertThat(queue.offer("first")).isTrue();
            assertThat(value(taken)).isEqualTo("first");
            assertThat(queue.offer("second")).isTrue();
            assertThat(failure(onCompletionThread(narrow, () -> {
                        queue.put("third");
                        return "put";
                    })))
                    .isInstanceOf(InterruptedException.class);
            assertThat(queue).containsExactly("second");
            assertThat(value(onCompletionThread(
                            narrow, () -> Thread.currentThread().isInterrupted())))
                    .isFalse();
        }
    }

    /** Such a wait could not be ended by an interrupt. */
    @Test
    void aWaitThatCannotBeInterruptedIsRefused() {
        ReentrantLock lock = new ReentrantLock();
        Condition condition = lock.newCondition();
        assertThat(failure(onCompletionThread(narrow(), () -> {
                    lock.lock();
                    while (true) {
                        condition.awaitUninterruptibly();
                    }
                })))
                .isInstanceOf(BlockingCallException.class);
    }

    @Test
    void theReasonIsLoggedOnce() {
        String output = Child.run(Child.java(Takes.class.getName(), Takes.class, List.of(), kind.name()))
                .output();
        assertThat(output)
                .contains("InterruptedException 1", "InterruptedException 2")
                .containsOnlyOnce(BlockingCallException.class.getName())
                .contains("WARNING", "the completion thread 'narrow-", "thenApplyAsync", "LinkedBlockingQueue.take");
    }

    /** Waits for a queue on a completion thread. */
    static final class Takes {
        public static void main(String... arguments) {
            try (Context context = Context.builder()
                    .kind(Context.Kind.valueOf(arguments[0]))
                    .threads(1)
                    .name("narrow")
                    .open()) {
                for (int i = 1; i <= 2; i++) {
                    Throwable failure = failure(onCompletionThread(context, new LinkedBlockingQueue<>()::take));
                    System.out.println(failure.getClass().getSimpleName() + " " + i);
                }
            }
        }
    }
}
