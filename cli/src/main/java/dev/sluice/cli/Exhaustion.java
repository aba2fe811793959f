package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What happens when a thread ends that nobody minds. Where the JVM's memory is full, one after the other would end so, and who
 * waits for their answers would wait for ever: then the whole program ends, and its watchdog ends the steps and removes the mount.
 * What is complete and stays is on the disk by then. Any thread may call it; what it needs is made beforehand.
 */
final class Exhaustion implements Thread.UncaughtExceptionHandler {
    private static final int RESERVE = 256 << 10;
    private static final int MIB = 1 << 20;

    private final FileOutputStream error = new FileOutputStream(FileDescriptor.err);
    private final byte[] sentence;

    /** Let go when memory is full, so that ending needs none that is not there. Written by any thread, read by none. */
    @SuppressWarnings("UnusedVariable") // it is there to be let go
    private volatile byte @Nullable [] reserve = new byte[RESERVE];

    Exhaustion() {
        long most = Runtime.getRuntime().maxMemory() / MIB;
        sentence = ("sluice: the memory of the Java program, " + most
                        + " MiB, is full, so it ends here, and its steps with it; what is complete and stays is on the"
                        + " disk. Of each file in the managed directory it remembers 1 KiB: for more of them, set"
                        + " SLUICE_JAVA_OPTS=-Xmx" + 4 * most + "m\n")
                .getBytes(UTF_8);
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            end();
        }
        System.err.print("Exception in thread \"" + thread.getName() + "\" ");
        failure.printStackTrace();
    }

    private void end() {
        try {
            reserve = null;
            error.write(sentence);
        } catch (IOException | OutOfMemoryError e) {
            // Nobody can be told; the status says it.
        } finally {
            Runtime.getRuntime().halt(Refusal.FAILED);
        }
    }
}
