package dev.sluice.jvm;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Objects;

/**
 * The entries of a directory of the machine's own file system, as paths of the one that was asked.
 *
 * @param directory the directory, as it was named
 * @param entries its entries
 */
record PlainDirectory(StreamPath directory, DirectoryStream<Path> entries) implements DirectoryStream<Path> {
    static Path in(StreamPath directory, Path entry) {
        return new StreamPath(
                directory.getFileSystem(), directory.plain().resolve(Objects.requireNonNull(entry.getFileName())));
    }

    @Override
    public Iterator<Path> iterator() {
        Iterator<Path> all = entries.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public Path next() {
                return in(directory, all.next());
            }
        };
    }

    @Override
    public void close() throws IOException {
        entries.close();
    }
}
