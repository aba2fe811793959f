package dev.sluice.examples;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.sluice.aio.AsyncTextStream;
import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.ThreadFactory;

/**
 * Gives the rows of a CSV file to a subscriber. FastCSV parses them on a virtual thread, which waits for the file, and
 * for the subscriber when that is {@value #ROWS} rows behind: the memory needed does not grow with the file.
 */
final class CsvRows {
    private static final String USAGE = """
        Usage: CsvRows FILE
        Prints each row of a CSV file, whose first row names the columns, as a line of JSON.
        """;

    private static final int ROWS = 256;
    private static final ThreadFactory VIRTUAL = Thread.ofVirtual().factory();

    private CsvRows() {}

    public static void main(String... arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        return Program.run(USAGE, out, err, arguments, typed -> {
            Path file = typed.files(1, 1).getFirst();
            SubmissionPublisher<NamedCsvRecord> rows =
                    new SubmissionPublisher<>(task -> VIRTUAL.newThread(task).start(), ROWS);
            PrintStream lines = new PrintStream(new BufferedOutputStream(out, 1 << 16), false, StandardCharsets.UTF_8);
            CompletableFuture<?> printed = rows.consume(
                    row -> lines.append(Json.line(row.getFieldsAsMap())).append('\n'));
            VIRTUAL.newThread(() -> publish(file, rows)).start();
            printed.get();
            lines.flush();
        });
    }

    private static void publish(Path file, SubmissionPublisher<NamedCsvRecord> rows) {
        try (AsyncTextStream text = AsyncTextStream.open(file);
                CsvReader<NamedCsvRecord> parsed = CsvReader.builder().ofNamedCsvRecord(text.asReader())) {
            for (NamedCsvRecord row : parsed) {
                rows.submit(row);
            }
            rows.close();
        } catch (CsvParseException e) {
            rows.closeExceptionally(new FileSystemException(file.toString(), null, e.getMessage()));
        } catch (Exception e) {
            rows.closeExceptionally(e);
        }
    }
}
