package dev.sluice.aio;

import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** What a contract is tested on: a kind of context, and a way to open files with it. */
interface Backend {
    /** A folder that is deleted afterwards. */
    Path folder();

    /** A context of this kind, closed afterwards. */
    Context context();

    /** Another, closed afterwards too. */
    Context context(int depth);

    /** Opens a file with the context; it is closed afterwards. */
    AsyncFile open(Path path, OpenOption... options) throws IOException;

    /** What messages call a file that was opened. */
    String nameOf(Path path);
}
