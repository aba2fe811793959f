package dev.sluice.jvm;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection with a server, and the thread that asks by it: who asks leaves what he wants to say, and waits until that one
 * comes back, so that an interrupt, which would close a connection, never meets one. Who has taken it has it for himself until
 * he gives it back.
 */
final class Errand implements Closeable {
    private final SocketChannel channel;

    /** Whoever sends has it: an errand's own message, and the word that it is given up. */
    private final ReentrantLock sending = new ReentrantLock();

    /** What is to be said, and what was answered; they belong to who waits, or else to the runner. */
    private final Parcel request = new Parcel();

    private final Parcel answer = new Parcel();
    private volatile @Nullable Thread runner;
    private volatile @Nullable Thread waiter;
    private volatile boolean isAsked;
    private volatile boolean isAnswered;
    private volatile boolean isClosed;

    /** How often something was asked; set by who has it. */
    private volatile long asked;

    /** Up to which question all were sent, and the last one that was given up; guarded by {@link #sending}. */
    private long sent;

    private long givenUp;

    // Written before isAnswered is set, and read afterwards.
    private int kind;
    private @Nullable IOException failure;

    Errand(SocketChannel channel) {
        this.channel = channel;
        Hands.take(this::run);
    }

    /** {@return where what is to be said is written; for who has it} */
    Parcel request() {
        return request;
    }

    /** Asks, and waits for the answer; an interrupt ends its wait at the server, and is kept. {@return the answer} */
    Parcel ask() throws IOException {
        waiter = Thread.currentThread();
        long mine = asked + 1;
        asked = mine;
        isAnswered = false;
        isAsked = true;
        LockSupport.unpark(runner);
        boolean isInterrupted = false;
        while (!isAnswered) {
            if (Thread.interrupted()) {
                if (!isInterrupted) {
                    Hands.take(() -> giveUp(mine));
                }
                isInterrupted = true;
            }
            LockSupport.park(this);
        }
        waiter = null;
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
        IOException failed = failure;
        if (failed != null) {
            failure = null;
            throw failed;
        }
        if (kind == Ask.FAILED) {
            throw Codec.fault(answer);
        }
        return answer;
    }

    private void run() {
        runner = Thread.currentThread(); // before it looks whether something is asked
        while (!isClosed) {
            if (!isAsked) {
                LockSupport.park(this);
                continue;
            }
            isAsked = false;
            try {
                sending.lock();
                try {
                    request.send(channel);
                    sent = asked;
                    if (givenUp == sent) {
                        sayGivenUp();
                    }
                } finally {
                    sending.unlock();
                }
                kind = answer.receive(channel);
                if (kind != Ask.DONE && kind != Ask.FAILED) {
                    throw new IOException("the server has ended");
                }
            } catch (IOException e) {
                close();
                failure = new IOException("the server has ended", e);
            }
            isAnswered = true;
            LockSupport.unpark(waiter);
        }
    }

    /** Unless it is answered: then that word would meet whatever is asked next. It never comes before the question itself. */
    private void giveUp(long question) {
        sending.lock();
        try {
            if (asked != question || isAnswered) {
                return;
            }
            givenUp = question;
            if (sent == question) {
                sayGivenUp();
            }
        } catch (IOException e) {
            // The server has ended, which the runner finds out as well.
        } finally {
            sending.unlock();
        }
    }

    private void sayGivenUp() throws IOException {
        new Parcel().begin(Ask.CANCEL).send(channel);
    }

    boolean isClosed() {
        return isClosed;
    }

    @Override
    public void close() {
        isClosed = true;
        LockSupport.unpark(runner);
        try {
            channel.close();
        } catch (IOException e) {
            // It is not used any more.
        }
    }
}
