/**
 * Caches, maps and couples files.
 *
 * <p>Start with {@link dev.sluice.files.CachedStream} or {@link dev.sluice.files.AsyncCachedStream}: a cursor over a file,
 * whose bytes a {@link dev.sluice.files.FileCache} keeps as long as they are the file's; both are a {@link
 * dev.sluice.files.CachedFile}, opened with {@link dev.sluice.files.CachedOptions}, and tell a {@link
 * dev.sluice.files.Hook} what they read and write.
 *
 * <p>{@link dev.sluice.files.MappedFiles} maps files as memory, each of them a {@link dev.sluice.files.MappedFile}, and works
 * on many files at once, with an {@link dev.sluice.files.Outcome} for each: {@link dev.sluice.files.Checksum}s, a {@link
 * dev.sluice.files.Search}, copies.
 *
 * <p>{@link dev.sluice.files.Couple} makes one of any reader and any writer; {@link dev.sluice.files.Pipes} are two couples,
 * each of which reads what the other writes; {@link dev.sluice.files.Console} is the couple of the standard streams.
 */
@NullMarked
package dev.sluice.files;

import org.jspecify.annotations.NullMarked;
