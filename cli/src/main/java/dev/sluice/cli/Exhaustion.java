package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What happens when a thread ends that nobody minds. Where the JVM's memory is full, or it gets no more threads, one after the
 * other would end so, and who waits for their answers would wait for ever: then the whole program ends, and its watchdog ends the
 * steps and removes the mount. What is complete and stays is on the disk by then. Any thread may call it; what it needs is made
 * beforehand.
 */
final class Exhaustion implements Thread.UncaughtExceptionHandler {
    private static final int RESERVE = 256 << 10;
    private static final int MIB = 1 << 20;

    /** So the JVM calls what the system gives it no more of. */
    private static final String THREAD = "native thread";

    private final FileOutputStream error = new FileOutputStream(FileDescriptor.err);
    private final byte[] sentence;
    private final byte[] ofThreads =
            ("sluice: the system gives the Java program no more threads, so it ends here, and its steps with it; what"
                + " is complete and stays is on the disk. Let there be more processes (ulimit -u, or pids.max of the"
                + " control group), and run again\n")
                    .getBytes(UTF_8);

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
            String what = failure.getMessage();
            end(what != null && what.contains(THREAD) ? ofThreads : sentence);
        }
        System.err.print("Exception in thread \"" + thread.getName() + "\" ");
        failure.printStackTrace();
    }

    /** Is told of how something has ended that is done later, and that nobody waits for: an error would be kept from everybody. */
    static void pass(@Nullable Throwable failure) {
        Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof Error && handler != null) {
            handler.uncaughtException(Thread.currentThread(), cause);
        }
    }

    private void end(byte[] why) {
        try {
            reserve = null;
            error.write(why);
        } catch (IOException | OutOfMemoryError e) {
            // Nobody can be told; the status says it.
        } finally {
            Runtime.getRuntime().halt(Refusal.FAILED);
        }
    }
}
