package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.linux.Metadata;
import dev.sluice.linux.Names;
import dev.sluice.linux.OpenFlag;
import dev.sluice.testing.Child;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is made gets the permissions that it would get elsewhere: those that are left by a umask, or that a directory lays down. */
class DefaultsTest extends OnMount {
    /** Version 2; owner rwx, user 4711 rwx, group r-x, mask rwx, others none. */
    private static final byte[] LIST = {
        2, 0, 0, 0, 1, 0, 7, 0, -1, -1, -1, -1, 2, 0, 7, 0, 0x67, 0x12, 0, 0, 4, 0, 5, 0, -1, -1, -1, -1, 0x10, 0, 7, 0,
        -1, -1, -1, -1, 0x20, 0, 0, 0, -1, -1, -1, -1
    };

    private static final String MAKES = """
        cd FOLDER
        for each in 077 002 000; do
          umask $each
          mkdir $each $each/inner; echo x > file-$each; echo x > $each/inner/file; mkfifo pipe-$each
          cp /bin/true program-$each; touch $each/file; chmod 640 $each/file
        done
        stat -c '%A %n' *-* 0* 0*/*
        """;

    private Path reference;
    private boolean hasLists;

    @Override
    void prepare() throws IOException {
        reference = Files.createDirectories(folder.resolve("reference"));
        hasLists = true;
        for (Path place : List.of(reference, root)) {
            for (String name : List.of("s", "listed", "plain")) {
                Path made = Files.createDirectory(place.resolve(name));
                hasLists &= name.equals("plain") || isGiven(made);
            }
        }
    }

    private static boolean isGiven(Path directory) throws IOException {
        int fd = Names.open(-100, directory.toString().getBytes(StandardCharsets.UTF_8), OpenFlag.DIRECTORY.bits(), 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_BYTE, LIST);
            byte[] name = "system.posix_acl_default".getBytes(StandardCharsets.US_ASCII);
            return Metadata.setExtended(fd, name, value.address(), LIST.length, 0) == 0;
        } finally {
            dev.sluice.linux.Linux.close(fd);
        }
    }

    private void isAsElsewhere(String step, String place) {
        Child.Outcome there = Child.run(List.of(
                "sh", "-c", MAKES.replace("FOLDER", reference.resolve(place).toString())));
        assertThat(there.exit()).as(there.output()).isZero();
        assertThat(said(step, MAKES.replace("FOLDER", place))).isEqualTo(there.output());
    }

    @Test
    void aUmaskDeniesWhatItDeniesElsewhere() {
        isAsElsewhere("", "plain");
    }

    @Test
    void aDirectoryMayLayDownWhoMayDoWhatWhateverTheUmaskIs() {
        assumeTrue(hasLists, "the file system has no access control lists");
        isAsElsewhere("", "listed");
        isAsElsewhere("producer", "s");
    }
}
