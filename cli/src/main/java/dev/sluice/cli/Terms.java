package dev.sluice.cli;

import dev.sluice.fuse.Awake;
import dev.sluice.fuse.Mount;
import dev.sluice.fuse.MountOptions;
import dev.sluice.fuse.Tier;
import dev.sluice.linux.Availability;
import dev.sluice.stream.Ending.Keep;
import dev.sluice.stream.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** On which terms a directory is served: what stays, how long waits last, how much memory there is. One thread at a time. */
final class Terms {
    @Option(
            names = "--keep",
            paramLabel = "all|permanent|none",
            converter = KeepChoice.class,
            completionCandidates = KeepChoice.class,
            description =
                    "What stays in the directory of the files that flow; permanent: what the flow calls so, and what"
                            + " no step consumes (default: permanent).")
    private @Nullable Keep keep;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long one wait may last, such as 90s, 10m or 2h; then it fails. Not said: for ever.")
    private @Nullable Duration timeout;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description =
                    "How much memory the files may take, such as 512M or 8G; what is more goes to disk. Not said: a"
                            + " quarter of the machine's, or of the control group's.")
    private @Nullable Long memory;

    @Option(
            names = "--overflow",
            paramLabel = "disk|wait",
            converter = OverflowChoice.class,
            completionCandidates = OverflowChoice.class,
            description =
                    "What becomes of more than that; disk: it goes to disk; wait: who writes a file that is read as it"
                        + " grows waits until its readers have come further, and what all of them have read cannot be"
                        + " read again (default: disk).")
    private Limits.@Nullable Overflow overflow;

    @Option(
            names = "--no-mount",
            description =
                    "Mount nothing, as where there is no /dev/fuse: only JVMs that come in by Sluice's own classes"
                            + " take part; other processes see the plain directory.")
    private boolean isWithoutMount;

    @Option(
            names = "--tier",
            paramLabel = "auto|passthrough|copy",
            converter = TierChoice.class,
            completionCandidates = TierChoice.class,
            defaultValue = "auto",
            description =
                    "Who moves the bytes of files that need not wait; passthrough: the kernel, which needs Linux 6.9"
                            + " and root; copy: Sluice; auto: the kernel where it can (default: auto).")
    private Tier tier = Tier.AUTO;

    @Option(
            names = "--awake",
            paramLabel = "auto|always|never",
            converter = AwakeChoice.class,
            completionCandidates = AwakeChoice.class,
            defaultValue = "auto",
            description =
                    "Whether processors without work stay awake while programs ask the mount much: they are answered"
                            + " sooner, and it takes power, and root; auto: on virtual machines of up to eight"
                            + " processors (default: auto).")
    private Awake awake = Awake.AUTO;

    /** {@return how to mount; null when nothing is mounted} */
    @Nullable
    MountOptions mount() {
        return isWithoutMount ? null : MountOptions.standard().tier(tier).awake(awake);
    }

    /** Refuses when there is to be a mount, and cannot be. */
    void requireMount() {
        Availability mounts = Mount.availability();
        if (!isWithoutMount && !mounts.available()) {
            throw Refusal.failed(mounts.reason());
        }
    }

    /** Takes from a run file what no option says. */
    void complete(RunFile file) {
        keep = keep == null ? file.keep() : keep;
        timeout = timeout == null ? file.timeout() : timeout;
        memory = memory == null ? file.memory() : memory;
        overflow = overflow == null ? file.overflow() : overflow;
    }

    Keep keep() {
        return keep == null ? Keep.PERMANENT : keep;
    }

    Limits limits() {
        Limits usual = Limits.usual();
        return new Limits(
                memory == null ? usual.memory() : memory, timeout, overflow == null ? usual.overflow() : overflow);
    }

    /** {@return the options again, for another process} */
    List<String> words() {
        List<String> words = new ArrayList<>(List.of("--keep", Choice.word(keep())));
        if (timeout != null) {
            words.addAll(List.of("--timeout", timeout.toMillis() + "ms"));
        }
        if (memory != null) {
            words.addAll(List.of("--memory", memory.toString()));
        }
        if (overflow != null) {
            words.addAll(List.of("--overflow", Choice.word(overflow)));
        }
        words.addAll(
                isWithoutMount
                        ? List.of("--no-mount")
                        : List.of("--tier", Choice.word(tier), "--awake", Choice.word(awake)));
        return words;
    }

    /** {@code all}, {@code permanent} or {@code none}. */
    static final class KeepChoice extends Choice<Keep> {
        KeepChoice() {
            super(Keep.class);
        }
    }

    /** {@code disk} or {@code wait}. */
    static final class OverflowChoice extends Choice<Limits.Overflow> {
        OverflowChoice() {
            super(Limits.Overflow.class);
        }
    }

    /** {@code auto}, {@code passthrough} or {@code copy}. */
    static final class TierChoice extends Choice<Tier> {
        TierChoice() {
            super(Tier.class);
        }
    }

    /** {@code auto}, {@code always} or {@code never}. */
    static final class AwakeChoice extends Choice<Awake> {
        AwakeChoice() {
            super(Awake.class);
        }
    }

    /** A number and {@code ms}, {@code s}, {@code m} or {@code h}. */
    static final class DurationConverter implements picocli.CommandLine.ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            String unit = text.replaceAll("^[0-9]+", "");
            try {
                long count = Long.parseLong(text.substring(0, text.length() - unit.length()));
                return switch (unit) {
                    case "ms" -> Duration.ofMillis(count);
                    case "", "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> throw new NumberFormatException();
                };
            } catch (NumberFormatException e) {
                throw new picocli.CommandLine.TypeConversionException(
                        "a number with ms, s, m or h behind it is expected, not " + text);
            }
        }
    }

    /** A number of bytes, or of K, M, G or T of them. */
    static final class SizeConverter implements picocli.CommandLine.ITypeConverter<Long> {
        private static final String UNITS = "KMGT";
        private static final int SHIFT = 10;

        @Override
        public Long convert(String text) {
            String upper = text.toUpperCase(Locale.ROOT);
            int unit = upper.isEmpty() ? -1 : UNITS.indexOf(upper.charAt(upper.length() - 1));
            try {
                long count = Long.parseLong(unit < 0 ? upper : upper.substring(0, upper.length() - 1));
                if (count <= 0) {
                    throw new NumberFormatException();
                }
                return Math.multiplyExact(count, 1L << (SHIFT * (unit + 1)));
            } catch (NumberFormatException | ArithmeticException e) {
                throw new picocli.CommandLine.TypeConversionException(
                        "a number of bytes above 0 is expected, or one with K, M, G or T behind it, not " + text);
            }
        }
    }
}
