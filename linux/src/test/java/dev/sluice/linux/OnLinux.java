package dev.sluice.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of system calls, with a folder, and descriptors that are closed afterwards. */
abstract class OnLinux {
    @TempDir
    Path folder;

    final Opened opened = new Opened();

    @BeforeEach
    final void onLinux() {
        assumeTrue(Linux.availability().available(), Linux.availability().reason());
    }

    @AfterEach
    final void closeAll() {
        opened.close();
    }
}
