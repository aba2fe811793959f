package dev.sluice.aio;

import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one call of a stream has to do, told step by step, so that the same work can be waited for by a thread or go on
 * by itself whenever the file has answered.
 *
 * <p>It changes its stream only when it has succeeded. Used by one thread at a time: that which has the stream's turn.
 */
abstract class Work<T extends @Nullable Object> {
    /** Makes the value of work that takes one step. */
    @FunctionalInterface
    interface Ending<T extends @Nullable Object> {
        T of(long answer);
    }

    /**
     * Goes on.
     *
     * @param answer the last step's, 0 at the beginning
     * @return the next step; nothing when the work is done
     */
    abstract @Nullable Step next(long answer) throws IOException;

    /** The value of the work, when it is done. */
    abstract T result();

    /** True when it may wait for bytes that never come, as on a pipe; it is stopped when the stream is closed. */
    boolean isReading() {
        return false;
    }

    /** This work with another value made of its own. */
    final <U extends @Nullable Object> Work<U> then(Function<T, U> ending) {
        Work<T> work = this;
        return new Work<>() {
            @Override
            @Nullable
            Step next(long answer) throws IOException {
                return work.next(answer);
            }

            @Override
            U result() {
                return ending.apply(work.result());
            }

            @Override
            boolean isReading() {
                return work.isReading();
            }
        };
    }

    /** Work that takes one step. */
    static <T extends @Nullable Object> Work<T> of(Step step, Ending<T> ending) {
        return new Single<>(step, ending);
    }

    private static final class Single<T extends @Nullable Object> extends Work<T> {
        private final Ending<T> ending;
        private @Nullable Step step;
        private long answer;

        Single(Step step, Ending<T> ending) {
            this.step = step;
            this.ending = ending;
        }

        @Override
        @Nullable
        Step next(long answer) {
            Step only = step;
            step = null;
            this.answer = answer;
            return only;
        }

        @Override
        T result() {
            return ending.of(answer);
        }
    }
}
