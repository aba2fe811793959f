package dev.sluice.aio;

/** The contract of pipes on threads. */
class ThreadsPipeTest extends PipeContract {
    @Override
    Context.Kind kind() {
        return Context.Kind.THREADS;
    }
}
