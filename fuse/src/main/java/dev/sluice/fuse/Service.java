package dev.sluice.fuse;

import dev.sluice.stream.Node;
import dev.sluice.stream.Session;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What answers the requests of a {@link Connection}. Called by many threads. */
interface Service {
    /**
     * Answers a request through its exchange.
     *
     * @return false when it waits, and its {@link FuseRequest#resume} has been or will be called; it is then brought again
     */
    boolean serve(Exchange exchange);

    /** {@return true when the request waited; now it will not be resumed} */
    boolean cancel(FuseRequest request);

    /** {@return the step to which a thread belongs, or null} */
    @Nullable
    Session session(int task);

    /** {@return the numbers by which the kernel may know a file} */
    default LongStream numbers(Node node) {
        return LongStream.of(node.id());
    }

    /** Kernel and server have agreed. Called before any request is brought. */
    void agreed(Agreement agreement, Device device);

    /** After that, and before anybody is told of the mount: refuses it when a tier is demanded that cannot be had. */
    void checkTier(Path directory) throws FileSystemException;

    /** The mount is gone: nothing more will be asked, and whatever is open is so no longer. */
    void ended();
}
