import org.jspecify.annotations.NullMarked;

/** Cached streams, mapped files in bulk, couples, pipes and the console. */
@NullMarked
module dev.sluice.files {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires transitive dev.sluice.aio;
    requires dev.sluice.linux;
    requires jdk.jfr;
    requires com.dynatrace.hash4j;
    requires com.github.benmanes.caffeine;
    requires org.bouncycastle.provider;

    exports dev.sluice.files;
}
