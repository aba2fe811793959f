package dev.sluice.files;

import dev.sluice.linux.Linux;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Standard input and output, whose calls do not wait.
 *
 * {@snippet class="dev.sluice.files.CoupleGuideTest" region="console"}
 *
 * <p>It reads {@link System#in} and writes {@link System#out} as they are at the time of each call. Do not read the former
 * beside it: each would get what the other misses. Safe for use by many threads; a question waits for the answer of the one
 * before.
 */
public final class Console {
    private static final Console STANDARD = new Console();

    private final Couple<String, String> couple;
    private final Sequence questions = new Sequence(Sequence::onVirtualThread, true);

    /** A line that came for a question which was given up; who has the turn of the questions uses it. */
    private @Nullable String unheard;

    private Console() {
        StandardInput input = new StandardInput();
        StandardOutput output = new StandardOutput();
        couple = new Couple<>(
                Intake.of(input),
                Outlet.of(new java.io.OutputStreamWriter(output, output.charset())),
                Sequence::onVirtualThread,
                false);
    }

    /** {@return the process's} */
    public static Console standard() {
        return STANDARD;
    }

    /** {@return standard input and output as one file of text; it cannot be closed} */
    public Couple<String, String> couple() {
        return couple;
    }

    /** {@return whether standard input is a terminal, at which somebody may sit} */
    public boolean isTerminal() {
        return StandardInput.isUnchanged() && Linux.availability().available() && Linux.isTerminal(0);
    }

    /**
     * Asks for a line.
     *
     * @param prompt what is written before; may be empty
     * @return the line, without what ended it; fails with an {@link EOFException} when input has ended, as a pipe does whose
     *     other end was closed
     */
    public CompletableFuture<String> input(String prompt) {
        return input(prompt, false);
    }

    /**
     * Asks for a line. The future may be cancelled, or time out: a line that comes later is the next one's.
     *
     * @param prompt what is written before; may be empty
     * @param requireTerminal whether to fail when standard input is no terminal
     * @return the line, without what ended it; fails with an {@link EOFException} when input has ended
     */
    public CompletableFuture<String> input(String prompt, boolean requireTerminal) {
        return questions.submit(point -> {
            if (requireTerminal && !isTerminal()) {
                throw new IOException("standard input is no terminal (ENOTTY): nobody can be asked '" + prompt + "'");
            }
            if (!prompt.isEmpty()) {
                int _ = couple.write(prompt).get();
                var _ = couple.flush().get();
            }
            return line(point);
        });
    }

    private String line(Sequence.PointOfNoReturn point) throws Exception {
        String line = unheard == null ? read() : unheard;
        unheard = line;
        point.pass();
        unheard = null;
        if (line.isEmpty()) {
            throw new EOFException("standard input has ended: there is no line to read");
        }
        int end = line.length();
        end -= line.endsWith("\r\n") ? 2 : line.endsWith("\n") ? 1 : 0;
        return line.substring(0, end);
    }

    private String read() throws Exception {
        CompletableFuture<String> reading = couple.readLine();
        try {
            return reading.get();
        } catch (InterruptedException e) {
            if (!reading.cancel(true) && !reading.isCompletedExceptionally()) {
                unheard = reading.join(); // it came just before
            }
            throw e;
        }
    }

    /** Whatever standard input is. Used by one thread at a time. */
    private static final class StandardInput extends Reader {
        private static final InputStream AT_START = System.in;

        /** Where whoever started the process had closed it, the JVM's first own file has its number. */
        private static final boolean WAS_CLOSED = isOurOwn(Path.of("/proc/self/fd/0"));

        private @Nullable InputStream stream;
        private @Nullable Reader reader;

        @SuppressWarnings("ReferenceEquality") // this very one
        static boolean isUnchanged() {
            return System.in == AT_START;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // this very one
        public int read(char[] target, int from, int count) throws IOException {
            InputStream now = System.in;
            if (isUnchanged() && WAS_CLOSED) {
                return -1;
            }
            if (reader == null || stream != now) {
                stream = now;
                reader = new InputStreamReader(now, charset("stdin.encoding"));
            }
            return reader.read(target, from, count);
        }

        @Override
        public void close() {}

        @Override
        public String toString() {
            return "standard input";
        }
    }

    private static boolean isOurOwn(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor)
                    .startsWith(Path.of(System.getProperty("java.home")).toRealPath());
        } catch (IOException e) {
            return false; // reading it will say what is wrong
        }
    }

    private static Charset charset(String property) {
        String name = System.getProperty(property);
        return name == null ? Charset.defaultCharset() : Charset.forName(name, Charset.defaultCharset());
    }

    /** Whatever standard output is. */
    private static final class StandardOutput extends OutputStream {
        Charset charset() {
            return Console.charset("stdout.encoding");
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            PrintStream now = System.out;
            now.write(bytes, from, count);
            check(now);
        }

        @Override
        public void flush() throws IOException {
            PrintStream now = System.out;
            now.flush();
            check(now);
        }

        private static void check(PrintStream stream) throws IOException {
            if (stream.checkError()) {
                throw new IOException("standard output cannot be written: who reads it may have gone");
            }
        }

        @Override
        public void close() {}

        @Override
        public String toString() {
            return "standard output";
        }
    }
}
