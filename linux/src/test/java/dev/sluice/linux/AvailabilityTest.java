package dev.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Child;
import dev.sluice.testing.Child.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AvailabilityTest {
    @Test
    void aReasonIsAlwaysGiven() {
        assertThatNullPointerException().isThrownBy(() -> new Availability(true, null));
        assertThat(Linux.availability().reason()).isNotBlank();
        assertThat(Ring.availability().reason()).isNotBlank();
    }

    @Test
    void aForbiddenRingSaysThatItIsForbiddenAndByWhat() {
        Outcome outcome = forbidden(Errno.EPERM);
        assertThat(outcome.output())
                .contains("available=false", "io_uring_setup answered EPERM", "kernel.io_uring_disabled", "seccomp");
    }

    @Test
    void aKernelWithoutRingsSaysSo() {
        Outcome outcome = forbidden(Errno.ENOSYS);
        assertThat(outcome.output())
                .contains("available=false", "io_uring_setup answered ENOSYS", "kernel has no io_uring");
    }

    private static Outcome forbidden(Errno errno) {
        assumeTrue(Linux.availability().available(), Linux.availability().reason());
        Outcome outcome = Child.run(Child.java(
                ForbiddenRing.class.getName(), ForbiddenRing.class, List.of(), String.valueOf(errno.number())));
        assumeTrue(outcome.exit() != ForbiddenRing.CANNOT, outcome::output);
        assertThat(outcome.exit()).as(outcome.output()).isZero();
        return outcome;
    }

    @Test
    void anotherSystemIsNamed() {
        Outcome outcome = Child.run(Child.java(Says.class.getName(), Says.class, List.of("-Dos.name=Plan 9")));
        assertThat(outcome.output()).contains("available=false", "the operating system is Plan 9");
    }

    @Test
    void anotherProcessorIsNamed() {
        Outcome outcome = Child.run(Child.java(Says.class.getName(), Says.class, List.of("-Dos.arch=mips")));
        assertThat(outcome.output()).contains("available=false", "the processor mips", "amd64 and aarch64");
    }

    @Test
    void forbiddenNativeAccessNamesTheOptionThatGrantsIt() {
        List<String> command = Child.java(Says.class.getName(), Says.class, List.of("--illegal-native-access=deny"));
        List<String> without = command.stream()
                .filter(each -> !each.startsWith("--enable-native-access"))
                .toList();
        assertThat(Child.run(without).output()).contains("available=false", "--enable-native-access=ALL-UNNAMED.");
    }

    /** Prints both answers, which are those of the system calls when these cannot be made. */
    static final class Says {
        public static void main(String... arguments) {
            System.out.println(Linux.availability());
            System.out.println(Ring.availability());
        }
    }

    @Test
    void withoutFreeDescriptorsTheReasonSaysWhatHelps() {
        assumeTrue(Ring.availability().available(), Ring.availability().reason());
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 100; exec \"$@\"", "sh"));
        command.addAll(Child.java(Greedy.class.getName(), Greedy.class, List.of()));
        Outcome outcome = Child.run(command);
        assertThat(outcome.output()).contains("available=false", "EMFILE", "close files or raise ulimit -n");
    }

    /** Opens files until there are no more descriptors, then asks. */
    static final class Greedy {
        public static void main(String... arguments) {
            Ring.availability();
            System.out.println("ready");
            String before = Availability.no("nothing").toString() + Errno.describe(-1);
            int fd;
            do {
                fd = Linux.open(Path.of("/dev/null"), OpenFlag.READ_ONLY.bits(), 0);
            } while (fd >= 0);
            System.out.println(before + Ring.availability());
        }
    }

    @Test
    void thisModuleMayMakeSystemCalls() {
        assertThat(Availability.isGranted()).isTrue();
    }
}
