/**
 * Calls the Linux kernel.
 *
 * <p>Start with {@link dev.sluice.linux.Linux} (file system calls that answer a result or a negated error number, as
 * the kernel does), {@link dev.sluice.linux.Errno} (which turns such a number into the JDK's own exceptions) and
 * {@link dev.sluice.linux.Ring} (one io_uring). {@link dev.sluice.linux.Availability} says whether either can be used
 * here, and if not, why. {@link dev.sluice.linux.Mounts} mounts file systems that a process serves itself,
 * and unmounts them. {@link dev.sluice.linux.OpenFlag} and {@link dev.sluice.linux.Stat} are their vocabulary.
 *
 * <p>{@link dev.sluice.linux.Transfers} moves bytes. {@link dev.sluice.linux.Names}, {@link dev.sluice.linux.Entries},
 * {@link dev.sluice.linux.Attributes} and {@link dev.sluice.linux.Metadata} are for directories, and for what is known of
 * the files in them; {@link dev.sluice.linux.Ranges} for files in memory, and holes and copies. {@link
 * dev.sluice.linux.Pids} is for processes, and {@link dev.sluice.linux.Events} for waiting.
 *
 * <p>This package knows no file semantics: no positions, no retries of short transfers, no buffers' life times. Its
 * callers keep the memory, whose addresses they hand in, alive until the kernel has let go of it.
 */
@NullMarked
package dev.sluice.linux;

import org.jspecify.annotations.NullMarked;
