package dev.sluice.linux;

/** The processor that the JVM runs on. A class of its own, so that asking for it links nothing. */
final class Processor {
    static final boolean ARM = System.getProperty("os.arch").equals("aarch64");

    private Processor() {}
}
