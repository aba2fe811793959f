package dev.sluice.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.linux.OpenFlag;
import dev.sluice.testing.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs with the agent that watch directories by the JDK's own watch service. */
@Timeout(120)
class AgentWatchTest extends OnStage {
    private static final int NEW = OpenFlag.WRITE_ONLY.bits() | OpenFlag.CREATE.bits();

    @BeforeEach
    void compile() throws IOException {
        stage.compile("Watches", """
            import java.nio.file.*;
            import static java.nio.file.StandardWatchEventKinds.*;
            class Watches {
                public static void main(String[] words) throws Exception {
                    WatchService service = FileSystems.getDefault().newWatchService();
                    for (String word : words) {
                        WatchKey key = Path.of(word).register(service, ENTRY_CREATE);
                        System.out.println(key.watchable().equals(Path.of(word)));
                    }
                    System.out.println("watches");
                    for (int left = 3; left > 0; ) {
                        WatchKey key = service.take();
                        for (WatchEvent<?> event : key.pollEvents()) {
                            Path whole = ((Path) key.watchable()).resolve((Path) event.context());
                            System.out.println(event.kind() + " " + whole);
                            left--;
                        }
                        key.reset();
                    }
                    service.close();
                    try {
                        Path.of(words[0]).register(service, ENTRY_CREATE);
                    } catch (ClosedWatchServiceException e) {
                        System.out.println("closed");
                    }
                }
            }
            """);
    }

    @Test
    void oneServiceTellsOfTheWorkflowAndOfTheMachine() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside")).toRealPath();
        stage.managed.maker.makeDirectory("parts", 0755);
        Child watcher = stage.child(
                        stage.managed.using, stage.java("Watches", List.of(), stage.path("parts"), outside.toString()))
                .start()
                .untilItSays("watches");
        stage.managed.maker.open("parts/1", NEW, 0644).close();
        watcher.untilItSays("ENTRY_CREATE " + stage.path("parts/1"));
        Files.createFile(outside.resolve("plain"));
        watcher.untilItSays("ENTRY_CREATE " + outside.resolve("plain"));
        stage.managed.maker.open("parts/2", NEW, 0644).close();
        Child.Outcome outcome = watcher.finish();
        assertThat(outcome.output())
                .contains("true\ntrue\nwatches\n", "ENTRY_CREATE " + stage.path("parts/2"), "closed\n")
                .doesNotContain("Exception");
        assertThat(outcome.exit()).isZero();
    }
}
