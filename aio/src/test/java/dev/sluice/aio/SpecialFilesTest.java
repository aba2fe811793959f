package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files that are not just bytes on a disk. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpecialFilesTest extends OnEachContext {
    @Test
    void forcingAPipeFailsAtOnce() throws IOException {
        AsyncFile pipe = openFile(Pipes.make(folder), READ, WRITE);
        assertThat(failure(pipe.forceAsync(true)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("EINVAL");
        assertThat(failure(pipe.forceAsync(false))).hasMessageContaining("EINVAL");
        assertThatThrownBy(() -> pipe.force(true)).hasMessageContaining("EINVAL");
    }

    @Test
    void whatIsAppendedToAFileWithoutPositionsLandsNowhere() throws IOException {
        Path path = Pipes.make(folder);
        openFile(path, READ, WRITE);
        AsyncFile pipe = openFile(path, APPEND);
        assertThat(pipe.append(Sample.direct("abc"))).isEqualTo(-1);
        assertThat(get(pipe.appendAsync(Sample.direct("abc")))).isEqualTo(-1);
        AsyncFile nowhere = openFile(Path.of("/dev/null"), APPEND);
        assertThat(nowhere.append(Sample.direct("abc"))).isEqualTo(-1);
        assertThat(get(nowhere.appendAsync(ByteBuffer.wrap(utf8("abc"))))).isEqualTo(-1);
    }

    /** The kernel reads this file at positions, but writes it in order only. */
    @Test
    void aFileThatIsWrittenInOrderOnlyCanBeWritten() throws Exception {
        Path comm = Path.of("/proc/self/comm");
        assumeTrue(Files.isWritable(comm), "/proc is needed");
        String before = Files.readString(comm, StandardCharsets.UTF_8).strip();
        try {
            AsyncFile file = openFile(comm, READ, WRITE);
            file.write(Sample.direct("first"), 0);
            assertThat(Files.readString(comm)).isEqualTo("first\n");
            get(file.writeAsync(Sample.direct("second"), 0));
            assertThat(Files.readString(comm)).isEqualTo("second\n");
            get(file.writeAsync(new ByteBuffer[] {Sample.direct("th"), ByteBuffer.allocateDirect(0)}, 0));
            AsyncFile fresh = openFile(comm, READ, WRITE);
            get(fresh.writeAsync(new ByteBuffer[] {Sample.direct("third"), ByteBuffer.allocateDirect(0)}, 0));
            assertThat(Files.readString(comm)).isEqualTo("third\n");
            AsyncFile other = openFile(comm, READ, WRITE);
            CompletableFuture<CompletableFuture<Long>> there = new CompletableFuture<>();
            context.execute(() -> there.complete(other.writeAsync(Sample.direct("fourth"), 0)));
            assertThat(get(get(there))).isEqualTo(6);
            assertThat(Files.readString(comm)).isEqualTo("fourth\n");
            try (AsyncFileStream stream = AsyncFileStream.open(comm, context, WRITE)) {
                stream.write(Sample.direct("fifth"));
            }
            assertThat(Files.readString(comm)).isEqualTo("fifth\n");
        } finally {
            Files.writeString(comm, before);
        }
    }

    @Test
    void aFileToBeDeletedHasNoNameThatMayBecomeAnothers() throws IOException {
        Path path = folder.resolve("temporary");
        AsyncFile file = openFile(path, CREATE_NEW, READ, WRITE, DELETE_ON_CLOSE);
        file.write(Sample.direct("abc"), 0);
        assertThat(path).doesNotExist();
        Files.writeString(path, "somebody else's");
        assertThat(file.size()).isEqualTo(3);
        file.close();
        assertThat(path).hasContent("somebody else's");
    }

    @Test
    void aLinkIsNotFollowedToAFileToBeDeleted() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), file("abc"));
        assertThatThrownBy(() -> openFile(link, READ, DELETE_ON_CLOSE)).isInstanceOf(IOException.class);
        assertThat(link).hasContent("abc");
    }
}
