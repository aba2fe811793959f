package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thousand processes that wait for one file at once. */
@Tag("abuse")
@Timeout(180)
class ManyReadersTest extends OnMount {
    private static final int READERS = 1000;

    @ParameterizedTest
    @ValueSource(strings = {"s", "whole"})
    void allGetTheSameBytesAndWaitingCostsNothing(String directory) throws Exception {
        Files.createDirectory(root.resolve(directory));
        byte[] bytes = new byte[300_007];
        new java.util.Random(5).nextBytes(bytes);
        Path source = Files.write(folder.resolve("source"), bytes);
        Path program = Files.writeString(folder.resolve("readers.py"), """
            import os, sys
            wanted = open(sys.argv[2], "rb").read()
            for i in range(int(sys.argv[3])):
                if os.fork() == 0:
                    try:
                        with open(sys.argv[1], "rb") as file:
                            os._exit(0 if file.read() == wanted else 1)
                    except BaseException as e:
                        print(e, flush=True)
                        os._exit(2)
            ends = [os.waitstatus_to_exitcode(os.wait()[1]) for i in range(int(sys.argv[3]))]
            print("ends", {each: ends.count(each) for each in set(ends)})
            """);
        Child readers = sh("consumer", "exec python3 " + program + " " + directory + "/file " + source + " " + READERS);
        Deadline.until("all of them wait", () -> mount.waiting() == READERS);

        long before = ticks();
        LockSupport.parkNanos(3_000_000_000L); // a span to measure, not an order
        long used = ticks() - before;
        assertThat(mount.waiting()).isEqualTo(READERS);
        assertThat(used).as("hundredths of a second, in three").isLessThan(60);

        said("producer", "dd if=" + source + " of=" + directory + "/file bs=10000");
        assertThat(readers.finish().output()).isEqualTo("ends {0: " + READERS + "}\n");
        assertThat(mount.waiting()).isZero();
    }

    /** What this process, which serves the mount, has used of the processors. */
    private static long ticks() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
}
