package dev.sluice.stream;

import dev.sluice.linux.Errno;
import dev.sluice.linux.OpenFlag;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A program of a step: uses the tree as a process would, and waits in a virtual thread where it has to. */
final class Program {
    static final int READ = OpenFlag.READ_ONLY.bits();
    static final int WRITE = OpenFlag.WRITE_ONLY.bits();
    static final int TRUNCATE = OpenFlag.TRUNCATE.bits();
    static final int APPEND = OpenFlag.APPEND.bits();
    private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

    private final Tree tree;
    private final @Nullable Session session;
    private final int user;
    private final int group;

    Program(Workflow workflow, @Nullable Session session) {
        this(workflow.tree(), session, 0, 0);
    }

    private Program(Tree tree, @Nullable Session session, int user, int group) {
        this.tree = tree;
        this.session = session;
        this.user = user;
        this.group = group;
    }

    /** {@return a program of the same step, run by somebody else} */
    Program as(int otherUser, int otherGroup) {
        return new Program(tree, session, otherUser, otherGroup);
    }

    /** What a step does, which may wait. */
    @FunctionalInterface
    interface Deed<T> {
        T of(Request request) throws Refusal, Parked;
    }

    private final class Call extends Request {
        volatile CountDownLatch resumed = new CountDownLatch(1);

        @Override
        public int task() {
            return 0;
        }

        @Override
        public int user() {
            return user;
        }

        @Override
        public int group() {
            return group;
        }

        @Override
        public int umask() {
            return 022;
        }

        @Override
        public @Nullable Session session() {
            return session;
        }

        @Override
        protected void resume() {
            resumed.countDown();
        }
    }

    <T> T now(Deed<T> deed) throws Refusal {
        Call call = new Call();
        while (true) {
            try {
                return deed.of(call);
            } catch (Parked e) {
                try {
                    if (!call.resumed.await(30, TimeUnit.SECONDS)) {
                        throw new AssertionError("waited too long");
                    }
                } catch (InterruptedException interrupted) {
                    tree.cancel(call);
                    throw Refusal.of(Errno.EINTR);
                }
                call.resumed = new CountDownLatch(1);
            }
        }
    }

    /** Does it in another thread. */
    <T> CompletableFuture<T> later(Deed<T> deed) {
        CompletableFuture<T> result = new CompletableFuture<>();
        THREADS.execute(() -> {
            try {
                result.complete(now(deed));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** Computes in a thread of its own. */
    static <T> CompletableFuture<T> inThread(java.util.function.Supplier<T> supplier) {
        return CompletableFuture.supplyAsync(supplier, THREADS);
    }

    static <T> T get(CompletableFuture<T> result) throws Exception {
        try {
            return result.get(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    Node find(Request request, String path) throws Refusal {
        Node at = tree.root();
        for (String name : path.split("/", -1)) {
            if (name.isEmpty()) {
                continue;
            }
            Node next = tree.lookup(request, at, Underlying.name(name.getBytes(StandardCharsets.UTF_8)));
            if (next == null) {
                throw Refusal.of(Errno.ENOENT);
            }
            at = next;
        }
        return at;
    }

    private Node parent(Request request, String path) throws Refusal {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? tree.root() : find(request, path.substring(0, slash));
    }

    private static String name(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return Underlying.name(name.getBytes(StandardCharsets.UTF_8));
    }

    Handle open(String path, int flags) throws Refusal {
        return now(request -> tree.open(request, find(request, path), flags));
    }

    Handle create(String path) throws Refusal {
        return create(path, 0);
    }

    Handle create(String path, int flags) throws Refusal {
        return now(request -> tree.create(request, parent(request, path), name(path), WRITE | flags, 0644));
    }

    void makeDirectory(String path) throws Refusal {
        now(request -> tree.makeDirectory(request, parent(request, path), name(path), 0755));
    }

    void removeDirectory(String path) throws Refusal {
        now(request -> {
            tree.removeDirectory(request, parent(request, path), name(path));
            return path;
        });
    }

    void link(String path, String other) throws Refusal {
        now(request -> {
            tree.link(request, find(request, path), parent(request, other), name(other));
            return other;
        });
    }

    void remove(String path) throws Refusal {
        now(request -> {
            tree.remove(request, parent(request, path), name(path));
            return path;
        });
    }

    void rename(String from, String to) throws Refusal {
        rename(from, to, 0);
    }

    void exchange(String one, String other) throws Refusal {
        rename(one, other, Renaming.EXCHANGE);
    }

    void rename(String from, String to, int flags) throws Refusal {
        now(request -> {
            tree.rename(request, parent(request, from), name(from), parent(request, to), name(to), flags);
            return to;
        });
    }

    void change(String path, Change change) throws Refusal {
        now(request -> {
            tree.change(request, find(request, path), null, change, new Attributes());
            return path;
        });
    }

    int write(Handle handle, long offset, String text) throws Refusal {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            return now(request -> tree.write(request, handle, offset, bytes.length, memory::address, handle.appends()));
        }
    }

    String read(Handle handle, long offset, int length) throws Refusal {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(length);
            int count = now(request -> tree.read(request, handle, offset, length, memory::address));
            return new String(memory.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
        }
    }

    void close(Handle handle) {
        tree.close(handle);
    }

    /** Writes a file from start to end. */
    void put(String path, String text) throws Refusal {
        Handle handle = create(path);
        write(handle, 0, text);
        close(handle);
    }

    /** Reads a file from start to end in another thread; looks its name up once more when it leads elsewhere, as the kernel does. */
    CompletableFuture<String> laterGet(String path) {
        CompletableFuture<String> result = new CompletableFuture<>();
        THREADS.execute(() -> {
            try {
                Handle handle;
                try {
                    handle = openFound(path);
                } catch (Refusal e) {
                    if (e.errno() != Errno.ESTALE) {
                        throw e;
                    }
                    handle = openFound(path);
                }
                result.complete(readAll(handle));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private Handle openFound(String path) throws Refusal {
        Node node = now(request -> find(request, path));
        return now(request -> tree.open(request, node, READ));
    }

    /** Reads a file from start to end. */
    String get(String path) throws Refusal {
        return readAll(open(path, READ));
    }

    private String readAll(Handle handle) throws Refusal {
        try {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            while (true) {
                String part = read(handle, all.size(), 1 << 16);
                if (part.isEmpty()) {
                    return all.toString(StandardCharsets.ISO_8859_1);
                }
                all.writeBytes(part.getBytes(StandardCharsets.ISO_8859_1));
            }
        } finally {
            close(handle);
        }
    }

    Attributes stat(String path) throws Refusal {
        Attributes attributes = new Attributes();
        now(request -> {
            tree.attributes(request, find(request, path), false, attributes);
            return attributes;
        });
        return attributes;
    }

    List<String> list(String path) throws Refusal {
        Listing listing = now(request -> tree.openDirectory(request, find(request, path)));
        try {
            List<String> names = new ArrayList<>();
            long[] cookie = {0};
            while (true) {
                int before = names.size();
                now(request -> {
                    tree.list(request, listing, cookie[0], (name, _, _, next) -> {
                        names.add(name);
                        cookie[0] = next;
                        return true;
                    });
                    return names;
                });
                if (names.size() == before) {
                    names.removeAll(List.of(".", ".."));
                    return names;
                }
            }
        } finally {
            tree.close(listing);
        }
    }
}
