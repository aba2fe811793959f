/**
 * Shows the streams as a directory to every process: speaks the protocol of {@code /dev/fuse} with the kernel.
 *
 * <p>Start with {@link dev.sluice.fuse.Mount}; {@link dev.sluice.fuse.MountOptions} says how, and
 * {@link dev.sluice.fuse.Tier} who moves the bytes, {@link dev.sluice.fuse.Awake} what processors do meanwhile. A {@link dev.sluice.fuse.Watchdog} cleans up after who is killed.
 *
 * <pre>
 * kernel --/dev/fuse--&gt; Crew's loops --Exchange--&gt; Connection --&gt; Door --Request--&gt; stream's Tree
 *    ^                                                  |            |
 *    |                                                  | waits      | answers
 *    +--------------------- answer ---------------------+------------+
 * resumed --&gt; Crew: the loop that has resumed it, or a helper --&gt; Connection, from the start
 * </pre>
 */
package dev.sluice.fuse;
