package dev.sluice.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testing.Child;
import dev.sluice.testing.MountPoint;
import dev.sluice.testing.Nobody;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MountsTest extends OnLinux {
    private static final int BUFFER = 1 << 20;
    private static final int INIT = 26;

    private final MountPoint point = MountPoint.of("a mount");

    @BeforeEach
    void needsTheDevice() {
        assumeTrue(Mounts.availability().available(), Mounts.availability().reason());
    }

    @AfterEach
    void leavesNoMount() {
        point.close();
    }

    @Test
    void aMountIsFoundInTheTableAndItsFirstRequestIsRead() throws IOException {
        assertThat(Mounts.deviceOf(point.path())).isEmpty();
        assertThat(Mounts.typeOf(point.path())).isEmpty();
        int device = mounted();

        assertThat(Mounts.deviceOf(point.path())).matches("0:\\d+");
        assertThat(point.mounts())
                .singleElement()
                .asString()
                .contains("fuse.sluicetest")
                .contains("nosuid,nodev");
        assertThat(opcodeReadFrom(device)).isEqualTo(INIT);
    }

    @Test
    void aDetachedMountIsGoneAndItsDeviceSaysSo() throws IOException {
        int device = mounted();
        Mounts.detach(point.path());

        assertThat(point.mounts()).isEmpty();
        try (Bytes bytes = new Bytes(BUFFER)) {
            assertThat(Transfers.read(device, bytes.address(), BUFFER)).isEqualTo(Errno.ENODEV.negated());
        }
    }

    @Test
    void forceEndsTheConnectionOfAMountInUse() {
        int device = mounted();
        assertThat(opcodeReadFrom(device)).isEqualTo(INIT);
        assertThat(Mounts.force(point.path())).isZero();

        assertThat(point.mounts()).isEmpty();
        try (Bytes bytes = new Bytes(BUFFER)) {
            assertThat(Transfers.read(device, bytes.address(), BUFFER)).isEqualTo(Errno.ENODEV.negated());
        }
    }

    @Test
    void aClonedDeviceServesTheSameMount() {
        int device = mounted();
        int clone = opened.add(Mounts.cloneDevice(device, true));

        assertThat(clone).isNotNegative().isNotEqualTo(device);
        assertThat(opcodeReadFrom(clone)).isEqualTo(INIT);
    }

    @Test
    void filesInAFileSystemInMemoryAreNobodysButWhoHasItsDescriptor() throws IOException {
        List<String> before = Files.readAllLines(Path.of("/proc/self/mountinfo"));
        int directory = Mounts.memory();
        assumeTrue(directory != Errno.EPERM.negated(), "mounting needs root");
        opened.add(directory);
        int flags = OpenFlag.UNNAMED.bits() | OpenFlag.READ_WRITE.bits();
        int file = opened.add(Names.open(directory, new byte[] {'.'}, flags, 0600));

        assertThat(Files.readAllLines(Path.of("/proc/self/mountinfo"))).isEqualTo(before);
        try (Bytes bytes = new Bytes(BUFFER)) {
            assertThat(Transfers.pwrite(file, bytes.address(), BUFFER, BUFFER)).isEqualTo(BUFFER);
            assertThat(Transfers.pread(file, bytes.address(), BUFFER, BUFFER)).isEqualTo(BUFFER);
        }
        assertThat(Linux.ftruncate(file, 1L << 50)).isZero();
    }

    @Test
    void aDeviceWithoutMountCannotBeCloned() {
        int device = opened.add(Mounts.openDevice());
        assertThat(Mounts.cloneDevice(device, true)).isNegative();
    }

    @Test
    void backingFilesNeedAMountThatAgreedOnThem() throws IOException {
        int device = mounted();
        Path file = Files.createFile(folder.resolve("file"));
        int backing = opened.open(file, 0, OpenFlag.READ_WRITE);
        assertThat(Mounts.openBacking(device, backing)).isNegative();
    }

    @Test
    void whatIsNoMountCannotBeUnmounted() {
        assertThatThrownBy(() -> Mounts.detach(point.path()))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(point.path().toString())
                .hasMessageContaining("unmounting failed: EINVAL");
    }

    @Test
    void namesInTheTableMayHoldBlanksAndBackslashes() throws IOException {
        try (MountPoint odd = MountPoint.of("odd \\ \n name")) {
            int device = opened.add(Mounts.openDevice());
            int result = Mounts.mount(device, odd.path(), "sluicetest", "");
            assumeTrue(result != Errno.EPERM.negated(), "mounting needs root");
            try {
                String found = Mounts.deviceOf(odd.path());
                assertThat(found).matches("0:\\d+");
                assertThat(Mounts.placeOf(found)).contains(odd.path());
            } finally {
                Mounts.detach(odd.path());
            }
            assertThat(Mounts.deviceOf(odd.path())).isEmpty();
            assertThat(Mounts.placeOf("0:none")).isEmpty();
        }
    }

    @Test
    void fusermountHandsOverADeviceThatServes() throws IOException {
        assumeTrue(hasFusermount(), "fusermount3 is not installed");
        int device = opened.add(Mounts.mountAsUser(point.path(), "sluicetest", "default_permissions"));

        assertThat(Mounts.deviceOf(point.path())).matches("0:\\d+");
        assertThat(opcodeReadFrom(device)).isEqualTo(INIT);
        Fusermount.unmount(point.path());
        assertThat(point.mounts()).isEmpty();
    }

    @Test
    void whatFusermountSaysIsInTheException() {
        assumeTrue(hasFusermount(), "fusermount3 is not installed");
        Path missing = point.path().resolve("missing");
        assertThatThrownBy(() -> Mounts.mountAsUser(missing, "sluicetest", ""))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("mounting by fusermount3 failed")
                .hasMessageContaining("No such file or directory");
    }

    @Test
    void anOrdinaryUserMountsAndUnmounts() {
        Nobody.assumeMayMount();
        String own = point.path().toString();
        assertThat(Child.run(List.of("chown", "nobody", own)).exit()).isZero();
        List<String> java = Child.java(AsUser.class.getName(), AsUser.class, List.of(), own);

        assertThat(Child.run(Nobody.does(java))).isEqualTo(new Child.Outcome(0, "mounted\nINIT\nunmounted\n"));
        assertThat(point.mounts()).isEmpty();
    }

    @Test
    void whoMayNotOpenTheDeviceIsToldHowToMendIt() throws IOException {
        Nobody.assumeMayMount();
        Files.createDirectory(point.path().resolve("own"));
        // In a table of mounts of its own, a device that is root's alone lies over the one that is there.
        String script = "cd \"$0\" && mknod -m 600 fuse c 10 229 && chown nobody own && mount --bind fuse /dev/fuse"
                + " || exit 9; \"$@\"";
        List<String> command = new ArrayList<>(
                List.of("unshare", "-m", "sh", "-c", script, point.path().toString()));
        command.addAll(Nobody.does(Child.java(AsUser.class.getName(), AsUser.class, List.of(), "own")));
        Child.Outcome refused = Child.run(command);
        assumeTrue(refused.exit() != 9, "needs the right to make devices and mounts");

        assertThat(refused.output()).contains("/dev/fuse: Permission denied", "chmod 666 /dev/fuse");
        assertThat(point.mounts()).isEmpty();
    }

    /** A program for an ordinary user. */
    static final class AsUser {
        public static void main(String[] arguments) throws IOException {
            Path directory = Path.of(arguments[0]);
            int own = Mounts.openDevice();
            if (own >= 0 && Mounts.mount(own, directory, "sluicetest", "") != Errno.EPERM.negated()) {
                throw new AssertionError("an ordinary user must not mount");
            }
            int device = Mounts.mountAsUser(directory, "sluicetest", "default_permissions");
            System.out.println(Mounts.deviceOf(directory).isEmpty() ? "lost" : "mounted");
            System.out.println(opcodeReadFrom(device) == INIT ? "INIT" : "nothing");
            Mounts.detach(directory);
            System.out.println(Mounts.deviceOf(directory).isEmpty() ? "unmounted" : "left");
        }
    }

    private int mounted() {
        int device = opened.add(Mounts.openDevice());
        int result = Mounts.mount(device, point.path(), "sluicetest", "default_permissions,allow_other");
        assumeTrue(result != Errno.EPERM.negated(), "mounting needs root");
        assertThat(result).isZero();
        return device;
    }

    private static boolean hasFusermount() {
        return Files.isExecutable(Path.of("/usr/bin/fusermount3"));
    }

    private static int opcodeReadFrom(int device) {
        try (Bytes bytes = new Bytes(BUFFER)) {
            long length = Transfers.read(device, bytes.address(), BUFFER);
            if (length < 40) {
                throw new AssertionError("a short request: " + length);
            }
            return bytes.memory.get(ValueLayout.JAVA_INT, 4);
        }
    }

    @Test
    void theKindOfADevicesFileSystemIsTold() throws IOException {
        Attributes.Brief brief = new Attributes.Brief();
        assertThat(brief.ask(Path.of("/proc"))).isZero();
        assertThat(Mounts.typeOf(brief.device())).isEqualTo("proc");
        assertThat(Mounts.typeOf(0x7fff_ffffL)).isEmpty();
    }
}
