/**
 * Reads and writes files asynchronously, on io_uring or on threads.
 *
 * <p>Start with {@link dev.sluice.aio.AsyncFile}: bytes at positions. {@link dev.sluice.aio.Context} is what executes
 * its operations, built by a {@link dev.sluice.aio.ContextBuilder}; {@link dev.sluice.aio.Batch} starts many at once and
 * {@link dev.sluice.aio.Buffers} are memory that suits it best.
 * {@link dev.sluice.aio.BlockingCallException} is thrown where waiting would stop everything.
 */
@NullMarked
package dev.sluice.aio;

import org.jspecify.annotations.NullMarked;
