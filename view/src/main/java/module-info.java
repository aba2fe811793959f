import org.jspecify.annotations.NullMarked;

/** Shows a run: facts, pages, numbers for monitoring. */
@NullMarked
module dev.sluice.view {
    requires transitive dev.sluice.stream;
    requires jdk.httpserver;
    requires jdk.jfr;
    requires tools.jackson.core;
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;

    exports dev.sluice.view;
}
