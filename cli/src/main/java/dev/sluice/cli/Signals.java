package dev.sluice.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.ObjIntConsumer;

/**
 * Learns of signals to this process, by {@code sun.misc.Signal} of the module {@code jdk.unsupported}: there is no other way in
 * Java. It is asked for by its name, since the compiler warns of each use and cannot be told not to.
 */
final class Signals {
    private Signals() {}

    /**
     * Takes a signal over from the JVM.
     *
     * @param name its name without SIG
     * @param taker gets its name and number each time, in a thread of its own
     * @return whether it did: not if it is ignored, as by nohup, or is the JVM's own
     */
    @SuppressWarnings("ReferenceEquality") // that is what equals means for an object without state
    static boolean take(String name, ObjIntConsumer<String> taker) {
        try {
            Class<?> signals = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            Object signal = signals.getConstructor(String.class).newInstance(name);
            int number = (int) signals.getMethod("getNumber").invoke(signal);
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlers}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            taker.accept(name, number);
                            return null;
                        }
                        return switch (method.getName()) {
                            case "hashCode" -> System.identityHashCode(proxy);
                            case "equals" -> proxy == arguments[0];
                            default -> "what takes " + name;
                        };
                    });
            signals.getMethod("handle", signals, handlers).invoke(null, signal, handler);
            return true;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException) {
                return false;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
