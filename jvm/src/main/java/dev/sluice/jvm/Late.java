package dev.sluice.jvm;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.Map;
import java.util.Set;

/**
 * Entries of the class path that flow, as a jar that another step makes. The JVM has looked for the agent in all of them, before
 * anything was managed, and does not look again for what it has not found; so they are added once more, behind the others. Used by
 * the thread that loads the agent.
 */
final class Late {
    private Late() {}

    /** {@return whether an entry of the class path lies in a directory, but is not there} */
    static boolean isEntry(String entry, String given, String real) {
        if (entry.isEmpty()) {
            return false;
        }
        File file = new File(entry);
        String path = file.getAbsolutePath();
        return (isIn(path, given) || isIn(path, real)) && !file.exists();
    }

    private static boolean isIn(String path, String directory) {
        return path.startsWith(directory)
                && path.length() > directory.length()
                && path.charAt(directory.length()) == '/';
    }

    /** Adds one to the class path, now that it is managed. */
    static void add(String entry, Instrumentation instrumentation) throws ReflectiveOperationException {
        ClassLoader loader = ClassLoader.getSystemClassLoader();
        Class<?> type = loader.getClass();
        instrumentation.redefineModule(
                type.getModule(),
                Set.of(),
                Map.of(),
                Map.of(type.getPackageName(), Set.of(Late.class.getModule())),
                Set.of(),
                Map.of());
        try {
            Field path = type.getSuperclass().getDeclaredField("ucp");
            path.setAccessible(true);
            Object places = path.get(loader);
            Method add = places.getClass().getDeclaredMethod("addURL", URL.class);
            add.setAccessible(true);
            // By another name: it has this one already, and leaves it at that. What leads to a folder must say so.
            add.invoke(
                    places,
                    new File("/.", new File(entry).getAbsolutePath()).toURI().toURL());
        } catch (InvocationTargetException e) {
            throw new ReflectiveOperationException(e.getCause());
        } catch (MalformedURLException | NoSuchFieldException | NoSuchMethodException e) {
            throw new ReflectiveOperationException(
                    "this JDK (" + Runtime.version() + ") has a class path of another form, to which " + entry
                            + " cannot be added",
                    e);
        }
    }
}
