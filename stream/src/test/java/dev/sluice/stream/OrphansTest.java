package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OrphansTest {
    private static final int ME = (int) ProcessHandle.current().pid();

    private final AtomicLong clock = new AtomicLong();
    private final Orphans orphans = new Orphans(ME, clock::get);

    /** Starts a shell that ends, and answers the number of a process that it leaves behind, dead. */
    private static int dead() throws Exception {
        Orphans.adopt();
        Process shell = new ProcessBuilder("sh", "-c", "sleep 1000 > /dev/null & echo $!").start();
        int orphan = Kin.number(shell);
        assertThat(shell.waitFor()).isZero();
        Kin.kill(orphan);
        Deadline.until(
                "it is dead",
                () -> Proc.life(orphan).filter(Proc.Life::isZombie).isPresent());
        return orphan;
    }

    @Test
    void whoIsKnownIsReapedAtOnce() throws Exception {
        int orphan = dead();
        orphans.reap(orphan);
        assertThat(Proc.life(orphan)).isEmpty();
        orphans.reap(orphan);
    }

    @Test
    void whoLivesIsNotReapedNorWhoIsSomebodyElses() throws Exception {
        Process sleeper = new ProcessBuilder("sleep", "1000").start();
        orphans.reap((int) sleeper.pid());
        assertThat(sleeper.isAlive()).isTrue();
        sleeper.destroyForcibly();
        assertThat(sleeper.waitFor()).isEqualTo(128 + 9);
        orphans.reap(1);
    }

    @Test
    void strangersAreReapedOnceTheyHaveBeenDeadForAWhile() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/task/" + ME + "/children")), "this kernel does not list children");
        int orphan = dead();
        assertThat(orphans.reapStrangers(_ -> false)).isTrue();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(orphans.reapStrangers(_ -> false)).isTrue();
        assertThat(Proc.life(orphan)).isPresent();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(orphans.reapStrangers(Set.of(orphan)::contains)).isTrue();
        assertThat(Proc.life(orphan)).isPresent();
        assertThat(orphans.reapStrangers(_ -> false)).isFalse();
        assertThat(Proc.life(orphan)).isEmpty();
    }
}
