package dev.sluice.files;

import java.io.IOException;

/**
 * What became of one file in work on many.
 *
 * @param <T> what the work answers
 */
public sealed interface Outcome<T> {
    /**
     * It was done.
     *
     * @param value the answer
     * @param <T> what the work answers
     */
    record Done<T>(T value) implements Outcome<T> {}

    /**
     * It failed; the work on other files was done all the same.
     *
     * @param failure why; its message names the file
     * @param <T> what the work answers
     */
    record Failed<T>(IOException failure) implements Outcome<T> {}

    /** {@return whether it was done} */
    default boolean isDone() {
        return this instanceof Done;
    }

    /**
     * Gives the answer.
     *
     * @return the answer
     * @throws IOException when it failed
     */
    default T get() throws IOException {
        return switch (this) {
            case Done<T>(T value) -> value;
            case Failed<T>(IOException failure) -> throw failure;
        };
    }
}
