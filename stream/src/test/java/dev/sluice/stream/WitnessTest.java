package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.Flow;
import dev.sluice.stream.Ending.Keep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessTest {
    @TempDir
    Path directory;

    private final Told told = new Told();
    private Workflow workflow;
    private Program program;

    /** Keeps what it was told, one word for each. */
    private static final class Told implements Workflow.Observer {
        final List<String> words = new ArrayList<>();

        @Override
        public void looked(Session session, String path, @Nullable Node found) {
            words.add((found == null ? "missed " : "found ") + path);
        }

        @Override
        public void listed(Session session, String path) {
            words.add("listed " + path);
        }

        @Override
        public void made(Session session, String path, Node node) {
            words.add("made " + path);
        }

        @Override
        public void opened(Session session, Handle handle, String path, int flags) {
            words.add(session + " opened " + path + " " + flags);
        }

        @Override
        public void read(Handle handle, long offset, int count) {
            words.add("read " + offset + " " + count);
        }

        @Override
        public void written(Handle handle, long offset, int count) {
            words.add("written " + offset + " " + count);
        }

        @Override
        public void changed(Session session, Node node, boolean hasOtherBytes) {
            words.add("changed " + hasOtherBytes);
        }

        @Override
        public void closed(Handle handle) {
            words.add("closed");
        }

        @Override
        public void moved(Session session, String from, String to, boolean exchanges) {
            words.add("moved " + from + " " + to);
        }

        @Override
        public void removed(Session session, String path) {
            words.add("removed " + path);
        }
    }

    @BeforeEach
    void open() throws Exception {
        Flow flow = Flow.builder("test").step("make", List.of(), List.of()).build();
        workflow = Workflow.open(directory, flow, Keep.PERMANENT, new Limits(1 << 20, null));
        program = new Program(workflow, workflow.start("make"));
    }

    @AfterEach
    void close() {
        workflow.close();
    }

    @Test
    void whatAStepDoesIsTold() throws Exception {
        workflow.observe(told);
        program.makeDirectory("d");
        Handle handle = program.create("d/data");
        program.write(handle, 0, "abc");
        program.close(handle);
        Handle reader = program.open("d/data", Program.READ);
        program.read(reader, 1, 10);
        program.close(reader);
        Handle appender = program.open("d/data", Program.WRITE | Program.APPEND);
        program.write(appender, 7, "d");
        program.close(appender);
        program.rename("d/data", "other");
        program.remove("other");

        assertThat(told.words)
                .containsExactly(
                        "made d",
                        "found d",
                        "made d/data",
                        "step make opened d/data " + Program.WRITE,
                        "written 0 3",
                        "closed",
                        "found d",
                        "found d/data",
                        "step make opened d/data " + Program.READ,
                        "read 1 2",
                        "closed",
                        "found d",
                        "found d/data",
                        "step make opened d/data " + (Program.WRITE | Program.APPEND),
                        "written " + Workflow.Observer.END + " 1",
                        "closed",
                        "found d",
                        "moved d/data other",
                        "removed other");
    }

    @Test
    void nothingIsKeptByTheKernelWhileSomebodyLooks() throws Exception {
        program.put("before", "x");
        Attributes attributes = new Attributes();
        program.now(request -> {
            workflow.tree().peek(request, program.find(request, "before"), attributes);
            return attributes;
        });
        assertThat(attributes.isSettled()).isTrue();
        Handle usual = program.open("before", Program.READ);
        assertThat(usual.isDirect()).isFalse();
        program.close(usual);

        workflow.observe(told);
        program.now(request -> {
            workflow.tree().peek(request, program.find(request, "before"), attributes);
            return attributes;
        });
        assertThat(attributes.isSettled()).isFalse();
        Handle seen = program.open("before", Program.READ);
        assertThat(seen.isDirect()).isTrue();
        program.close(seen);
    }

    @Test
    void whoBelongsToNoStepIsNotTold() throws Exception {
        workflow.observe(told);
        Program stranger = new Program(workflow, null);
        stranger.put("data", "x");
        assertThat(stranger.get("data")).isEqualTo("x");
        assertThat(told.words).isEmpty();
    }
}
