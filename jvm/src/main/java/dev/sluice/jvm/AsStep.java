package dev.sluice.jvm;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that each call of a method is one run of a step: it begins with the call and ends with its return, well, or with its
 * exception, not well. When the method returns a {@link java.util.concurrent.CompletionStage} or a
 * {@link java.util.stream.BaseStream}, it ends when that is completed or closed.
 *
 * {@snippet class="dev.sluice.jvm.ScopeTest" region="annotated"}
 *
 * <p>It takes effect for methods of interfaces and their implementations by {@link Scope.Builder#proxy}, and for every method with
 * a body on which it stands by the {@linkplain Agent agent}; without these two such a method is as any other.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface AsStep {
    /**
     * {@return the step's name}
     */
    String value();

    /**
     * {@return the managed directory; when it is not said, that of the proxy, or of the agent}
     */
    String directory() default "";
}
