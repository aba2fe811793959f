/** Measures Sluice beside its peers, in one run, and prints ratios: start with {@link dev.sluice.bench.Speeds}. */
package dev.sluice.bench;
