package dev.sluice.jvm;

/** Is told of the waits of a thread, for whoever may want to end one. Called by that thread. */
@FunctionalInterface
interface Patience {
    /** Where it is found by whatever is done for it. */
    ScopedValue<Patience> HERE = ScopedValue.newInstance();

    /** A call is about to wait; it may be {@linkplain Call#giveUp given up} from now on, by any thread. */
    void waits(Call call);
}
