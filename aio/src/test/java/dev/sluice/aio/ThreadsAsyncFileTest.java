package dev.sluice.aio;

/** The contract on threads. */
class ThreadsAsyncFileTest extends AsyncFileContract {
    @Override
    Context.Kind kind() {
        return Context.Kind.THREADS;
    }
}
