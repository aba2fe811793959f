/**
 * Small programs over asynchronous files, to read and to start from: {@link dev.sluice.examples.Cat},
 * {@link dev.sluice.examples.Copy}, {@link dev.sluice.examples.RangeWrites}, {@link dev.sluice.examples.CsvRows},
 * {@link dev.sluice.examples.FollowProc} and {@link dev.sluice.examples.HashFanOut}.
 */
@NullMarked
package dev.sluice.examples;

import org.jspecify.annotations.NullMarked;
