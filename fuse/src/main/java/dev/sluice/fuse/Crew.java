package dev.sluice.fuse;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Events;
import dev.sluice.linux.Linux;
import dev.sluice.linux.Mounts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a connection: some that wait for the kernel's requests, and some that serve those who have waited.
 *
 * <p>One thread at the device answers a single client soonest, because two take turns and the next one has always just
 * fallen asleep. So one is there at first; another one comes when nobody would be there while long work is done or when
 * requests pile up, and goes when neither is so any more. Safe for use by many threads.
 */
final class Crew {
    private static final System.Logger LOG = System.getLogger(Mount.class.getName());

    /** A read of the device that takes no longer has found a request that was there already. */
    private static final long AT_ONCE_NANOS = 2_000;

    /** So many in a row, each of another thread than the one before, are a pile. */
    private static final int PILE = 32;

    /** After so many requests without need of it, a thread goes. */
    private static final int IDLE = 256;

    /** A request of more bytes is long work. */
    private static final int LONG = 1 << 16;

    /** If nobody is at the device for so long, another thread comes. */
    private static final int TICK_MILLIS = 100;

    /** So many of those whom a request has resumed are served by the thread that served it, the others by helpers. */
    private static final int OWN = 2;

    /** What a device that does not wait answers when there is no request. */
    private static final long NONE = Errno.EAGAIN.negated();

    private final Connection connection;
    private final Device first;
    private final Loop[] loops;
    private final Helper[] helpers;
    private final List<Device> devices = new ArrayList<>();
    private final AtomicInteger atDevice = new AtomicInteger();
    private final AtomicLong received = new AtomicLong();
    private final CountDownLatch ended;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final BlockingQueue<FuseRequest> resumed = new LinkedBlockingQueue<>();
    private volatile boolean isOver;

    /** How many loops may be at the device. */
    private volatile int wanted = 1;

    private final Wakefulness wakefulness;

    Crew(Connection connection, Device first, int threads, Wakefulness wakefulness) {
        this.connection = connection;
        this.wakefulness = wakefulness;
        this.first = first;
        loops = new Loop[threads];
        helpers = new Helper[threads];
        ended = new CountDownLatch(threads);
    }

    void start() {
        for (int i = 0; i < loops.length; i++) {
            Device device = i == 0 ? first : cloned(true);
            Device eager = cloned(false);
            devices.add(device);
            devices.add(eager);
            loops[i] = new Loop(i, device, eager);
            helpers[i] = new Helper(i);
        }
        for (int i = 0; i < loops.length; i++) {
            loops[i].start();
            helpers[i].start();
        }
        Thread.ofPlatform().daemon().name("sluice-mount-end").start(this::end);
    }

    private Device cloned(boolean waits) {
        int clone = Mounts.cloneDevice(first.fd(), waits);
        if (clone < 0) {
            LOG.log(System.Logger.Level.DEBUG, "the device cannot be cloned: {0}", Errno.describe(clone));
            return first;
        }
        return new Device(clone);
    }

    List<Device> devices() {
        return devices;
    }

    /** Hands a request to who serves it again: to this thread itself when it is one of the crew, and has few. */
    void serveAgain(FuseRequest request) {
        if (Thread.currentThread() instanceof Worker worker && worker.crew() == this && worker.own.size() < OWN) {
            worker.own.add(request);
        } else {
            resumed.add(request);
        }
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** Each thread goes when it has served what it is at. */
    void over() {
        isOver = true;
        wake();
    }

    /** One of the threads cannot go on, and so the mount cannot. */
    private void hasFailed(Throwable failure) {
        LOG.log(System.Logger.Level.ERROR, "a thread of the mount failed", failure);
        over();
    }

    /** Those who wait see that it is over. One who only begins to wait misses it, so this is to be repeated. */
    private void wake() {
        for (Loop loop : loops) {
            loop.wake();
        }
    }

    private void end() {
        try {
            long before = -1;
            while (!ended.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                long now = received.get();
                if (now == before && atDevice.get() == 0) {
                    more(); // all are at something that takes long
                }
                wakefulness.asked(now - Math.max(0, before));
                before = now;
            }
            for (Helper helper : helpers) {
                helper.interrupt();
            }
            for (Helper helper : helpers) {
                helper.join();
            }
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts this thread", e);
        }
        try (wakefulness) {
            connection.ended();
        } finally {
            devices.stream().distinct().forEach(device -> Linux.close(device.fd()));
            closed.countDown();
        }
    }

    /** Ends it, and waits until everything is closed; false when that takes too long. */
    boolean awaitClosed(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (!closed.await(1, TimeUnit.MILLISECONDS)) {
            if (System.nanoTime() > end) {
                return false;
            }
            wake();
        }
        return true;
    }

    /** A thread that serves. */
    private abstract class Worker extends Thread {
        /** Those whom it has resumed itself, and serves next. */
        final Deque<FuseRequest> own = new ArrayDeque<>();

        private @Nullable Exchange exchange;

        Worker(String name) {
            super(name);
            setDaemon(true);
        }

        final Crew crew() {
            return Crew.this;
        }

        /** Its memory, which a thread that never works does not take. */
        final Exchange exchange() {
            Exchange made = exchange;
            if (made == null) {
                made = connection.exchange();
                exchange = made;
            }
            return made;
        }

        final void serveOwn() {
            FuseRequest request;
            while ((request = own.poll()) != null) {
                connection.serveAgain(request, exchange());
            }
        }
    }

    /** Serves those who have waited. */
    private final class Helper extends Worker {
        Helper(int number) {
            super("sluice-mount-again-" + number);
        }

        @Override
        public void run() {
            try {
                while (true) {
                    connection.serveAgain(resumed.take(), exchange());
                    serveOwn();
                }
            } catch (InterruptedException e) {
                // The end.
            } catch (RuntimeException | Error e) {
                hasFailed(e); // else those who have waited would wait for ever
            }
        }
    }

    /** Waits for the kernel's requests, and serves them. */
    private final class Loop extends Worker {
        private final int number;
        private final Device device;

        /** Where it looks for requests without waiting for one; {@link #first} when there is no such device. */
        private final Device eager;

        private final Pace pace = new Pace(Runtime.getRuntime().availableProcessors());

        /** This thread where it waits; only as long as it may. Guarded by the loop. */
        private Events.@Nullable Sleeper sleeper;

        private int inPile;
        private int asker;
        private int alone;

        Loop(int number, Device device, Device eager) {
            super("sluice-mount-" + number);
            this.number = number;
            this.device = device;
            this.eager = eager;
        }

        void wake() {
            LockSupport.unpark(this);
            synchronized (this) {
                if (sleeper != null) {
                    sleeper.wake();
                }
            }
        }

        private synchronized void waitsAs(Events.@Nullable Sleeper itself) {
            sleeper = itself;
        }

        @Override
        public void run() {
            Events.Sleeper itself = new Events.Sleeper();
            try {
                waitsAs(itself);
                while (!isOver) {
                    if (number < wanted) {
                        receive(itself);
                    } else {
                        LockSupport.park(this);
                    }
                }
            } catch (RuntimeException | Error e) {
                hasFailed(e);
            } finally {
                waitsAs(null);
                ended.countDown();
            }
        }

        private void receive(Events.Sleeper itself) {
            Exchange exchange = exchange();
            long before = System.nanoTime();
            atDevice.incrementAndGet();
            Device from = eager;
            long length = look(exchange, itself, before);
            if (length == NONE) {
                from = device;
                length = exchange.receive(device, itself);
            }
            boolean isNobodyThere = atDevice.decrementAndGet() == 0;
            if (length < 0) {
                failed(length);
                return;
            }
            boolean isLong = length > LONG || exchange.isLong(LONG);
            received.incrementAndGet();
            long waited = System.nanoTime() - before;
            pace.came(exchange.asker(), waited, isLong);
            count(exchange.asker(), waited < AT_ONCE_NANOS);
            if (isNobodyThere && (isLong || inPile >= PILE)) {
                more();
            }
            connection.serve(exchange, from);
            if (!own.isEmpty()) {
                if (atDevice.get() == 0) {
                    more();
                }
                isLong = true;
                serveOwn();
            }
            alone = isLong || inPile > 0 ? 0 : alone + 1;
            if (alone >= IDLE && number > 0 && number == wanted - 1) {
                alone = 0;
                wanted = number;
            } else if (wanted > 1 && pace.awakeNanos() > 0) {
                wanted = 1; // one program asks, quickly: who sleeps at the device would only be woken in vain
            }
        }

        /** Looks for a request for a while, if that is worth while; answers {@link #NONE} when none comes. */
        private long look(Exchange exchange, Events.Sleeper itself, long start) {
            long most = wanted > 1 || eager.equals(first) ? 0 : pace.awakeNanos();
            if (most == 0) {
                return NONE;
            }
            long length;
            do {
                length = exchange.receive(eager, itself);
            } while (length == NONE && System.nanoTime() - start < most);
            if (length == NONE) {
                pace.missed();
            }
            return length;
        }

        /** A single thread that asks one thing after the other leaves requests behind that are no pile. */
        private void count(int now, boolean isAtOnce) {
            if (!isAtOnce) {
                inPile = 0;
            } else if (now != 0 && now != asker) {
                inPile++;
            }
            asker = now == 0 ? asker : now;
        }

        private void failed(long error) {
            if (error == Errno.ENOENT.negated() || error == Errno.EAGAIN.negated() || error == Errno.EINTR.negated()) {
                return; // the request was given up before it was received, or this thread was woken to see the end
            }
            if (error != Errno.ENODEV.negated() && error != Errno.ECONNABORTED.negated()) {
                LOG.log(System.Logger.Level.ERROR, "reading /dev/fuse failed: {0}", Errno.describe(error));
            }
            over();
        }
    }

    /** One more at the device, if there is one. */
    private void more() {
        int now = wanted;
        if (now < loops.length) {
            wanted = now + 1;
            LockSupport.unpark(loops[now]);
        }
    }
}
