package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

/** What processors do as long as a mount is asked much. */
class WakefulnessTest extends OnMount {
    private static final Path DEVICE = Path.of("/dev/cpu_dma_latency");

    /** {@return in how many microseconds processors have to be there, as all who have said so want it} */
    private static int rule() throws IOException {
        ByteBuffer number = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
        try (FileChannel device = FileChannel.open(DEVICE, StandardOpenOption.READ)) {
            device.read(number);
        }
        return number.getInt(0);
    }

    @Override
    MountOptions options() {
        return super.options().awake(Files.isWritable(DEVICE) ? Awake.ALWAYS : Awake.NEVER);
    }

    @Test
    void processorsStayAwakeAsLongAsTheMountIsAskedMuch() throws IOException {
        assumeTrue(Files.isWritable(DEVICE), "nobody may say how soon processors wake up");
        assumeTrue(rule() != Wakefulness.AT_ONCE, "somebody else keeps processors awake");
        Child asks = sh("", "while :; do echo x > new; rm new; done");
        Deadline.until("processors stay awake", () -> rule() == Wakefulness.AT_ONCE);
        asks.close();
        Deadline.until("processors may sleep again", () -> rule() != Wakefulness.AT_ONCE);
    }

    @Test
    void theRuleIsToldOnceAndTakenBack() throws IOException {
        Path told = Files.createFile(folder.resolve("told"));
        try (Wakefulness wakefulness = new Wakefulness(FileChannel.open(told, StandardOpenOption.WRITE))) {
            wakefulness.asked(Wakefulness.MUCH - 1);
            assertThat(told).isEmptyFile();
            wakefulness.asked(Wakefulness.MUCH);
            wakefulness.asked(Wakefulness.MUCH + 1);
            wakefulness.asked(0);
            wakefulness.asked(1);
        }
        ByteBuffer numbers = ByteBuffer.wrap(Files.readAllBytes(told)).order(ByteOrder.nativeOrder());
        assertThat(numbers.remaining()).isEqualTo(2 * Integer.BYTES);
        assertThat(numbers.getInt()).isEqualTo(Wakefulness.AT_ONCE);
        assertThat(numbers.getInt()).isEqualTo(Wakefulness.AT_LEISURE);
    }

    @Test
    void whoMayNotSaySoIsToldThat() {
        assumeTrue(!Files.isWritable(DEVICE), "everybody may say how soon processors wake up");
        assertThatThrownBy(() -> Wakefulness.of(Awake.ALWAYS).close())
                .hasMessageContaining("processors cannot be kept awake");
    }
}
