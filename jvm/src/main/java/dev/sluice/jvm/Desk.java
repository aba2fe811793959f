package dev.sluice.jvm;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a JVM that has come in, at its server. One request at a time is served, mostly by the thread that has
 * received it; when that is about to wait, another one goes on receiving: the wait may be given up, or the JVM may end.
 */
final class Desk {
    private final Guest guest;
    private final SocketChannel channel;
    private final CountDownLatch over = new CountDownLatch(1);

    /** The wait of the request that is served, if it has one; guarded by this. */
    private @Nullable Call waiting;

    /** Is one served? Guarded by this, as is the next. */
    private boolean isBusy;

    private boolean isGivenUp;

    Desk(Guest guest, SocketChannel channel) {
        this.guest = guest;
        this.channel = channel;
    }

    /** Serves until the other side ends. */
    void serveAll() {
        serve();
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Serves until the other side ends, or somebody else does so from then on. */
    private void serve() {
        Parcel request = new Parcel();
        Parcel answer = new Parcel();
        try {
            boolean goesOn = true;
            while (goesOn) {
                int what = request.receive(channel);
                if (what == Ask.CANCEL) {
                    giveUp();
                } else {
                    goesOn = what >= 0 && begin() && serve(what, request, answer);
                    if (!goesOn && what < 0) {
                        end();
                    }
                }
            }
        } catch (IOException e) {
            end(); // it has ended, or says what nobody understands: the connection is of no use any more
        }
    }

    /** {@return whether this thread receives the next request, too} */
    private boolean serve(int what, Parcel request, Parcel answer) throws IOException {
        boolean[] isRelieved = {false};
        ScopedValue.where(Patience.HERE, call -> {
                    if (!isRelieved[0]) {
                        isRelieved[0] = true;
                        Thread.ofVirtual().name("guest").start(this::serve);
                    }
                    waits(call);
                })
                .run(() -> guest.serve(what, request, answer));
        synchronized (this) {
            waiting = null;
            isBusy = false;
            isGivenUp = false;
        }
        try {
            answer.send(channel);
        } catch (IOException e) {
            end();
            throw e;
        }
        return !isRelieved[0];
    }

    private synchronized boolean begin() throws IOException {
        if (isBusy) {
            throw new IOException("one request at a time is expected on a connection");
        }
        isBusy = true;
        return true;
    }

    private synchronized void waits(Call call) {
        waiting = call;
        if (isGivenUp) {
            call.giveUp(call::interrupted);
        }
    }

    /** What is served ends its wait, now or when it comes to one; what was served is over. */
    private synchronized void giveUp() {
        isGivenUp = isBusy;
        Call given = waiting;
        if (given != null) {
            given.giveUp(given::interrupted);
        }
    }

    private void end() {
        over.countDown();
        giveUp();
        guest.remove(channel);
        try {
            channel.close();
        } catch (IOException e) {
            // It is not used any more.
        }
    }
}
