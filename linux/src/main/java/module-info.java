import org.jspecify.annotations.NullMarked;

/** Linux system calls through {@code java.lang.foreign}; the only module of Sluice that calls native code. */
@NullMarked
module dev.sluice.linux {
    requires static org.jspecify;

    exports dev.sluice.linux;
}
