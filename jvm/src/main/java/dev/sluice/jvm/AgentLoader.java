package dev.sluice.jvm;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Loads what the agent needs, beside the classes of the program: the program sees none of it, and its own versions of a library
 * are not seen here. The jars are those of the rooms below, in the folder of the agent's own. A program that brings Sluice itself
 * shares it with the agent, so that they have the same scopes. Safe for use by many threads.
 */
final class AgentLoader extends URLClassLoader {
    private static final String ROOM = "sluice-jvm";
    private static final String[] ROOMS = {ROOM, "sluice-stream", "sluice-linux", "sluice-language"};

    /** A class of a room below: who has it brings them all. */
    private static final String BELOW = "dev.sluice.stream.Workflow";

    static {
        registerAsParallelCapable();
    }

    private AgentLoader(URL[] jars) {
        super("sluice", jars, ClassLoader.getPlatformClassLoader());
    }

    /** {@return what begins the agent's work, as classes have it that are the agent's alone if that can be; it returns what went wrong} */
    @SuppressWarnings("unchecked") // it is our own class, by another loader perhaps
    static Function<Object[], @Nullable Throwable> installation() throws IOException, ReflectiveOperationException {
        if (isBrought()) {
            return new Installation();
        }
        // It lives as long as the program.
        @SuppressWarnings("resource")
        AgentLoader loader = new AgentLoader(jars());
        var maker = loader.loadClass(Installation.class.getName()).getDeclaredConstructor();
        maker.setAccessible(true);
        return (Function<Object[], @Nullable Throwable>) maker.newInstance();
    }

    private static boolean isBrought() {
        try {
            Class<?> _ = Class.forName(BELOW, false, AgentLoader.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false; // as in nearly every program
        }
    }

    private static URL[] jars() throws IOException {
        CodeSource source = AgentLoader.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new IOException("the agent's own jar is not known");
        }
        Path own;
        try {
            own = Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new MalformedURLException("no place of a jar: " + source.getLocation());
        }
        String name = String.valueOf(own.getFileName());
        URL[] jars = new URL[ROOMS.length];
        for (int i = 0; i < ROOMS.length; i++) {
            Path jar = own.resolveSibling(name.replace(ROOM, ROOMS[i]));
            if ((jar.equals(own) && i > 0) || !Files.exists(jar)) {
                throw new FileSystemException(
                        own.toString(),
                        null,
                        "the agent needs " + ROOMS[i] + " beside it; start it from the folder in which all jars of"
                                + " Sluice are");
            }
            jars[i] = jar.toUri().toURL();
        }
        return jars;
    }
}
