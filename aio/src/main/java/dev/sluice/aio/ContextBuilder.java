package dev.sluice.aio;

import dev.sluice.linux.Availability;
import dev.sluice.linux.Errno;
import dev.sluice.linux.Ring;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Context}.
 *
 * {@snippet :
 * try (Context context = Context.builder().depth(256).open();
 *         AsyncFile file = AsyncFile.open(path, context, StandardOpenOption.READ)) {
 *     context.statistics();
 * }
 * }
 *
 * <p>One thread at a time.
 */
public final class ContextBuilder {
    /** The system property that chooses the kind of contexts which are built without one. */
    public static final String PROPERTY = "sluice.aio.context";

    /** The environment variable that does so when the system property is not set. */
    public static final String VARIABLE = "SLUICE_AIO_CONTEXT";

    private static final int DEPTH_MAX = 32_768;
    private static final int THREADS_MAX = 1_024;
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final System.Logger LOG = System.getLogger(ContextBuilder.class.getName());

    private Context.@Nullable Kind kind;
    private int depth = 1_024;
    private int threads = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());
    private String name = "sluice-aio-" + NUMBER.incrementAndGet();
    private boolean closable = true;

    ContextBuilder() {}

    /**
     * Demands a kind; else it is chosen as {@link Context} says.
     *
     * @param kind the kind
     * @return this
     */
    public ContextBuilder kind(Context.Kind kind) {
        this.kind = Objects.requireNonNull(kind, "kind");
        return this;
    }

    /**
     * Sets how many operations may be in flight; 1024 when not said.
     *
     * @param operations from 1 to 32768
     * @return this
     */
    public ContextBuilder depth(int operations) {
        depth = within(operations, DEPTH_MAX, "depth");
        return this;
    }

    /**
     * Sets how many threads a context of the kind {@link Context.Kind#THREADS} has at most; when not said two for each
     * processor, and 8 at least.
     *
     * @param count from 1 to 1024
     * @return this
     */
    public ContextBuilder threads(int count) {
        threads = within(count, THREADS_MAX, "threads");
        return this;
    }

    /**
     * Names the context and its threads.
     *
     * @param name the name
     * @return this
     */
    public ContextBuilder name(String name) {
        this.name = Objects.requireNonNull(name, "name");
        return this;
    }

    ContextBuilder unclosable() {
        closable = false;
        return this;
    }

    private static int within(int value, int maximum, String what) {
        if (value < 1 || value > maximum) {
            throw new IllegalArgumentException(what + " must be from 1 to " + maximum + ": " + value);
        }
        return value;
    }

    /**
     * Says whether contexts of a kind can be opened here, and if not, why.
     *
     * @param kind the kind
     * @return nothing when it can be opened; else one plain sentence
     */
    public static java.util.Optional<String> whyNot(Context.Kind kind) {
        return switch (kind) {
            case THREADS -> java.util.Optional.empty();
            case URING -> {
                Availability availability = Ring.availability();
                yield availability.available()
                        ? java.util.Optional.empty()
                        : java.util.Optional.of(availability.reason());
            }
        };
    }

    /**
     * Opens the context.
     *
     * @return the context, which the caller closes
     * @throws UnsupportedOperationException when a kind was demanded that this machine does not offer; says why. A kind
     *     that the property or the variable names, or none, never fails: it falls back to threads
     * @throws UncheckedIOException when the machine offers it, but not now, as when too many files are open
     */
    public Context open() {
        return made().watched();
    }

    private Context made() {
        if (kind != null) {
            return switch (kind) {
                case THREADS -> threads("it was asked for");
                case URING -> {
                    try {
                        yield new UringContext(name, depth, "it was asked for", closable);
                    } catch (FileSystemException e) {
                        String failure = "context '" + name + "' cannot be opened: " + e.getReason();
                        throw isShortage(failure)
                                ? new UncheckedIOException(failure, e)
                                : new UnsupportedOperationException(failure, e);
                    }
                }
            };
        }
        String source = System.getProperty(PROPERTY) != null ? "system property " + PROPERTY : VARIABLE;
        String value = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        if (value == null || value.isBlank()) {
            return automatic("nothing else was asked for");
        }
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "threads" -> threads(source + " says so");
            case "uring" -> automatic(source + " says so");
            case "auto" -> automatic("nothing else was asked for");
            default -> {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0} has the unknown value \"{1}\" and is ignored: use uring, threads or auto",
                        source,
                        value);
                yield automatic(source + " has the unknown value \"" + value + "\"");
            }
        };
    }

    /** True when the machine offers what cannot be had just now. */
    private static boolean isShortage(String failure) {
        return Stream.of(Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM).anyMatch(errno -> failure.contains(errno.name()));
    }

    private Context automatic(String why) {
        Availability availability = Ring.availability();
        if (!availability.available()) {
            return threads(availability.reason());
        }
        try {
            return new UringContext(name, depth, why + ", and io_uring is available", closable);
        } catch (FileSystemException e) {
            return threads(String.valueOf(e.getReason()));
        }
    }

    private Context threads(String reason) {
        return new ThreadsContext(name, depth, threads, reason, closable);
    }
}
