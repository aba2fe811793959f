package dev.sluice.fuse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps processors without work from sleeping, as long as a mount is asked much, by telling the kernel how late one may wake
 * up. The kernel forgets that when this process ends, however it does. Used by one thread, but for the making.
 */
final class Wakefulness implements AutoCloseable {
    private static final Path DEVICE = Path.of("/dev/cpu_dma_latency");
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /** With more processors, those that are needed gain less than the others take. */
    private static final int FEW = 8;

    /** So many questions in a tenth of a second are much: they are late by a tenth of that time. */
    static final int MUCH = 200;

    /** Microseconds in which a processor has to be there: at once, or whenever it likes, which is the kernel's own rule. */
    static final int AT_ONCE = 0;

    static final int AT_LEISURE = 2_000_000_000;

    private static final System.Logger LOG = System.getLogger(Mount.class.getName());

    private @Nullable FileChannel rule;
    private boolean isAwake;

    Wakefulness(@Nullable FileChannel rule) {
        this.rule = rule;
    }

    /** Opens what it takes, if it is wanted and can be. */
    static Wakefulness of(Awake wanted) throws IOException {
        boolean isWanted = switch (wanted) {
            case ALWAYS -> true;
            case AUTO -> Runtime.getRuntime().availableProcessors() <= FEW && isVirtual();
            case NEVER -> false;
        };
        if (!isWanted) {
            return new Wakefulness(null);
        }
        try {
            FileChannel channel = FileChannel.open(DEVICE, StandardOpenOption.WRITE);
            Wakefulness made = new Wakefulness(channel);
            made.tell(AT_LEISURE); // to open it means to ask for the utmost
            return made;
        } catch (IOException e) {
            if (wanted == Awake.AUTO) {
                return new Wakefulness(null); // not allowed, or not there
            }
            String reason = e instanceof NoSuchFileException ? "there is no such file" : "this takes root";
            throw new FileSystemException(
                    DEVICE.toString(),
                    null,
                    "processors cannot be kept awake: " + reason + "; say --awake auto or never");
        }
    }

    /** Says so of the machines of which the processor says so. */
    private static boolean isVirtual() throws IOException {
        return Files.isReadable(PROCESSORS) && Files.readString(PROCESSORS).contains(" hypervisor ");
    }

    /** So many questions have come in the last tenth of a second. */
    void asked(long questions) {
        boolean isMuch = questions >= MUCH;
        if (rule != null && isMuch != isAwake) {
            tell(isMuch ? AT_ONCE : AT_LEISURE);
            isAwake = isMuch;
        }
    }

    private void tell(int micros) {
        FileChannel told = rule;
        if (told == null) {
            return;
        }
        try {
            ByteBuffer number = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
            told.write(number.putInt(micros).flip());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "processors are not kept awake: " + e.getMessage(), e);
            close();
        }
    }

    @Override
    public void close() {
        FileChannel open = rule;
        rule = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "closing " + DEVICE + " failed", e);
            }
        }
    }
}
