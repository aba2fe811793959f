package dev.sluice.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.linux.OpenFlag;
import dev.sluice.stream.Handle;
import dev.sluice.stream.Node;
import dev.sluice.stream.Parked;
import dev.sluice.stream.Refusal;
import dev.sluice.stream.Request;
import dev.sluice.stream.Tree;
import dev.sluice.testing.Child;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others change in the tree by another door, such as a JVM from inside, is seen in the mount at once. */
class OtherDoorTest extends OnMount {
    private static final int WRITES = OpenFlag.WRITE_ONLY.bits();

    private final Request inside = new RequestOfRoot();

    @BeforeEach
    void needsDirectories() throws IOException {
        Files.createDirectory(root.resolve("s"));
    }

    private Node find(String path) throws Refusal {
        Node at = workflow.tree().root();
        for (String name : path.split("/", -1)) {
            at = workflow.tree().lookup(inside, at, name);
        }
        return at;
    }

    private void write(Handle handle, String text, boolean appends) throws Refusal, Parked {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(text);
            Tree.Payload payload = bytes::address;
            assertThat(workflow.tree().write(inside, handle, 0, text.length(), payload, appends))
                    .isEqualTo(text.length());
        }
        workflow.tree().close(handle);
    }

    private Handle open(String path, int flags) throws Refusal, Parked {
        return workflow.tree().open(inside, find(path), flags);
    }

    @Test
    void aPlainFileThatGrows() throws Exception {
        assertThat(said("", "stat -c %s below; cat below")).isEqualTo("11\nfrom below\n");
        write(open("below", WRITES | OpenFlag.APPEND.bits()), "and more\n", true);
        assertThat(said("", "stat -c %s below; cat below")).isEqualTo("20\nfrom below\nand more\n");
    }

    @Test
    void aPlainFileThatIsWrittenAnew() throws Exception {
        assertThat(said("", "stat -c %s below; cat below")).isEqualTo("11\nfrom below\n");
        write(open("below", WRITES | OpenFlag.TRUNCATE.bits()), "anew\n", false);
        assertThat(said("", "stat -c %s below; cat below")).isEqualTo("5\nanew\n");
    }

    @Test
    void aPlainFileThatSomebodyReads() throws Exception {
        Child reader = sh("", "exec 3< below; cat <&3; read line; cat <&3");
        reader.untilItSays("from below\n");
        write(open("below", WRITES | OpenFlag.APPEND.bits()), "and more\n", true);
        letGo(reader);
        assertThat(reader.finish().output()).isEqualTo("from below\nand more\n");
    }

    @Test
    void aNameThatGoes() throws Exception {
        assertThat(said("", "cat below")).isEqualTo("from below\n");
        workflow.tree().remove(inside, workflow.tree().root(), "below");
        assertThat(said("", "cat below 2>&1 || true")).endsWith("No such file or directory\n");
        assertThat(said("", "test -e below || echo gone")).isEqualTo("gone\n");
    }

    @Test
    void aNameThatLeadsToAnotherFile() throws Exception {
        assertThat(said("", "echo other > other; cat below other")).isEqualTo("from below\nother\n");
        Node top = workflow.tree().root();
        workflow.tree().rename(inside, top, "other", top, "below", 0);
        assertThat(said("", "cat below; stat -c %s below")).isEqualTo("other\n6\n");
        assertThat(said("", "test -e other || echo gone")).isEqualTo("gone\n");
    }

    @Test
    void namesThatChangePlaces() throws Exception {
        assertThat(said("", "echo other > other; cat below other")).isEqualTo("from below\nother\n");
        Node top = workflow.tree().root();
        workflow.tree().rename(inside, top, "other", top, "below", 2);
        assertThat(said("", "cat below other")).isEqualTo("other\nfrom below\n");
    }

    @Test
    void aNameThatComes() throws Exception {
        assertThat(said("", "test -e new || echo none; ls")).doesNotContain("new");
        write(workflow.tree().create(inside, workflow.tree().root(), "new", WRITES, 0644), "text\n", false);
        assertThat(said("", "cat new; ls")).startsWith("text\n").contains("new");
    }

    @Test
    void aSecondNameAndAMode() throws Exception {
        assertThat(said("", "stat -c '%h %a' below")).isEqualTo("1 644\n");
        workflow.tree().link(inside, find("below"), workflow.tree().root(), "second");
        assertThat(said("", "stat -c '%h %a' below second")).isEqualTo("2 644\n2 644\n");
    }

    @Test
    void oneOfTwoNamesThatGoes() throws Exception {
        assertThat(said(
                        "producer",
                        "ln below second; echo one > s/file; ln s/file s/second; stat -c %h second s/second"))
                .isEqualTo("2\n2\n");
        workflow.tree().remove(inside, workflow.tree().root(), "below");
        workflow.tree().remove(inside, find("s"), "file");
        assertThat(said("", "stat -c %h second s/second")).isEqualTo("1\n1\n");
        assertThat(said("producer", "stat -c %h second s/second")).isEqualTo("1\n1\n");
    }

    @Test
    void oneOfTwoNamesThatLeadsToAnotherFile() throws Exception {
        assertThat(said("", "echo other > other; ln below second; stat -c %h second"))
                .isEqualTo("2\n");
        Node top = workflow.tree().root();
        workflow.tree().rename(inside, top, "other", top, "below", 0);
        assertThat(said("", "stat -c %h second below")).isEqualTo("1\n1\n");
    }

    @Test
    void whenAFileWasChangedLast() throws Exception {
        String before = said("", "touch -d 2001-01-01 below; stat -c %z below");
        workflow.tree().setAttribute(inside, find("below"), "user.what", new byte[] {1}, 0);
        String attributed = said("", "stat -c %z below");
        assertThat(attributed).isGreaterThan(before);
        workflow.tree().removeAttribute(inside, find("below"), "user.what");
        String bare = said("", "stat -c %z below");
        assertThat(bare).isGreaterThan(attributed);
        workflow.tree()
                .rename(inside, workflow.tree().root(), "below", workflow.tree().root(), "elsewhere", 0);
        assertThat(said("", "stat -c %z elsewhere")).isGreaterThan(bare);
    }

    @Test
    void aDirectoryThatGoesElsewhere() throws Exception {
        assertThat(said("", "mkdir d; echo text > d/file; cat d/file")).isEqualTo("text\n");
        Node top = workflow.tree().root();
        workflow.tree().rename(inside, top, "d", top, "e", 0);
        assertThat(said("", "cat e/file; test -e d/file || echo gone")).isEqualTo("text\ngone\n");
    }

    @Test
    void aCompleteFileThatIsMadeAnew() throws Exception {
        assertThat(said("producer", "echo one > s/file; cat s/file")).isEqualTo("one\n");
        assertThat(said("consumer", "cat s/file; stat -c %s s/file")).isEqualTo("one\n4\n");
        write(open("s/file", WRITES | OpenFlag.TRUNCATE.bits()), "another\n", false);
        assertThat(said("consumer", "stat -c %s s/file; cat s/file")).isEqualTo("8\nanother\n");
    }
}
