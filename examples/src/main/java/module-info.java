import org.jspecify.annotations.NullMarked;

/** Programs to read and to start from. */
@NullMarked
module dev.sluice.examples {
    requires de.siegmar.fastcsv;
    requires dev.sluice.aio;
    requires static org.jspecify;
}
