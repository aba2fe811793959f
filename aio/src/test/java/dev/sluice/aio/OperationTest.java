package dev.sluice.aio;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.linux.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operation makes of the kernel's answers, which the test gives itself. */
class OperationTest {
    @TempDir
    private Path folder;

    private Context context;
    private AsyncFile file;

    @BeforeEach
    void open() throws IOException {
        context = Context.builder().kind(Context.Kind.THREADS).open();
        file = AsyncFile.open(folder.resolve("file"), context, CREATE, READ, WRITE);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
        context.close();
    }

    private Operation transfer(Operation.Kind kind, ByteBuffer buffer) {
        Operation operation = Operation.of(file, kind, buffer, 7, false);
        operation.pinFile();
        return operation;
    }

    @Test
    void shortAnswersAreContinued() {
        for (int[] steps : new int[][] {{3, 4}, {12, 1, 6}, {1, 1, 1, 1}}) {
            int length = java.util.Arrays.stream(steps).sum();
            ByteBuffer buffer = ByteBuffer.allocateDirect(length);
            Operation write = transfer(Operation.Kind.WRITE, buffer);
            int sum = 0;
            for (int step : steps) {
                assertThat(write.offset()).isEqualTo(7 + sum);
                sum += step;
                assertThat(write.advance(step)).isEqualTo(sum == length);
            }
            write.settle();
            assertThat(write).isCompletedWithValue((long) length);
            assertThat(buffer.hasRemaining()).isFalse();
        }
    }

    @Test
    void aWriteOfNothingIsAnError() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(5);
        Operation write = transfer(Operation.Kind.WRITE, buffer);
        assertThat(write.advance(2)).isFalse();
        assertThat(write.advance(0)).isTrue();
        write.settle();
        assertThatThrownBy(write::join)
                .hasCauseInstanceOf(FileSystemException.class)
                .hasMessageContaining("the kernel took no byte");
        assertThat(buffer.position()).isZero();
    }

    @Test
    void errorsNameTheFileAndTheNumber() {
        for (Errno errno : new Errno[] {Errno.EFBIG, Errno.EDQUOT, Errno.EIO}) {
            Operation write = transfer(Operation.Kind.WRITE, ByteBuffer.allocateDirect(5));
            assertThat(write.advance(errno.negated())).isTrue();
            write.settle();
            assertThatThrownBy(write::join)
                    .cause()
                    .hasMessage(file.name() + ": writing 5 bytes at 7 failed: " + Errno.describe(errno.negated()));
        }
    }

    @Test
    void passingErrorsAreTriedAgain() {
        Operation read = transfer(Operation.Kind.READ, ByteBuffer.allocateDirect(5));
        assertThat(read.advance(Errno.EINTR.negated())).isFalse();
        assertThat(read.advance(Errno.EAGAIN.negated())).isFalse();
        assertThat(read.advance(5)).isTrue();
        read.settle();
        assertThat(read).isCompletedWithValue(5L);
    }

    /** The worst that could be answered: durable, when it is not. */
    @Test
    void aForceThatWasStoppedDoesNotPassForDone() {
        for (Errno errno : new Errno[] {Errno.ECANCELED, Errno.EINTR}) {
            Operation force = Operation.force(file, true);
            force.pinFile();
            force.cancel(true);
            assertThat(force.advance(errno.negated())).isTrue();
            force.settle();
            assertThat(force.isCancelled()).isTrue();
        }
    }

    @Test
    void aForceThatEndedBeforeItsCancellationIsDone() {
        Operation force = Operation.force(file, true);
        force.pinFile();
        force.cancel(true);
        assertThat(force.advance(0)).isTrue();
        force.settle();
        assertThat(force).isCompletedWithValue(0L);
    }

    @Test
    void aTransferStoppedHalfWayKeepsTheBuffersPosition() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(10);
        Operation write = transfer(Operation.Kind.WRITE, buffer);
        assertThat(write.advance(4)).isFalse();
        write.cancel(true);
        assertThat(write.advance(4)).isTrue();
        write.settle();
        assertThat(write.isCancelled()).isTrue();
        assertThat(buffer.position()).isZero();
    }

    @Test
    void aReadThatReachedTheEndIsDoneThoughItWasCancelled() {
        Operation read = transfer(Operation.Kind.READ, ByteBuffer.allocateDirect(10));
        assertThat(read.advance(4)).isFalse();
        read.cancel(true);
        assertThat(read.advance(0)).isTrue();
        read.settle();
        assertThat(read).isCompletedWithValue(4L);
    }

    @Test
    void itsNameSaysWhatItDoes() {
        Operation read = transfer(Operation.Kind.READ, ByteBuffer.allocateDirect(10));
        assertThat(read).hasToString(file.name() + ": reading 10 bytes at 7 (0 bytes so far)");
        read.advance(10);
        read.settle();
        assertThat(read).hasToString(file.name() + ": reading 10 bytes at 7 (done)");
    }
}
