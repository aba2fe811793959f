package dev.sluice.examples;

import dev.sluice.aio.AsyncFile;
import dev.sluice.aio.AsyncFileStream;
import dev.sluice.aio.ChunkWriter;
import dev.sluice.aio.Context;
import dev.sluice.aio.LineOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Writes files to standard output, line by line, as {@code cat} does. */
final class Cat {
    private static final String USAGE = """
        Usage: Cat [--number] FILE...
        Writes the files to standard output, one after the other; --number numbers the lines.
        """;

    /** Lines are given as they are, whatever bytes they have. */
    private static final LineOptions WHOLE = LineOptions.DEFAULT.withKeepSeparator(true);

    /** A longer line is taken in pieces, so that no file is too much for the memory. */
    private static final int PIECE = 1 << 20;

    private long number;
    private boolean atLineStart = true;

    private Cat() {}

    public static void main(String... arguments) {
        System.exit(Program.run(USAGE, System.out, System.err, arguments, typed -> new Cat().run(typed)));
    }

    private void run(Arguments arguments) throws IOException {
        boolean numbering = arguments.flag("--number");
        var files = arguments.files(1, Integer.MAX_VALUE);
        // In `(echo title; Cat file; echo end) > report` all write to one file, at a position that they share.
        try (FileChannel shared = new FileOutputStream(FileDescriptor.out).getChannel();
                AsyncFile output = AsyncFile.ofDescriptor(1, Context.shared())) {
            ChunkWriter writer = ChunkWriter.of(output, output.isPositional() ? shared.position() : 0, 1 << 16);
            for (Path file : files) {
                write(file, numbering, writer);
            }
            writer.close();
            if (output.isPositional()) {
                FileChannel _ = shared.position(writer.position());
            }
        }
    }

    private void write(Path file, boolean numbering, ChunkWriter writer) throws IOException {
        try (AsyncFileStream input = AsyncFileStream.open(file)) {
            Optional<byte[]> line = input.readLine(PIECE, WHOLE);
            while (line.isPresent()) {
                if (numbering && atLineStart) {
                    writer.write("%6d\t".formatted(++number).getBytes(StandardCharsets.UTF_8));
                }
                byte[] bytes = line.get();
                atLineStart = bytes[bytes.length - 1] == '\n';
                writer.write(bytes);
                if (!input.file().isPositional()) {
                    writer.flush(); // somebody may be typing
                }
                line = input.readLine(PIECE, WHOLE);
            }
        }
    }
}
