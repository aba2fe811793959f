/**
 * Reads and writes files asynchronously, on io_uring or on threads.
 *
 * <p>Start with {@link dev.sluice.aio.AsyncFile}: bytes at positions; or with {@link dev.sluice.aio.AsyncFileStream} and
 * {@link dev.sluice.aio.AsyncTextStream}: a cursor over bytes or text, as {@link dev.sluice.aio.TextOptions} say.
 * {@link dev.sluice.aio.LineReader}, with its {@link dev.sluice.aio.LineOptions} and
 * {@link dev.sluice.aio.LineTooLongException}, {@link dev.sluice.aio.ChunkReader} and
 * {@link dev.sluice.aio.ChunkWriter} go through a file from one end to the other, as iterators or publishers.
 *
 * <p>{@link dev.sluice.aio.Context} is what executes
 * its operations, built by a {@link dev.sluice.aio.ContextBuilder}; {@link dev.sluice.aio.Batch} starts many at once and
 * {@link dev.sluice.aio.Buffers} are memory that suits it best.
 * {@link dev.sluice.aio.BlockingCallException} is thrown where waiting would stop everything.
 */
@NullMarked
package dev.sluice.aio;

import org.jspecify.annotations.NullMarked;
