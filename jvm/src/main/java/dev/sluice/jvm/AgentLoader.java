package dev.sluice.jvm;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystemException;
import java.security.CodeSource;

/**
 * Loads what the agent needs, beside the classes of the program: the program sees none of it, and its own versions of a library
 * are not seen here. The jars are those of the rooms below, in the folder of the agent's own. Safe for use by many threads.
 */
final class AgentLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    private AgentLoader(URL[] jars) {
        super("sluice", jars, ClassLoader.getPlatformClassLoader());
    }

    /** {@return a loader of these jars, which lives as long as the program} */
    static AgentLoader of(File[] jars) throws IOException {
        URL[] urls = new URL[jars.length];
        for (int i = 0; i < jars.length; i++) {
            urls[i] = jars[i].toURI().toURL();
        }
        return new AgentLoader(urls);
    }

    /** The jars, all of which are there. Small, since every program with the agent loads it. */
    static final class Places {
        private static final String ROOM = "sluice-jvm";
        private static final String[] ROOMS = {ROOM, "sluice-stream", "sluice-linux", "sluice-language"};

        private Places() {}

        static File[] found() throws IOException {
            CodeSource source = Places.class.getProtectionDomain().getCodeSource();
            if (source == null) {
                throw new IOException("the agent's own jar is not known");
            }
            String path = source.getLocation().getPath();
            File own = new File(
                    path.indexOf('%') < 0 ? path : URI.create("file:" + path).getPath());
            String name = own.getName();
            File[] jars = new File[ROOMS.length];
            for (int i = 0; i < ROOMS.length; i++) {
                jars[i] = new File(own.getParentFile(), name.replace(ROOM, ROOMS[i]));
                if ((i > 0 && jars[i].equals(own)) || !jars[i].exists()) {
                    throw new FileSystemException(
                            own.getPath(),
                            null,
                            "the agent needs " + ROOMS[i] + " beside it; start it from the folder in which all jars"
                                    + " of Sluice are");
                }
            }
            return jars;
        }
    }
}
