import org.jspecify.annotations.NullMarked;

/** Asynchronous files on io_uring or on threads. */
@NullMarked
module dev.sluice.aio {
    requires jdk.jfr;
    requires static org.jspecify;
    requires dev.sluice.linux;

    exports dev.sluice.aio;
}
