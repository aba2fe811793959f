package dev.sluice.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/mapped.md}, and that it is this code. */
class MappedGuideTest extends GuideContract {
    @Test
    void mapped() throws IOException {
        Path path = file("one two three");
        // @start region="mapped"
        try (MappedFiles files = new MappedFiles();
                MappedFile file = files.open(path)) {
            file.write(4, "TWO".getBytes(UTF_8));
            file.insert(0, "zero ".getBytes(UTF_8)); // the file grows
            long replaced = file.replace(Search.of("three"), 0, "3".getBytes(UTF_8));
            System.out.println(file.readString(UTF_8) + ", " + replaced + " replaced, " + file.size() + " bytes");
        }
        // @end
        assertThat(printed()).isEqualTo("zero one TWO 3, 1 replaced, 14 bytes\n");
        assertThat(path).hasContent("zero one TWO 3");
    }

    @Test
    void find() throws IOException {
        Path path = file("banana bandana");
        // @start region="find"
        try (MappedFiles files = new MappedFiles()) {
            Search search = Search.of("ana").overlapping().limit(100);
            Map<Path, Outcome<long[]>> found =
                    files.findAll(search, Map.of(path, 0L)).join();
            System.out.println(Arrays.toString(found.get(path).get()));
        }
        // @end
        assertThat(printed()).isEqualTo("[1, 3, 11]\n");
    }

    @Test
    void bulk() throws IOException {
        Path one = file("one", "1");
        Path two = file("two", "22");
        Path missing = folder.resolve("missing");
        // @start region="bulk"
        try (MappedFiles files = new MappedFiles()) {
            Map<Path, Outcome<String>> sums = files.checksumAll(List.of(one, two, missing), Checksum.XXH3_64)
                    .join();
            sums.forEach((path, outcome) -> System.out.println(path.getFileName() + ": "
                    + switch (outcome) {
                        case Outcome.Done<String>(String sum) -> sum;
                        case Outcome.Failed<String>(IOException why) ->
                            why.getClass().getSimpleName();
                    }));
        }
        // @end
        assertThat(printed().lines()).hasSize(3).last().isEqualTo("missing: NoSuchFileException");
    }

    @Test
    void copies() throws IOException {
        Path from = file("from", "content");
        Path to = folder.resolve("to");
        try (MappedFiles files = new MappedFiles()) {
            files.copy(from, to, MappedFiles.Copying.ATTRIBUTES);
            files.copy(from, to, MappedFiles.Copying.REPLACE, MappedFiles.Copying.FORCE);
        }
        assertThat(to).hasContent("content");
    }

    @Test
    void thePageShowsThisCode() throws IOException {
        assertShowsThisCode(4, "mapped.md");
    }
}
