package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirectoryTest {
    private final Directory root = new Directory(1, null, "");
    private final Directory directory = new Directory(2, root, "out");
    private final List<String> asked = new ArrayList<>();

    DirectoryTest() {
        root.parent = root;
    }

    private int sizeWithoutLogs() {
        return directory.sizeWithout(path -> {
            asked.add(path);
            return path.endsWith(".log");
        });
    }

    @Test
    void whatIsExcludedDoesNotCount() {
        directory.add("a", 0, 0);
        Entry log = directory.add("a.log", 0, 0);
        assertThat(sizeWithoutLogs()).isEqualTo(1);
        directory.remove(log);
        assertThat(sizeWithoutLogs()).isEqualTo(1);
        directory.remove(directory.entry("a"));
        assertThat(sizeWithoutLogs()).isZero();
    }

    /** Else a large directory would be looked through for each name that comes. */
    @Test
    void eachNameIsLookedAtOnce() {
        for (int i = 0; i < 500; i++) {
            directory.add(i + ".log", 0, 0);
            directory.add(i + "", 0, 0);
            assertThat(sizeWithoutLogs()).isEqualTo(i + 1);
        }
        assertThat(asked).hasSize(1000).doesNotHaveDuplicates().contains("out/7.log");
    }

    @Test
    void countsGoOnWhenPlacesAreMadeFreeAgain() {
        for (int i = 0; i < 200; i++) {
            directory.add(i + ".log", 0, 0);
        }
        assertThat(sizeWithoutLogs()).isZero();
        for (int i = 0; i < 190; i++) {
            directory.remove(directory.entry(i + ".log"));
        }
        directory.add("a", 0, 0); // now those that are left move up
        assertThat(directory.entry("199.log").place).isLessThan(20);
        assertThat(sizeWithoutLogs()).isEqualTo(1);
        directory.remove(directory.entry("199.log"));
        assertThat(sizeWithoutLogs()).isEqualTo(1);
        assertThat(asked).hasSize(201);
    }

    @Test
    void anotherNameOfTheDirectoryMayExcludeOthers() {
        directory.add("a", 0, 0);
        assertThat(directory.sizeWithout(path -> path.startsWith("out/"))).isZero();
        directory.name = "in";
        assertThat(directory.sizeWithout(path -> path.startsWith("out/"))).isEqualTo(1);
    }
}
