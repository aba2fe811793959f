import org.jspecify.annotations.NullMarked;

/** The streams as a directory: a file system that this process serves to all others. */
@NullMarked
module dev.sluice.fuse {
    requires static org.jspecify;
    requires static com.google.errorprone.annotations;
    requires transitive dev.sluice.stream;

    exports dev.sluice.fuse;
}
