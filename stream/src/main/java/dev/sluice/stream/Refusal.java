package dev.sluice.stream;

import dev.sluice.linux.Errno;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Says that an operation cannot be, with the kernel's own error number. There is one of each, without a stack trace. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private static final Map<Errno, Refusal> ALL = new EnumMap<>(Errno.class);

    static {
        for (Errno errno : Errno.values()) {
            ALL.put(errno, new Refusal(errno));
        }
    }

    /** The kernel's error number. */
    private final Errno errno;

    private Refusal(Errno errno) {
        super(errno.name() + ", " + errno.text(), null, false, false);
        this.errno = errno;
    }

    static Refusal of(Errno errno) {
        return Objects.requireNonNull(ALL.get(errno));
    }

    /** {@return the error number} */
    public Errno errno() {
        return errno;
    }
}
