package dev.sluice.jvm;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/** Makes calls of methods that are annotated with {@link AsStep} runs of their steps. Stateless. */
final class StepMethods {
    private StepMethods() {}

    static <T> T proxy(Scope.Builder settings, Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    Callable<@Nullable Object> body = () -> invoke(target, method, arguments);
                    AsStep step = step(method, target.getClass());
                    return step == null ? body.call() : call(settings.as(step), method.getReturnType(), body);
                }));
    }

    private static @Nullable Object invoke(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Exception {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** What the class says counts before what the interface says. */
    private static @Nullable AsStep step(Method method, Class<?> type) {
        try {
            AsStep own =
                    type.getMethod(method.getName(), method.getParameterTypes()).getAnnotation(AsStep.class);
            return own == null ? method.getAnnotation(AsStep.class) : own;
        } catch (NoSuchMethodException e) {
            return method.getAnnotation(AsStep.class); // the class is not public
        }
    }

    /**
     * Does a method's body as a run of a step.
     *
     * @param settings the step
     * @param type what the method returns
     * @param body its body
     */
    static @Nullable Object call(Scope.Builder settings, Class<?> type, Callable<@Nullable Object> body)
            throws Exception {
        Scope scope = settings.open();
        boolean isLater = false;
        try {
            Object result = scope.<@Nullable Object, Exception>call(body::call);
            if (result instanceof CompletionStage<?> stage) {
                isLater = true;
                Object next = stage.whenComplete((_, failure) -> end(scope, failure == null));
                return type.isInstance(next) ? next : stage;
            }
            if (result instanceof BaseStream<?, ?> stream) {
                isLater = true;
                Object next = stream.onClose(() -> end(scope, true));
                return type.isInstance(next) ? next : stream;
            }
            return result;
        } finally {
            if (!isLater) {
                scope.close();
            }
        }
    }

    private static void end(Scope scope, boolean well) {
        try (scope) {
            if (!well) {
                scope.fail();
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
