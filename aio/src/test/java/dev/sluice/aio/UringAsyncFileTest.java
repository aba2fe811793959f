package dev.sluice.aio;

/** The contract on a ring. */
class UringAsyncFileTest extends AsyncFileContract {
    @Override
    Context.Kind kind() {
        return Context.Kind.URING;
    }
}
