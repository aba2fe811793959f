package dev.sluice.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Pipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EntriesTest extends OnLinux {
    private final Entries entries = new Entries();

    private Set<String> names(int fd) {
        assertThat(entries.start(fd)).isZero();
        Set<String> names = new HashSet<>();
        int result;
        while ((result = entries.next()) == 1) {
            assertThat(names.add(new String(entries.name(), UTF_8)))
                    .as("each once")
                    .isTrue();
        }
        assertThat(result).isZero();
        assertThat(entries.next()).as("the end stays").isZero();
        return names;
    }

    @Test
    void aFolderWithoutEntriesHasNone() {
        assertThat(names(opened.open(folder, 0))).isEmpty();
    }

    @Test
    void namesThatBeginWithADotAreNamesButTheTwo() throws IOException {
        for (String name : new String[] {".a", "..b", "...", "c"}) {
            Files.createFile(folder.resolve(name));
        }
        assertThat(names(opened.open(folder, 0))).containsExactlyInAnyOrder(".a", "..b", "...", "c");
    }

    @Test
    void aFolderThatIsLongerThanTheMemoryIsReadWholeAndAgain() throws IOException {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 1500; i++) {
            String name = "n".repeat(1 + i % 200) + i;
            Files.createFile(folder.resolve(name));
            made.add(name);
        }
        int fd = opened.open(folder, 0);
        assertThat(names(fd)).isEqualTo(made);
        Files.delete(folder.resolve("n0"));
        made.remove("n0");
        assertThat(names(fd)).isEqualTo(made);
    }

    @Test
    void typesAndInodesAreThoseOfTheFiles() throws IOException {
        Map<String, Integer> types = new HashMap<>();
        Files.createFile(folder.resolve("file"));
        types.put("file", Attributes.REGULAR);
        Files.createDirectory(folder.resolve("folder"));
        types.put("folder", Attributes.DIRECTORY);
        Files.createSymbolicLink(folder.resolve("link"), Path.of("x"));
        types.put("link", Attributes.LINK);
        Pipes.make(folder);
        types.put("pipe", Attributes.PIPE);
        int fd = opened.open(folder, 0);
        entries.start(fd);
        Attributes attributes = new Attributes();
        Map<String, Integer> found = new HashMap<>();
        while (entries.next() == 1) {
            assertThat(attributes.ask(fd, entries.name())).isZero();
            assertThat(entries.inode()).isEqualTo(attributes.inode());
            assertThat(entries.type()).isIn(0, attributes.mode() & Attributes.TYPE);
            found.put(new String(entries.name(), UTF_8), attributes.mode() & Attributes.TYPE);
        }
        assertThat(found).isEqualTo(types);
    }

    @Test
    void whatIsNoDirectoryHasNoEntries() throws IOException {
        assertThat(entries.start(opened.open(Files.createFile(folder.resolve("file")), 0)))
                .isZero();
        assertThat(entries.next()).isEqualTo(Errno.ENOTDIR.negated());
        Path gone = Files.createDirectory(folder.resolve("gone"));
        int fd = opened.open(gone, 0);
        Files.delete(gone);
        entries.start(fd);
        assertThat(entries.next()).isEqualTo(Errno.ENOENT.negated());
    }
}
