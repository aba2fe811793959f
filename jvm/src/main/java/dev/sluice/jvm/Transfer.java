package dev.sluice.jvm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.List;

/**
 * Moves bytes between two channels, piece by piece. Used once, by one thread.
 *
 * @param one the channel that was asked
 * @param other the other one
 */
record Transfer(Channel one, Channel other) {
    /** What is moved at once. */
    static final int PIECE = 1 << 16;

    /** Moves a piece; its second argument is how many bytes were moved before. */
    @FunctionalInterface
    interface Move {
        int move(ByteBuffer piece, long moved) throws IOException;
    }

    long move(long count, Move read, Move write) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(count, PIECE));
        long moved = 0;
        try {
            while (moved < count) {
                piece.clear().limit((int) Math.min(count - moved, PIECE));
                int got = read.move(piece, moved);
                if (got <= 0) {
                    break;
                }
                int put = write.move(piece.flip(), moved);
                moved += put;
                if (put != got) {
                    break;
                }
            }
            return moved;
        } catch (ClosedChannelException e) {
            throw closedMeanwhile(e);
        } catch (IOException e) {
            if (moved > 0) {
                return moved; // the next call will have it
            }
            throw e;
        }
    }

    /** Both channels end with an interrupt, and who has one closed by somebody else is told so. */
    private ClosedChannelException closedMeanwhile(ClosedChannelException e) {
        if (e instanceof ClosedByInterruptException) {
            for (Channel channel : List.of(one, other)) {
                try {
                    channel.close();
                } catch (IOException failed) {
                    e.addSuppressed(failed);
                }
            }
        }
        if (e instanceof AsynchronousCloseException) {
            return e;
        }
        AsynchronousCloseException closed = new AsynchronousCloseException();
        closed.addSuppressed(e);
        return closed;
    }
}
