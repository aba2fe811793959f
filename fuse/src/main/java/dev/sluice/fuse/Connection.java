package dev.sluice.fuse;

import static dev.sluice.fuse.Exchange.BODY;

import dev.sluice.linux.Errno;
import dev.sluice.stream.Node;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one mount, from the device to the service and back. A request that waits holds no thread: it is kept here
 * until it is resumed, interrupted, or the mount ends. Safe for use by many threads.
 */
final class Connection {
    private static final System.Logger LOG = System.getLogger(Mount.class.getName());

    private final Service service;
    private final Device first;
    private final Arena arena = Arena.ofShared();
    private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
    private final Spares spares = new Spares(Exchange.MOST + Exchange.WRITTEN);
    private final ConcurrentHashMap<Long, FuseRequest> waiting = new ConcurrentHashMap<>();
    private final CompletableFuture<Agreement> agreement = new CompletableFuture<>();
    private final Crew crew;
    private volatile boolean isEnding;

    /** Held by who tells the kernel to forget something, so that the device's number is no other file's meanwhile. */
    private final ReentrantReadWriteLock telling = new ReentrantReadWriteLock();

    private volatile boolean hasEnded;

    /** Serves a mounted device with so many threads at most. */
    Connection(int device, Service service, int threads, Wakefulness wakefulness) {
        this.service = service;
        first = new Device(device);
        crew = new Crew(this, first, threads, wakefulness);
    }

    Service service() {
        return service;
    }

    void start() {
        crew.start();
    }

    /** Waits until kernel and server have agreed. */
    @Nullable
    Agreement agreement(Duration most) throws InterruptedException {
        try {
            return agreement.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    Crew crew() {
        return crew;
    }

    boolean isEnding() {
        return isEnding;
    }

    Exchange exchange() {
        Exchange exchange = new Exchange(arena, new FuseRequest(this, first));
        exchanges.add(exchange);
        return exchange;
    }

    /** Serves what an exchange has received. */
    void serve(Exchange exchange, Device device) {
        exchange.begin(device);
        switch (exchange.request().opcode()) {
            case Opcode.INIT -> {
                Agreement agreed = Agreement.answer(exchange);
                if (agreed != null) {
                    service.agreed(agreed, device);
                    agreement.complete(agreed);
                }
            }
            case Opcode.INTERRUPT -> interrupt(exchange);
            case Opcode.DESTROY -> {
                end(exchange);
                exchange.answer();
            }
            default -> serve(exchange);
        }
        exchange.end();
    }

    private void serve(Exchange exchange) {
        FuseRequest request = exchange.request();
        boolean isDone;
        try {
            isDone = service.serve(exchange);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "a request of the kernel, number " + request.opcode() + ", failed", e);
            isDone = true;
            if (!exchange.isAnswered() && !Opcode.isSilent(request.opcode())) {
                exchange.refuse(Errno.EIO);
            }
        }
        if (isDone) {
            if (request.kept() != null) {
                waiting.remove(request.unique());
                exchange.part(new FuseRequest(this, first), spares); // others may still know it
                forgetBytes(request);
            }
        } else {
            letWait(exchange, request);
        }
    }

    private void letWait(Exchange exchange, FuseRequest request) {
        exchange.part(new FuseRequest(this, first), spares);
        waiting.put(request.unique(), request);
        if (!request.waits()) {
            crew.serveAgain(request);
        } else if (request.isInterrupted() || isEnding) {
            giveUp(request, exchange);
        }
    }

    /** Who waited is to be served again. */
    void resume(FuseRequest request) {
        if (request.takeUp()) {
            crew.serveAgain(request);
        }
    }

    /** Serves a request that has waited. */
    void serveAgain(FuseRequest request, Exchange exchange) {
        byte[] bytes = request.kept();
        if (bytes == null) {
            throw new AssertionError("a request that has waited has no bytes");
        }
        exchange.beginAgain(request, bytes);
        serve(exchange);
        exchange.end();
    }

    private void giveUp(FuseRequest request, Exchange exchange) {
        if (request.isWaiting() && service.cancel(request) && request.takeUp()) {
            waiting.remove(request.unique());
            exchange.send(request.device(), request.unique(), Errno.EINTR.negated(), 0);
            forgetBytes(request);
        }
    }

    /** It has been answered. */
    private void forgetBytes(FuseRequest request) {
        byte[] bytes = request.kept();
        if (bytes != null) {
            request.keep(null);
            spares.giveBack(bytes);
        }
    }

    /**
     * The caller of a request has got a signal. If nobody has seen that request yet, the kernel is to say it again; where it
     * was received is not known, so it is told so on each device, of which all but one take no notice.
     */
    private void interrupt(Exchange exchange) {
        long unique = exchange.longAt(BODY);
        FuseRequest request = find(unique);
        if (request != null) {
            request.interrupt(unique);
            giveUp(request, exchange);
        } else {
            long own = exchange.request().unique();
            for (Device each : crew.devices()) {
                exchange.send(each, own, Errno.EAGAIN.negated(), 0);
            }
        }
    }

    private @Nullable FuseRequest find(long unique) {
        FuseRequest request = waiting.get(unique);
        for (int i = 0; request == null && i < exchanges.size(); i++) {
            request = exchanges.get(i).served(unique);
        }
        return request == null ? waiting.get(unique) : request; // it may have begun to wait meanwhile
    }

    /** {@return how many requests wait} */
    int waiting() {
        return waiting.size();
    }

    /** Ends all waiting, also of those who would begin to. */
    void end(Exchange exchange) {
        isEnding = true;
        waiting.values().forEach(request -> giveUp(request, exchange));
    }

    /** As {@link #end(Exchange)}, and each thread goes with the next request. */
    void end() {
        isEnding = true;
        if (!waiting.isEmpty()) {
            end(exchange());
        }
        crew.over();
    }

    /** The kernel is to forget the bytes and attributes of a file that it keeps; false when it does not know the file. */
    boolean forget(Node file) {
        return tell(() ->
                service.numbers(file).filter(number -> first.forget(number, 0)).count() > 0);
    }

    /** The kernel is to forget what a file is like, and from a place on its bytes, if it keeps any of these under its own number. */
    void forget(Node file, long from) {
        boolean _ = tell(() -> first.forget(file.id(), from));
    }

    /** The kernel is to forget where a name leads; false when it does not know it. */
    boolean forget(long parent, String name) {
        return tell(() -> first.forget(parent, name));
    }

    /** Others change files when the mount is gone, too. */
    private boolean tell(BooleanSupplier notice) {
        telling.readLock().lock();
        try {
            return !hasEnded && notice.getAsBoolean();
        } finally {
            telling.readLock().unlock();
        }
    }

    /** Waits, but not for ever, for those who tell the kernel something: they wait for the kernel. */
    private void tellNothingMore() {
        hasEnded = true;
        try {
            if (telling.writeLock().tryLock(1, TimeUnit.SECONDS)) {
                telling.writeLock().unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The device is at its end and all threads are. */
    void ended() {
        isEnding = true;
        tellNothingMore();
        service.ended();
        exchanges.forEach(Exchange::close);
        exchanges.clear();
        arena.close();
    }
}
