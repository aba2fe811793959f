import org.jspecify.annotations.NullMarked;

/** The program that people start. */
@NullMarked
module dev.sluice.cli {
    requires dev.sluice.aio;
    requires dev.sluice.language;
    requires info.picocli;
    requires tools.jackson.core;
    requires static org.jspecify;

    // Picocli reads the annotations and sets the fields of the commands.
    opens dev.sluice.cli to
            info.picocli;
}
