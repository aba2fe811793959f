package dev.sluice.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PidsTest extends OnLinux {
    private static final int ESRCH = Errno.ESRCH.negated();

    private final int me = (int) ProcessHandle.current().pid();

    /** Ends when its input does. */
    private static Process cat() throws Exception {
        return new ProcessBuilder("cat").start();
    }

    @Test
    void aProcesssDescriptorIsReadableFromItsEndOn() throws Exception {
        Process cat = cat();
        int fd = opened.add(Pids.open((int) cat.pid(), 0));
        assertThat(fd).isNotNegative();
        assertThat(Events.isReady(fd, false)).isFalse();
        cat.getOutputStream().close();
        assertThat(Events.await(fd, false, opened.add(Events.eventfd()))).isEqualTo(1);
        assertThat(cat.waitFor()).isZero();
        assertThat(Events.isReady(fd, false)).isTrue();
        Deadline.until("it is reaped", () -> Pids.signalTo(fd, Pids.NO_SIGNAL) == ESRCH);
        assertThat(Pids.open((int) cat.pid(), 0)).isEqualTo(ESRCH);
    }

    @Test
    void aSignalReachesItsProcess() throws Exception {
        Process first = cat();
        int fd = opened.add(Pids.open((int) first.pid(), 0));
        assertThat(Pids.signalTo(fd, Pids.NO_SIGNAL)).isZero();
        assertThat(Pids.signalTo(fd, Pids.SIGTERM)).isZero();
        assertThat(first.waitFor()).isEqualTo(128 + Pids.SIGTERM);
        Process second = cat();
        assertThat(Pids.signal((int) second.pid(), Pids.SIGKILL)).isZero();
        assertThat(second.waitFor()).isEqualTo(128 + Pids.SIGKILL);
        assertThat(Pids.signalTo(1_000_000, 0)).isEqualTo(Errno.EBADF.negated());
        assertThat(Pids.signal(Integer.MAX_VALUE, 0)).isEqualTo(ESRCH);
    }

    /** The number which the kernel has for the calling thread. */
    private static int thisTask() {
        byte[] target = new byte[64];
        int length = Names.readLink(Names.CURRENT_FOLDER, "/proc/thread-self".getBytes(US_ASCII), target);
        String said = new String(target, 0, length, US_ASCII);
        return Integer.parseInt(said.substring(said.lastIndexOf('/') + 1));
    }

    @Test
    void aThreadsDescriptorTellsOfItsEnd() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger number = new AtomicInteger();
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            number.set(thisTask());
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Deadline.until("the thread says its number", () -> number.get() != 0);
        assertThat(Pids.open(number.get(), 0)).as("a thread is no process").isNegative();
        int fd = Pids.open(number.get(), Pids.THREAD);
        assumeTrue(fd != Errno.EINVAL.negated(), "threads have descriptors from Linux 6.9 on");
        opened.add(fd);
        assertThat(fd).isNotNegative();
        assertThat(Events.isReady(fd, false)).isFalse();
        end.countDown();
        Deadline.join(thread);
        assertThat(Events.await(fd, false, opened.add(Events.eventfd()))).isEqualTo(1);
    }

    @Test
    void manyProcessesAndAnEventAreWatchedByOneThread() throws Exception {
        Process[] processes = new Process[20];
        try (Events.Watch watch = new Events.Watch(4)) {
            assertThat(watch.descriptor()).isNotNegative();
            for (int i = 0; i < processes.length; i++) {
                processes[i] = cat();
                int fd = opened.add(Pids.open((int) processes[i].pid(), 0));
                assertThat(watch.add(fd, Events.Watch.READABLE, 0x1_0000_0000L + i))
                        .isZero();
            }
            int event = opened.add(Events.eventfd());
            assertThat(watch.add(event, Events.Watch.READABLE, -1)).isZero();
            assertThat(watch.add(event, Events.Watch.READABLE, -1)).isEqualTo(Errno.EEXIST.negated());
            assertThat(watch.await(0)).isZero();
            assertThat(watch.await(10)).isZero();
            processes[7].getOutputStream().close();
            assertThat(watch.await(-1)).isEqualTo(1);
            assertThat(watch.key(0)).isEqualTo(0x1_0000_0007L);
            assertThat(watch.remove(opened.descriptor(7))).isZero();
            assertThat(watch.remove(opened.descriptor(7))).isEqualTo(Errno.ENOENT.negated());
            assertThat(watch.await(0)).isZero();

            AtomicInteger answer = new AtomicInteger();
            Thread waiter = Thread.ofPlatform().daemon().start(() -> answer.set(watch.await(-1)));
            Events.signal(event);
            Deadline.join(waiter);
            assertThat(answer).hasValue(1);
            assertThat(watch.key(0)).isEqualTo(-1);
        } finally {
            for (Process process : processes) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void aWatchTellsOfNoMoreThanItHasRoomFor() {
        try (Events.Watch watch = new Events.Watch(2)) {
            for (int i = 0; i < 3; i++) {
                int event = opened.add(Events.eventfd());
                watch.add(event, Events.Watch.READABLE | Events.Watch.WRITABLE, i);
            }
            assertThat(watch.await(-1)).isEqualTo(2);
            assertThat(watch.add(1_000_000, Events.Watch.READABLE, 0)).isEqualTo(Errno.EBADF.negated());
            int file = opened.open(folder.resolve("file"), 0600, OpenFlag.CREATE);
            assertThat(watch.add(file, Events.Watch.READABLE, 0)).isEqualTo(Errno.EPERM.negated());
        }
    }

    @Test
    void whatIsNoChildCannotBeReaped() {
        assertThat(Pids.reap(1, false)).isEqualTo(Errno.ECHILD.negated());
        assertThat(Pids.reap(1, true)).isEqualTo(Errno.ECHILD.negated());
    }

    @Test
    void groupsAreAskedFor() throws Exception {
        Process own = new ProcessBuilder("setsid", "cat").start();
        try {
            int pid = (int) own.pid();
            Deadline.until("it has a group of its own", () -> Pids.group(pid) == pid);
            assertThat(Pids.group(0)).isEqualTo(Pids.group(me));
            assertThat(Pids.setGroup(pid, 0)).as("it runs another program").isNegative();
            assertThat(Pids.signal(-pid, Pids.SIGKILL)).isZero();
            assertThat(own.waitFor()).isEqualTo(128 + Pids.SIGKILL);
        } finally {
            own.destroyForcibly();
        }
    }

    @Test
    void orphansAreAdoptedAndReapedOnlyWhenThatIsSaid() {
        Child.Outcome outcome = Child.run(Child.java(Adopts.class.getName(), Adopts.class, List.of()));
        assertThat(outcome.output().lines())
                .containsExactly(
                        "before 0", "adopting 0", "now 1", "still EAGAIN", "signal 265", "gone ECHILD", "code 7");
    }

    /** Lets a shell end before what it has started, and reaps that. */
    static final class Adopts {
        public static void main(String... arguments) throws Exception {
            System.out.println("before " + Pids.adoptsOrphans());
            System.out.println("adopting " + Pids.adoptOrphans(true));
            System.out.println("now " + Pids.adoptsOrphans());
            int sleeper = orphan("exec sleep 1000");
            System.out.println("still " + name(Pids.reap(sleeper, false)));
            Pids.signal(sleeper, Pids.SIGKILL);
            System.out.println("signal " + Pids.reap(sleeper, true));
            System.out.println("gone " + name(Pids.reap(sleeper, false)));
            System.out.println("code " + Pids.reap(orphan("exit 7"), true));
        }

        /** Answers the number of a process whose parent has ended. */
        private static int orphan(String does) throws Exception {
            Process shell = new ProcessBuilder("sh", "-c", "sh -c '" + does + "' > /dev/null & echo $!").start();
            int orphan = Integer.parseInt(shell.inputReader().readLine());
            shell.waitFor();
            return orphan;
        }

        private static String name(int result) {
            String text = Errno.describe(result);
            return text.substring(0, text.indexOf(' '));
        }
    }
}
