package dev.sluice.aio;

/** The contract of pipes on a ring. */
class UringPipeTest extends PipeContract {
    @Override
    Context.Kind kind() {
        return Context.Kind.URING;
    }
}
