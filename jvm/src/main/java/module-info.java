import org.jspecify.annotations.NullMarked;

/** Brings the streams into a JVM: file system, scope, agent. */
@NullMarked
module dev.sluice.jvm {
    requires dev.sluice.language;
    requires dev.sluice.linux;
    requires java.instrument;
    requires jdk.net;
    requires transitive dev.sluice.stream;
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;

    exports dev.sluice.jvm;

    provides java.nio.file.spi.FileSystemProvider with
            dev.sluice.jvm.SluiceFileSystemProvider;
}
