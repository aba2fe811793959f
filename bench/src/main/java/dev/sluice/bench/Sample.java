package dev.sluice.bench;

/**
 * What one run of a form in a cell gave.
 *
 * @param perSecond operations
 * @param cpuMicros processor time of each, user and system
 */
record Sample(double perSecond, double cpuMicros) {
    static Sample of(long operations, long nanos, long cpuNanos) {
        return new Sample(operations * 1e9 / nanos, cpuNanos / 1e3 / operations);
    }
}
