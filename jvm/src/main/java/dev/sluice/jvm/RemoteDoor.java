package dev.sluice.jvm;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A door to a workflow whose server is another process: {@code sluice serve} or {@code sluice run}. It asks by connections of
 * which each serves one request at a time, so that a wait holds up no other; those who are not in use are kept for the next,
 * a few of them. Safe for use by many threads.
 */
final class RemoteDoor implements Door {
    private static final int MOST_IDLE = 8;
    private static final int MOST_CONNECTING = 16;
    private static final int FAILED = 1;
    private static final Duration LONGEST_END = Duration.ofSeconds(10);

    private final Path directory;
    private final String step;
    private final String key;

    /**
     * Where the server is met, found out before anything of the directory is managed: what a program with the agent asks of it
     * then comes back here.
     */
    private final List<MeetingPoint> places;

    /** Lasts as long as this process takes part. */
    private final SocketChannel stay;

    private final @Nullable Membership membership;
    private final Set<Depositing> owing = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedDeque<Errand> idle = new ConcurrentLinkedDeque<>();

    /** A server takes up so many at once that a thousand may come in one moment, but not all of them by themselves. */
    private final Semaphore connecting = new Semaphore(MOST_CONNECTING);

    private final AtomicInteger idleCount = new AtomicInteger();
    private volatile boolean isClosed;

    /** What is wrong since the server has ended, once that was noticed. */
    private volatile @Nullable String loss;

    /** Who ends this process, when it ends. */
    private volatile @Nullable Thread ending;

    /**
     * That this process has begun a run of its step, by a connection that lasts as long as that.
     *
     * @param environment what the processes of the step have in theirs
     * @param isWhole whether it ends with this process
     */
    record Membership(SocketChannel channel, Map<String, String> environment, boolean isWhole) {}

    private RemoteDoor(Path directory, String step, String key, SocketChannel stay, @Nullable Membership membership)
            throws IOException {
        this.directory = directory;
        places = MeetingPoint.known(directory);
        this.step = step;
        this.key = key;
        this.stay = stay;
        this.membership = membership;
    }

    /**
     * Goes in as what this process is: a process of a step that runs, since it was started by it.
     *
     * @param directory the managed directory
     */
    static RemoteDoor enter(Path directory) throws IOException {
        String token = System.getenv("SLUICE_SESSION");
        return enter(directory, token == null ? "" : token, null);
    }

    static RemoteDoor enter(Path directory, String token, @Nullable Membership membership) throws IOException {
        SocketChannel channel = connect(directory);
        try {
            Map<String, Object> answer = new Line()
                    .with("do", "enter")
                    .with("process", ProcessHandle.current().pid())
                    .with("session", token)
                    .ask(channel);
            return new RemoteDoor(
                    Path.of(String.valueOf(answer.get("directory"))),
                    String.valueOf(answer.get("step")),
                    String.valueOf(answer.get("key")),
                    channel,
                    membership);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Begins a run of a step, of which this process is the first, as {@code sluice exec} does for others; the run ends when the
     * door is closed.
     *
     * @param directory the managed directory
     * @param step the step
     * @param isWhole is all of this process the step, for good? Then what it does by the mount is the step's, too, and the run
     *     ends with it
     */
    static RemoteDoor join(Path directory, String step, boolean isWhole) throws IOException {
        return join(directory, step, isWhole, new Line());
    }

    /**
     * The same for one who knows more of the workflow.
     *
     * @param request what else is said with the request: {@code workflow}, {@code flow}
     */
    static RemoteDoor join(Path directory, String step, boolean isWhole, Line request) throws IOException {
        SocketChannel channel = connect(directory);
        try {
            Map<String, Object> answer =
                    request.with("do", "join").with("step", step).ask(channel);
            Map<String, String> environment = new LinkedHashMap<>();
            if (answer.get("environment") instanceof Map<?, ?> variables) {
                variables.forEach((name, value) -> environment.put(String.valueOf(name), String.valueOf(value)));
            }
            if (isWhole) {
                new Line()
                        .with("do", "started")
                        .with("process", ProcessHandle.current().pid())
                        .with("command", command())
                        .ask(channel);
            }
            return enter(
                    directory,
                    environment.getOrDefault("SLUICE_SESSION", ""),
                    new Membership(channel, Map.copyOf(environment), isWhole));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static String command() {
        return "java " + System.getProperty("sun.java.command", "");
    }

    private static SocketChannel connect(Path directory) throws IOException {
        SocketChannel channel = MeetingPoint.connect(directory);
        if (channel == null) {
            throw new FileSystemException(
                    directory.toString(),
                    null,
                    "nobody serves this directory: start sluice serve or sluice run there, as this user");
        }
        return channel;
    }

    /** {@return what processes of the step that this one starts must have in their environment} */
    Map<String, String> environment() {
        return membership == null ? Map.of() : membership.environment;
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public String step() {
        return step;
    }

    String key() {
        return key;
    }

    /** What is said before the answer comes. */
    @FunctionalInterface
    interface Words {
        void into(Parcel request) throws IOException;
    }

    /** What is made of the answer. */
    @FunctionalInterface
    interface Reading<T extends @Nullable Object> {
        T of(Parcel answer) throws IOException;
    }

    /** Something was written that the server does not know yet. */
    void owes(Depositing one) {
        owing.add(one);
    }

    void owesNoMore(Depositing one) {
        owing.remove(one);
    }

    <T extends @Nullable Object> T ask(int what, Words words, Reading<T> reading) throws IOException {
        if (what != Ask.WROTE && what != Ask.LEND_ROOM) {
            owing.forEach(Depositing::settle); // who asks sees what he has written
        }
        Errand errand = take();
        boolean isUsable = false;
        try {
            words.into(errand.request().begin(what));
            Parcel answer;
            try {
                answer = errand.ask();
                isUsable = true;
            } finally {
                isUsable |= !errand.isClosed();
            }
            return reading.of(answer);
        } catch (IOException e) {
            if (errand.isClosed()) {
                throw isClosed ? closed() : ended(e);
            }
            throw e;
        } finally {
            giveBack(errand, isUsable || !errand.isClosed());
        }
    }

    private void tell(int what, Words words) throws IOException {
        Object _ = ask(what, words, _ -> what);
    }

    /** {@return what is wrong since the server has ended; null as long as nobody has noticed that} */
    @Nullable
    String loss() {
        return loss;
    }

    private IOException ended(@Nullable IOException cause) {
        IOException ended = new FileSystemException(
                directory.toString(),
                null,
                "the server of this directory has ended, or does not know this process any more; what was being"
                        + " written is lost, or not complete");
        loss = ended.getMessage();
        if (cause != null) {
            ended.initCause(cause);
        }
        return ended;
    }

    private Errand take() throws IOException {
        if (isClosed) {
            throw closed();
        }
        Errand errand = idle.pollFirst();
        if (errand != null) {
            idleCount.decrementAndGet();
            return errand;
        }
        return Aside.does(this::connect);
    }

    private Errand connect() throws IOException {
        connecting.acquireUninterruptibly();
        try {
            SocketChannel channel = MeetingPoint.connect(places);
            if (channel == null) {
                throw ended(null);
            }
            try {
                Map<String, Object> _ =
                        new Line().with("do", "enter").with("key", key).ask(channel);
                return new Errand(channel);
            } catch (IOException e) {
                channel.close();
                throw isClosed ? closed() : ended(e);
            }
        } finally {
            connecting.release(); // not before the server has taken it up
        }
    }

    /**
     * A program's threads do not see its end, so they are not told of it here; but should the end be long in coming, they may be
     * what it waits for.
     */
    private IOException closed() {
        if (ending != null && !Thread.currentThread().equals(ending)) {
            long deadline = System.nanoTime() + LONGEST_END.toNanos();
            for (long left = LONGEST_END.toNanos(); left > 0; left = deadline - System.nanoTime()) {
                LockSupport.parkNanos(this, left);
                boolean _ = Thread.interrupted(); // it would not park again
            }
        }
        return new ClosedChannelException();
    }

    private void giveBack(Errand errand, boolean isUsable) {
        if (!isUsable || isClosed || idleCount.incrementAndGet() > MOST_IDLE) {
            if (isUsable && !isClosed) {
                idleCount.decrementAndGet();
            }
            errand.close();
            return;
        }
        idle.addFirst(errand);
        if (isClosed && idle.remove(errand)) {
            errand.close();
        }
    }

    @Override
    public RemoteFile open(String path, int flags, int mode) throws IOException {
        long number = ask(Ask.OPEN, request -> request.put(path).put(flags).put(mode), Parcel::getLong);
        return new RemoteFile(this, number);
    }

    @Override
    public Status status(String path, boolean followsLinks) throws IOException {
        return ask(Ask.STATUS, request -> request.put(path).put(followsLinks), Codec::status);
    }

    @Override
    public int kind(String path, boolean followsLinks) throws IOException {
        return ask(Ask.KIND, request -> request.put(path).put(followsLinks), Parcel::getInt);
    }

    @Override
    public boolean allows(String path, int wanted) throws IOException {
        return ask(Ask.ALLOWS, request -> request.put(path).put(wanted), Parcel::getTruth);
    }

    @Override
    public void makeDirectory(String path, int mode) throws IOException {
        tell(Ask.MAKE_DIRECTORY, request -> request.put(path).put(mode));
    }

    @Override
    public void makeSymbolicLink(String path, String target) throws IOException {
        tell(Ask.MAKE_LINK, request -> request.put(path).put(target));
    }

    @Override
    public String target(String path) throws IOException {
        return ask(Ask.TARGET, request -> request.put(path), Parcel::getText);
    }

    @Override
    public void link(String path, String existing) throws IOException {
        tell(Ask.LINK, request -> request.put(path).put(existing));
    }

    @Override
    public void remove(String path) throws IOException {
        tell(Ask.REMOVE, request -> request.put(path));
    }

    @Override
    public void rename(String path, String newPath, boolean replaces) throws IOException {
        tell(Ask.RENAME, request -> request.put(path).put(newPath).put(replaces));
    }

    @Override
    public void change(String path, boolean followsLinks, Wish wish) throws IOException {
        tell(Ask.CHANGE, request -> Codec.put(request.put(path).put(followsLinks), wish));
    }

    @Override
    public byte @Nullable [] extended(String path, String name) throws IOException {
        return ask(Ask.EXTENDED, request -> request.put(path).put(name), Parcel::getBytes);
    }

    @Override
    public List<String> extendedNames(String path) throws IOException {
        return ask(Ask.EXTENDED_NAMES, request -> request.put(path), answer -> {
            List<String> names = new ArrayList<>();
            while (answer.getTruth()) {
                names.add(answer.getText());
            }
            return names;
        });
    }

    @Override
    public void setExtended(String path, String name, byte @Nullable [] value) throws IOException {
        tell(Ask.SET_EXTENDED, request -> request.put(path).put(name).put(value));
    }

    @Override
    public Listing list(String path) throws IOException {
        return new RemoteListing(this, ask(Ask.LIST, request -> request.put(path), Parcel::getLong));
    }

    @Override
    public String real(String path) throws IOException {
        return ask(Ask.REAL, request -> request.put(path), Parcel::getText);
    }

    void closed(long number) throws IOException {
        if (!isClosed) {
            tell(Ask.CLOSE, request -> request.put(number));
        }
    }

    /** Goes without a word, as a process that is killed. */
    void drop() throws IOException {
        isClosed = true;
        stay.close();
        closeAll();
        if (membership != null) {
            membership.channel.close();
        }
    }

    private void closeAll() {
        for (Errand errand = idle.poll(); errand != null; errand = idle.poll()) {
            errand.close();
        }
    }

    @Override
    public void close() throws IOException {
        close(0);
    }

    /** Closes what is open, and ends the run of the step if this process has begun it: it has failed. */
    void fail() throws IOException {
        close(FAILED);
    }

    /** The same at the end of this process, of which the other threads learn nothing. */
    void endProcess(int status) throws IOException {
        ending = Thread.currentThread();
        close(status);
    }

    /**
     * The same with the status that this process ends with.
     *
     * @param status 0 when it ends well
     */
    void close(int status) throws IOException {
        if (isClosed) {
            return;
        }
        owing.forEach(Depositing::settle);
        isClosed = true;
        Object _ = Aside.does(() -> goes(status));
    }

    private Object goes(int status) throws IOException {
        try (stay) {
            new Parcel().begin(status == 0 ? Ask.BYE : Ask.FAILS).send(stay);
            int _ = new Parcel().receive(stay); // until all is closed there
            closeAll();
            if (membership != null) {
                end(membership, status);
            }
            return this;
        } catch (IOException e) {
            throw ended(e);
        }
    }

    /** The server answers when the run has ended, or, after a while, that processes are left: this one, if it is the whole step. */
    private static void end(Membership membership, int status) throws IOException {
        try (SocketChannel channel = membership.channel) {
            Line last = new Line().with("do", "ended").with("status", status).with("command", command());
            if (membership.isWhole) {
                last.send(channel);
            } else {
                last.end(channel);
            }
        }
    }
}
