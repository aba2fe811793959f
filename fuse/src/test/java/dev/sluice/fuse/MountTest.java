package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.language.Flow;
import dev.sluice.linux.Mounts;
import dev.sluice.stream.Ending;
import dev.sluice.stream.Node;
import dev.sluice.stream.Workflow;
import dev.sluice.testing.Child;
import dev.sluice.testing.Deadline;
import dev.sluice.testing.Descriptors;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTest extends OnMount {
    @Test
    void theMountIsInTheTableUntilItIsClosed() throws IOException {
        assertThat(point.mounts()).singleElement().asString().contains("fuse.sluice");
        assertThat(mount.device()).matches("0:\\d+");
        assertThat(mount.hasEnded()).isFalse();
        mount.close();
        assertThat(point.mounts()).isEmpty();
        assertThat(mount.hasEnded()).isTrue();
        assertThat(root.resolve("below")).hasContent("from below\n");
        mount.close();
    }

    @Test
    void closingLeavesNoDescriptorAndNoThread() throws IOException {
        mount.close();
        assertThat(Descriptors.of("/dev/fuse")).isEmpty();
        Deadline.until(
                "its threads have ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("sluice-mount")));
    }

    @Test
    void whoClosesItOnceMoreWaitsUntilItIsClosed() throws Exception {
        List<Boolean> ended = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
        List<Thread> threads = new java.util.ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    mount.close();
                    ended.add(Descriptors.of("/dev/fuse").isEmpty());
                } catch (IOException e) {
                    ended.add(false);
                }
            }));
        }
        for (Thread thread : threads) {
            assertThat(thread.join(java.time.Duration.ofSeconds(30))).isTrue();
        }
        assertThat(ended).containsExactly(true, true, true, true);
    }

    @Test
    void whoHasAFileOpenWhenItIsUnmountedIsToldSo() throws Exception {
        Child holder = sh("", "exec 3< below; echo open; read line; ls .");
        holder.untilItSays("open");
        mount.close();
        holder.input().close();
        assertThat(holder.finish().output()).containsAnyOf("not connected", "connection abort");
        assertThat(point.mounts()).isEmpty();
    }

    @Test
    void aMountIsFoundUnderTheNewNameOfADirectoryAboveIt() throws Exception {
        mount.close();
        Path above = Files.createDirectories(point.path().resolve("above"));
        Path below = Files.createDirectory(above.resolve("below it"));
        try (Workflow other = Workflow.open(below, Flow.read(flowFile()), Ending.Keep.PERMANENT, limits())) {
            Mount moved = Mount.over(other, _ -> null, options());
            Files.move(above, point.path().resolve("elsewhere"));
            assertThat(point.mounts()).singleElement().asString().contains("elsewhere");
            moved.close();
            assertThat(point.mounts()).isEmpty();
        }
    }

    @Test
    void unmountingByOthersEndsIt() throws IOException {
        Mounts.detach(root);
        Deadline.until("it has ended", mount::hasEnded);
        mount.close();
    }

    @Test
    void aMountInUseCanBeUnmountedByOthersLazilyOnly() {
        Child holder = sh("", "echo here; read line");
        holder.untilItSays("here");
        assertThat(Child.run(List.of("umount", root.toString())).exit()).isNotZero();
        holder.close();
    }

    @Test
    void aFileIsNoPlaceForAMount() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> Mount.over(file, door, options())).isInstanceOf(NotDirectoryException.class);
    }

    @Test
    void theNumberOfThreadsIsChecked() {
        assertThatThrownBy(() -> MountOptions.standard().threads(0)).hasMessageContaining("threads=0");
    }

    @Test
    void whatTheKernelKeepsItForgetsWhenTold() throws Exception {
        Path file = Files.writeString(root.resolve("file"), "text");
        assertThat(Files.size(file)).isEqualTo(4);
        Node node =
                door.nodes().find((long) Files.getAttribute(file, "unix:ino")).node();
        assertThat(mount.forget(node)).isTrue();
        assertThat(mount.forget(workflow.tree().root(), "file")).isTrue();
        assertThat(mount.forget(workflow.tree().root(), "another")).isFalse();
        assertThat(file).hasContent("text");
    }

    @Test
    void theKernelMovesBytesByItselfWhereItCan() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "text");
        long inode = (long) Files.getAttribute(file, "unix:ino");
        try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ)) {
            assertThat(door.nodes().find(inode).passes()).isEqualTo(door.passes());
            assertThat(open.size()).isEqualTo(4);
        }
        Deadline.until("it is closed", () -> !door.nodes().find(inode).isOpen());
    }
}
