package dev.sluice.aio;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** The contract on files that are known by a channel only, as on other systems. */
class ChannelAsyncFileTest extends AsyncFileContract {
    @Override
    Context.Kind kind() {
        return Context.Kind.THREADS;
    }

    /** The way that {@link AsyncFile#open} takes on other systems, without its being another. */
    @Override
    public AsyncFile open(Path path, OpenOption... options) throws IOException {
        Opening opening = Opening.of(options);
        FileChannel channel = closedAfterwards(FileChannel.open(path, opening.options()));
        return closedAfterwards(AsyncFile.of(channel, context()));
    }

    @Override
    public String nameOf(Path path) {
        return "FileChannel";
    }
}
