import org.jspecify.annotations.NullMarked;

/** The program that people start. */
@NullMarked
module dev.sluice.cli {
    requires dev.sluice.aio;
    requires dev.sluice.fuse;
    requires dev.sluice.jvm;
    requires dev.sluice.language;
    requires dev.sluice.stream;
    requires dev.sluice.view;
    requires jdk.net;
    // sun.misc.Signal, to pass signals on.
    requires jdk.unsupported;
    // ELK needs it, and is no module that could say so.
    requires com.google.common;
    requires info.picocli;
    requires org.eclipse.elk.alg.layered;
    requires org.eclipse.elk.core;
    requires org.eclipse.elk.graph;
    requires org.eclipse.emf.common;
    requires org.eclipse.emf.ecore;
    requires org.snakeyaml.engine;
    requires tools.jackson.core;
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;

    // Picocli reads the annotations and sets the fields of the commands.
    opens dev.sluice.cli to
            info.picocli;
}
