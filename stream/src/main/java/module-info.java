import org.jspecify.annotations.NullMarked;

/** Files as streams: a step reads a file that another step is still writing. */
@NullMarked
module dev.sluice.stream {
    requires jdk.jfr;
    requires static org.jspecify;
    requires static com.google.errorprone.annotations;
    requires transitive dev.sluice.language;
    requires transitive dev.sluice.linux;

    exports dev.sluice.stream;
}
