package dev.sluice.cli;

import dev.sluice.aio.AsyncFile;
import dev.sluice.aio.ChunkWriter;
import dev.sluice.aio.LineOptions;
import dev.sluice.aio.LineReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.List;

/** Writes lines of text, each of which begins with its number, and reads them. */
final class TextLines {
    private static final String WORDS = " bytes come and go, and a line is what we make of some of them\n";
    private static final int CHUNK = 256 << 10;

    private TextLines() {}

    /** Writes lines until there are so many bytes, and answers how many lines. */
    static long write(AsyncFile file, long size) throws IOException {
        long lines = 0;
        try (ChunkWriter writer = ChunkWriter.of(file, 0, CHUNK)) {
            while (writer.position() < size) {
                writer.write((lines + WORDS).getBytes(StandardCharsets.UTF_8));
                lines++;
            }
        }
        return lines;
    }

    /** Reads so many lines, and sees to it that each is the one it should be. */
    static void read(AsyncFile file, long lines) throws IOException {
        LineReader<String> reader = LineReader.text(file, 0, LineOptions.DEFAULT.withChunkSize(CHUNK));
        String words = WORDS.strip();
        long number = 0;
        List<String> batch = reader.nextBatch();
        while (!batch.isEmpty()) {
            for (String line : batch) {
                int space = line.indexOf(' ');
                if (Long.parseLong(line, 0, space, 10) != number
                        || !line.regionMatches(space + 1, words, 0, words.length())
                        || line.length() != space + 1 + words.length()) {
                    throw new FileSystemException(file.name(), null, "line " + number + " is wrong: " + line);
                }
                number++;
            }
            batch = reader.nextBatch();
        }
        if (number != lines) {
            throw new FileSystemException(file.name(), null, "has " + number + " lines instead of " + lines);
        }
    }
}
