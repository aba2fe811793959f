package dev.sluice.jvm;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The entries of a directory as paths of another file system than that which has listed them.
 *
 * @param entries its entries
 * @param other the same path of the other one
 */
record OtherEntries(DirectoryStream<Path> entries, UnaryOperator<Path> other) implements DirectoryStream<Path> {
    /** An entry of a directory of the machine's own file system, as a path of the one that was asked. */
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
                return other.apply(all.next());
            }
        };
    }

    @Override
    public void close() throws IOException {
        entries.close();
    }
}
