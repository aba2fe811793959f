package dev.sluice.jvm;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A listing of a directory of a tree in another process; one thread at a time, but it may be closed by any. */
final class RemoteListing implements Door.Listing {
    private final RemoteDoor door;
    private final long number;
    private final Deque<String> names = new ArrayDeque<>();
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private boolean isOver;

    RemoteListing(RemoteDoor door, long number) {
        this.door = door;
        this.number = number;
    }

    @Override
    public @Nullable String next() throws IOException {
        if (isClosed.get()) {
            throw new ClosedChannelException();
        }
        if (names.isEmpty() && !isOver) {
            isOver = door.ask(Ask.NEXT, request -> request.put(number), answer -> {
                while (answer.hasMore()) {
                    if (!answer.getTruth()) {
                        return true;
                    }
                    names.add(answer.getText());
                }
                return false;
            });
        }
        return names.poll();
    }

    @Override
    public void close() throws IOException {
        if (!isClosed.getAndSet(true)) {
            door.closed(number);
        }
    }
}
