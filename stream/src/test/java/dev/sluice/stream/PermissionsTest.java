package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.language.Flow;
import dev.sluice.linux.Errno;
import dev.sluice.stream.Ending.Keep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another user may do to files that are not his. */
class PermissionsTest {
    private static final int NOBODY = 65534;
    private static final Change TOUCH = new Change(
            Change.ACCESSED | Change.MODIFIED | Change.ACCESSED_NOW | Change.MODIFIED_NOW, 0, 0, 0, 0, 0, 0, 0, 0);

    @TempDir
    private Path directory;

    private Workflow workflow;
    private Program make;
    private Program nobody;

    @BeforeEach
    void open() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setLastModifiedTime(Files.writeString(directory.resolve("plain"), "text"), FileTime.fromMillis(1000));
        Files.createDirectory(directory.resolve("one"));
        Files.setPosixFilePermissions(
                Files.createDirectory(directory.resolve("two")), PosixFilePermissions.fromString("rwxrwxrwx"));
        Flow flow = Flow.builder("test")
                .step("make", List.of(), List.of("data"))
                .step("use", List.of("data"), List.of())
                .build();
        workflow = Workflow.open(directory, flow, Keep.PERMANENT, new Limits(64 << 20, null));
        make = new Program(workflow, workflow.start("make"));
        nobody = make.as(NOBODY, NOBODY);
    }

    @AfterEach
    void close() {
        workflow.close();
    }

    @Test
    void whoMayNotWriteAFileMayNotSayThatItIsNew() throws Exception {
        Path plain = directory.resolve("plain");
        make.put("data", "text");
        for (String path : List.of("plain", "data")) {
            assertThatThrownBy(() -> nobody.change(path, TOUCH))
                    .as(path)
                    .isInstanceOfSatisfying(
                            Refusal.class, e -> assertThat(e.errno()).isEqualTo(Errno.EACCES));
        }
        assertThat(Files.getLastModifiedTime(plain).toMillis()).isEqualTo(1000);
        Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("rw-rw-rw-"));
        nobody.change("plain", TOUCH);
        assertThat(Files.getLastModifiedTime(plain).toMillis()).isGreaterThan(1000);
    }

    @Test
    void whoMayNotWriteADirectoryMayNotPutItIntoAnother() throws Exception {
        assertThatThrownBy(() -> nobody.rename("one", "two/one"))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.errno()).isEqualTo(Errno.EACCES));
        nobody.rename("one", "other"); // its own entries stay as they are
        assertThat(directory.resolve("other")).isDirectory();
    }
}
