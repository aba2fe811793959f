package dev.sluice.jvm;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Hands keys to watch services of the JDK's own, whose package is open to the agent, but not to what is behind it. Stateless; safe
 * for use by many threads.
 */
final class JdkWatches implements BiPredicate<WatchService, @Nullable WatchKey> {
    private static final String SERVICE = "AbstractWatchService";

    /** Hands it a key, if there is one. {@return whether the service is open} */
    @Override
    public boolean test(WatchService service, @Nullable WatchKey key) {
        Class<?> type = service.getClass();
        while (type != null && !type.getSimpleName().equals(SERVICE)) {
            type = type.getSuperclass();
        }
        if (type == null || type.getClassLoader() != null) {
            throw new ProviderMismatchException();
        }
        try {
            Method isOpen = type.getDeclaredMethod("isOpen");
            isOpen.setAccessible(true);
            boolean answer = (boolean) isOpen.invoke(service);
            if (answer && key != null) {
                Method enqueue = type.getDeclaredMethod("enqueueKey", WatchKey.class);
                enqueue.setAccessible(true);
                enqueue.invoke(service, key);
            }
            return answer;
        } catch (InvocationTargetException | NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalStateException(
                    "this JDK (" + Runtime.version() + ") has watch services of another form", e);
        }
    }
}
