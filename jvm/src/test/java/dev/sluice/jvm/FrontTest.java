package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Child;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM with the provider in front of the JDK's own. */
class FrontTest {
    @TempDir
    Path folder;

    @Test
    void aProgramThatKnowsNothingOfItTakesPart() {
        Child.Outcome outcome = Child.run(Child.java(
                FrontProgram.class.getName(),
                FrontProgram.class,
                List.of("-Djava.nio.file.spi.DefaultFileSystemProvider=" + SluiceFileSystemProvider.class.getName()),
                folder.toString()));
        assertThat(outcome.output().lines())
                .containsExactly(
                        "default: StreamFileSystem",
                        "scheme: file",
                        "outside: plain",
                        "data: from another step",
                        "dots: from another step",
                        "relative: true",
                        "sibling: 7",
                        "seen by java.io: false",
                        "listed: [data, private, result]",
                        "moved: insidefalse",
                        "link: plain true",
                        "real: true",
                        "same: true",
                        "uri: true",
                        "temporary: t",
                        "file: resulttrue",
                        "attributes: 6",
                        "zip: zipped",
                        "watched: watched",
                        "other thread: false",
                        "server: a JVMtrue",
                        "after: false");
        assertThat(outcome.exit()).isZero();
    }
}
