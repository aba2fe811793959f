package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.Flow;
import dev.sluice.stream.Ending.Keep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory that changes while it is listed, as a mount does it: some entries at a time, and the program works in between. */
class ListingTest {
    private static final int AT_ONCE = 3;

    @TempDir
    Path directory;

    private Workflow workflow;
    private Program program;
    private Listing listing;
    private long cookie;

    @BeforeEach
    void open() throws Exception {
        workflow = Workflow.open(
                directory,
                Flow.builder("test")
                        .step("make", List.of(), List.of("in/*"))
                        .step("use", List.of("in/*"), List.of("out"))
                        .build(),
                Keep.PERMANENT,
                new Limits(64 << 20, null));
        program = new Program(workflow, workflow.start("make"));
        program.makeDirectory("in");
        for (int i = 0; i < 10; i++) {
            program.put("in/" + i, "text");
        }
        listing = program.now(request -> workflow.tree().openWholeDirectory(request, program.find(request, "in")));
    }

    @AfterEach
    void close() {
        workflow.tree().close(listing);
        workflow.close();
    }

    /** The next entries. */
    private List<String> next() throws Refusal {
        List<String> names = new ArrayList<>();
        program.now(request -> {
            workflow.tree().list(request, listing, cookie, (name, _, _, next) -> {
                if (names.size() == AT_ONCE) {
                    return false;
                }
                names.add(name);
                cookie = next;
                return true;
            });
            return names;
        });
        return names;
    }

    private interface Deed {
        void with(String name) throws Refusal;
    }

    /** All of them, with something done about each, up to many more than there were. */
    private List<String> all(Deed deed) throws Refusal {
        List<String> all = new ArrayList<>();
        for (List<String> names = next(); !names.isEmpty() && all.size() < 100; names = next()) {
            for (String name : names) {
                if (!name.startsWith(".")) {
                    all.add(name);
                    deed.with(name);
                }
            }
        }
        return all;
    }

    private static List<String> names() {
        return IntStream.range(0, 10).mapToObj(String::valueOf).toList();
    }

    @Test
    void whoRenamesWhatHeListsComesToAnEnd() throws Refusal {
        assertThat(all(name -> program.rename("in/" + name, "in/" + name + "x")))
                .containsExactlyElementsOf(names());
    }

    @Test
    void whoMakesAFileForEachThatHeListsComesToAnEnd() throws Refusal {
        assertThat(all(name -> program.put("in/more" + name, "text"))).containsExactlyElementsOf(names());
    }

    @Test
    void aNameIsListedOnceWhoeverReplacesItsFile() throws Refusal {
        assertThat(all(name -> {
                    for (String other : List.of(name, String.valueOf(9 - Integer.parseInt(name)))) {
                        program.put("in/tmp", "text");
                        program.rename("in/tmp", "in/" + other);
                    }
                }))
                .containsExactlyElementsOf(names());
    }

    @Test
    void aNameIsListedOnceWhoeverExchangesItsFile() throws Refusal {
        assertThat(all(name -> program.exchange("in/" + name, "in/" + (9 - Integer.parseInt(name)))))
                .containsExactlyElementsOf(names());
    }

    @Test
    void whoBeginsOnceMoreSeesWhatHasComeSince() throws Refusal {
        assertThat(all(_ -> {})).hasSize(10);
        program.put("in/new", "text");
        assertThat(next()).isEmpty();
        cookie = 0;
        assertThat(all(_ -> {})).hasSize(11).endsWith("new");
    }
}
