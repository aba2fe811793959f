package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.Ranges;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
    private static int file() {
        return Ranges.memoryFile("test".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void theLastOnesAreNotTaken() {
        int fd = file();
        Descriptors few = new Descriptors(fd + 1);
        assertThat(few.sentence()).isEmpty();
        int taken = few.take(fd);
        assertThat(taken).isEqualTo(Errno.EMFILE.negated());
        assertThat(Linux.ftruncate(fd, 1)).as("it is closed").isEqualTo(Errno.EBADF.negated());
        assertThat(few.sentence().orElseThrow()).contains("EMFILE", " 1 time;", "no more than " + (fd + 1));
    }

    @Test
    void othersAre() {
        int fd = file();
        Descriptors many = new Descriptors(10 * (fd + 100));
        assertThat(many.take(fd)).isEqualTo(fd);
        assertThat(Linux.ftruncate(fd, 1)).isZero();
        Linux.close(fd);
        assertThat(many.take(Errno.EACCES.negated())).isEqualTo(Errno.EACCES.negated());
        assertThat(many.sentence()).isEmpty();
    }

    @Test
    void whatTheKernelRefusesIsToldAsWell() {
        Descriptors ours = new Descriptors(1000);
        assertThat(ours.take(Errno.EMFILE.negated())).isEqualTo(Errno.EMFILE.negated());
        assertThat(ours.take(Errno.EMFILE.negated())).isEqualTo(Errno.EMFILE.negated());
        assertThat(ours.sentence().orElseThrow()).contains(" 2 times;");
    }
}
