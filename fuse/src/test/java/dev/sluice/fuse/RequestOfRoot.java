package dev.sluice.fuse;

import dev.sluice.stream.Request;
import dev.sluice.stream.Session;

/** A request of nobody's step, past the mount, which never waits. */
final class RequestOfRoot extends Request {
    @Override
    public int task() {
        return 0;
    }

    @Override
    public int user() {
        return 0;
    }

    @Override
    public int group() {
        return 0;
    }

    @Override
    public Session session() {
        return null;
    }

    @Override
    protected void resume() {
        throw new AssertionError("it never waits");
    }
}
