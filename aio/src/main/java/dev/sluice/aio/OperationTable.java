package dev.sluice.aio;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The operations that are in the kernel's hands, by the numbers under which it knows them.
 *
 * <p>A number is a place in the table and a count above it, so that a late cancellation cannot hit the place's next
 * operation. One thread at a time.
 */
final class OperationTable {
    private static final int PLACE_BITS = 16;

    private final @Nullable Operation[] places;
    private final int[] free;
    private int freeCount;
    private long sequence;

    OperationTable(int size) {
        places = new Operation[size];
        free = new int[size];
        freeCount = size;
        for (int i = 0; i < size; i++) {
            free[i] = i;
        }
    }

    void add(Operation operation) {
        int place = free[--freeCount];
        places[place] = operation;
        operation.ringId = sequence++ << PLACE_BITS | place;
    }

    /** The operation with this number. */
    Operation get(long id) {
        Operation operation = places[place(id)];
        if (operation == null || operation.ringId != id) {
            throw new IllegalStateException("the kernel completed operation " + id + ", which is not in flight");
        }
        return operation;
    }

    void remove(Operation operation) {
        int place = place(operation.ringId);
        places[place] = null;
        free[freeCount++] = place;
        operation.ringId = -1;
    }

    boolean isEmpty() {
        return freeCount == free.length;
    }

    void forEach(Consumer<Operation> action) {
        for (Operation operation : places) {
            if (operation != null) {
                action.accept(operation);
            }
        }
    }

    private static int place(long id) {
        return (int) id & ((1 << PLACE_BITS) - 1);
    }
}
