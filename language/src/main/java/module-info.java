import org.jspecify.annotations.NullMarked;

/** The coordination language: what a flow says of its steps and files. */
@NullMarked
module dev.sluice.language {
    requires static org.jspecify;
    requires static com.google.errorprone.annotations;
    requires org.tomlj;
    requires tools.jackson.core;

    exports dev.sluice.language;
}
