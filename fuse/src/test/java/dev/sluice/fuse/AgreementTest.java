package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.OpenFlag;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is answered to a kernel's first request; the device is a file, which the request is read from and the answer comes behind. */
class AgreementTest {
    private static final int REQUEST = 104;
    private static final int EVERYTHING = -1;

    @TempDir
    Path folder;

    private final Arena arena = Arena.ofConfined();
    private Path file;
    private Device device;

    @BeforeEach
    void open() {
        assumeTrue(Linux.availability().available(), Linux.availability().reason());
        file = folder.resolve("device");
        device = new Device(Linux.open(file, OpenFlag.READ_WRITE.bits() | OpenFlag.CREATE.bits(), 0600));
    }

    @AfterEach
    void close() {
        Linux.close(device.fd());
        arena.close();
    }

    private Agreement agreed(int major, int minor, int flags, int moreFlags) throws IOException {
        ByteBuffer request = ByteBuffer.allocate(REQUEST).order(ByteOrder.LITTLE_ENDIAN);
        request.putInt(0, REQUEST).putInt(4, Opcode.INIT).putLong(8, 77);
        request.putInt(40, major)
                .putInt(44, minor)
                .putInt(48, 131072)
                .putInt(52, flags)
                .putInt(56, moreFlags);
        Files.write(file, request.array());
        Exchange exchange = new Exchange(arena, new FuseRequest(null, device));
        assertThat(exchange.receive(device, new dev.sluice.linux.Events.Sleeper()))
                .isEqualTo(REQUEST);
        exchange.begin(device);
        return Agreement.answer(exchange);
    }

    private ByteBuffer answer() throws IOException {
        byte[] all = Files.readAllBytes(file);
        return ByteBuffer.wrap(all, REQUEST, all.length - REQUEST).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void aNewKernelGetsAllThatIsWanted() throws IOException {
        assertThat(agreed(7, 44, EVERYTHING, EVERYTHING)).isEqualTo(new Agreement(44, true, true));
        ByteBuffer answer = answer();
        assertThat(answer.remaining()).isEqualTo(80);
        assertThat(answer.getInt(0)).isEqualTo(80);
        assertThat(answer.getInt(4)).isZero();
        assertThat(answer.getLong(8)).isEqualTo(77);
        assertThat(answer.getInt(16 + 20)).as("longest write").isEqualTo(1 << 19);
        assertThat(answer.getShort(16 + 28)).as("pages").isEqualTo((short) 128);
        int flags = answer.getInt(16 + 12);
        assertThat(flags & 1 << 1).as("POSIX locks").isZero();
        assertThat(flags & 1 << 10).as("flock").isZero();
        assertThat(flags & 1 << 15).as("asynchronous direct I/O").isZero();
        assertThat(flags & 1 << 16).as("write-back cache").isZero();
        assertThat(flags & 1 << 3).as("truncation by open").isNotZero();
        assertThat(answer.getInt(16 + 32)).as("mapping and passing through").isEqualTo(1 << 4 | 1 << 5);
        assertThat(answer.getInt(16 + 36)).as("depth").isEqualTo(1);
    }

    @Test
    void whatTheKernelDoesNotOfferIsNotAgreedOn() throws IOException {
        assertThat(agreed(7, 38, 1 << 3 | 1 << 22, EVERYTHING)).isEqualTo(new Agreement(38, false, false));
        assertThat(answer().getInt(16 + 12)).isEqualTo(1 << 3 | 1 << 22);
        assertThat(answer().getInt(16 + 32)).isZero();
        assertThat(answer().getInt(16 + 36)).isZero();
    }

    @Test
    void anotherMajorVersionIsAskedToSpeakOurs() throws IOException {
        assertThat(agreed(8, 1, EVERYTHING, EVERYTHING)).isNull();
        assertThat(answer().getInt(4)).isZero();
        assertThat(answer().getInt(16)).isEqualTo(7);
    }

    @Test
    void anOldKernelIsRefused() throws IOException {
        assertThat(agreed(7, 12, EVERYTHING, 0)).isNull();
        assertThat(answer().getInt(4)).isEqualTo(Errno.EPROTO.negated());
    }
}
