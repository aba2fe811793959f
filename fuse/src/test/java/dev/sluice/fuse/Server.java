package dev.sluice.fuse;

import dev.sluice.language.Flow;
import dev.sluice.stream.Ending;
import dev.sluice.stream.Limits;
import dev.sluice.stream.Workflow;
import java.io.IOException;
import java.nio.file.Path;

/** A program that serves a directory until its input ends, or it is killed. */
final class Server {
    private Server() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        Flow flow = Flow.read(Path.of(arguments[1]));
        MountOptions options = MountOptions.standard()
                .tier(Tier.valueOf(arguments[2]))
                .watchdog(!"false".equals(System.getProperty("watchdog")));
        if (arguments.length > 3) {
            options = options.threads(Integer.parseInt(arguments[3]));
        }
        if (Mount.cleanUp(directory)) {
            System.out.println("cleaned");
        }
        try (Workflow workflow = Workflow.open(directory, flow, Ending.Keep.PERMANENT, Limits.usual())) {
            StepsByEnvironment steps = new StepsByEnvironment(workflow, "producer", "consumer");
            try (Mount mount = Mount.over(workflow, steps, options)) {
                mount.notes().forEach(System.out::println);
                System.out.println("ready");
                waitForEnd();
            }
        }
        System.out.println("unmounted");
    }

    private static void waitForEnd() throws IOException {
        while (System.in.read() >= 0) {
            // Until there is no more.
        }
    }
}
