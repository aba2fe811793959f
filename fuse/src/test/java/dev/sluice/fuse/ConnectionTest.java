package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.linux.Errno;
import dev.sluice.stream.Session;
import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import dev.sluice.testing.MountPoint;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mount whose service knows no files, and does with some names what a good one would not. */
class ConnectionTest {
    private final MountPoint point = MountPoint.of("connection");
    private final Odd service = new Odd();
    private Mount mount;

    @BeforeEach
    void mountIt() throws IOException {
        assumeTrue(Mount.availability().available(), Mount.availability().reason());
        mount = Mount.over(
                point.path(), service, MountOptions.standard().watchdog(false).threads(2));
    }

    @AfterEach
    void unmountIt() throws IOException {
        service.latch.countDown();
        try {
            if (mount != null) {
                mount.close();
            }
        } finally {
            point.close();
        }
        assertThat(service.isEnded).isTrue();
    }

    private void ask(String name) throws IOException {
        Path file = point.path().resolve(name);
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    @Test
    void aRequestThatTakesLongDoesNotKeepOthersWaiting() {
        Thread slow = Thread.ofPlatform()
                .daemon()
                .start(() -> assertThatThrownBy(() -> ask("slow")).isInstanceOf(NoSuchFileException.class));
        Deadline.until("it is served", () -> service.slow.get() == 1);
        assertThatThrownBy(() -> ask("quick")).isInstanceOf(NoSuchFileException.class);
        assertThat(slow.isAlive()).isTrue();
        service.latch.countDown();
        Deadline.join(slow);
    }

    @Test
    void anErrorOfTheServiceIsAnErrorOfTheOneRequest() {
        assertThatThrownBy(() -> ask("broken"))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("Input/output error");
        assertThatThrownBy(() -> ask("quick")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void whatIsResumedBeforeItWaitsIsServedAgain() {
        assertThatThrownBy(() -> ask("early")).isInstanceOf(NoSuchFileException.class);
        assertThat(service.early).hasValue(2);
    }

    @Test
    void anInterruptOfARequestThatIsServedEndsItsWaitAsItBegins() {
        Child asker = Child.of(List.of("stat", point.path() + "/late")).start();
        try (asker) {
            Deadline.until("it is served", () -> service.late.get() == 1);
            asker.signal("INT");
            service.latch.countDown();
            assertThat(asker.finish().exit()).isEqualTo(130);
        }
        assertThat(service.late).hasValue(1);
        assertThat(service.cancelled).hasValue(1);
    }

    /** Answers that there is nothing; some names are special. */
    private static final class Odd implements Service {
        final CountDownLatch latch = new CountDownLatch(1);
        final AtomicInteger slow = new AtomicInteger();
        final AtomicInteger early = new AtomicInteger();
        final AtomicInteger late = new AtomicInteger();
        final AtomicInteger cancelled = new AtomicInteger();
        volatile boolean isEnded;

        @Override
        public boolean serve(Exchange exchange) {
            if (exchange.request().opcode() == Opcode.GETATTR) {
                exchange.clear(Described.ATTRIBUTES);
                exchange.put(16, 1L);
                exchange.put(16 + 60, 0x41ED);
                exchange.put(16 + 64, 2);
                exchange.answer(Described.ATTRIBUTES);
                return true;
            }
            if (exchange.request().opcode() == Opcode.LOOKUP) {
                return lookup(exchange);
            }
            if (!Opcode.isSilent(exchange.request().opcode())) {
                exchange.refuse(Errno.ENOSYS);
            }
            return true;
        }

        private boolean lookup(Exchange exchange) {
            switch (exchange.nameAt(Exchange.BODY)) {
                case "slow" -> {
                    slow.incrementAndGet();
                    await();
                }
                case "broken" -> throw new IllegalStateException("as the test wants it");
                case "early" -> {
                    if (early.incrementAndGet() == 1) {
                        exchange.request().resume();
                        return false;
                    }
                }
                case "late" -> {
                    late.incrementAndGet();
                    await();
                    Deadline.until(
                            "the interrupt has come", () -> exchange.request().isInterrupted());
                    return false;
                }
                default -> {}
            }
            exchange.refuse(Errno.ENOENT);
            return true;
        }

        private void await() {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public boolean cancel(FuseRequest request) {
            cancelled.incrementAndGet();
            return true;
        }

        @Override
        public Session session(int task) {
            return null;
        }

        @Override
        public void agreed(Agreement agreement, Device device) {}

        @Override
        public void checkTier(Path directory) {}

        @Override
        public void ended() {
            isEnded = true;
        }
    }
}
