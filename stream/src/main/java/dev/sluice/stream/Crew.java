package dev.sluice.stream;

import java.util.concurrent.CompletableFuture;

/** The processes of one session: its root, and all that come from it. Safe for use by many threads. */
final class Crew {
    final Session session;

    /** What the environment of its processes says, and that of no others. */
    final String token;

    /** Done when the root has ended and no process is left. */
    final CompletableFuture<Void> end = new CompletableFuture<>();

    /** No process of it was started before, in the kernel's ticks. */
    volatile long begin;

    /** The first process; 0 before it is known. */
    volatile int root;

    volatile boolean hasRootEnded;

    Crew(Session session, String token, long begin) {
        this.session = session;
        this.token = token;
        this.begin = begin;
    }
}
