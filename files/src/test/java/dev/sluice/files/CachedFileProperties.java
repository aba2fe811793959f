package dev.sluice.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Streams over cached files give what the files have, whoever changes them. */
class CachedFileProperties {
    private static final int STEPS = 1_200;

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void everyReadGivesWhatTheFileHas(@ForAll long seed) throws IOException {
        Path folder = Files.createTempDirectory(Path.of("target"), "coherence");
        // So small that blocks come and go.
        FileCache cache = FileCache.builder().blockSize(512).maxBytes(12_000).build();
        try (CoherenceModel model = new CoherenceModel(folder, seed, cache)) {
            for (int step = 0; step < STEPS; step++) {
                model.step();
            }
        } finally {
            try (var inside = Files.walk(folder)) {
                for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
