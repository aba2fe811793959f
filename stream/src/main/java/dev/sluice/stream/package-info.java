/**
 * Files as streams: a step reads a file that another step is still writing, and waits just as long as the flow says.
 *
 * <p>Start with {@link dev.sluice.stream.Workflow}, which is a managed directory and its flow;
 * {@link dev.sluice.stream.Tree} has the operations on its files, and {@link dev.sluice.stream.Session} is a step that
 * takes part. {@link dev.sluice.stream.Processes} says to which session a process belongs.
 *
 * <pre>
 * door --Request--&gt; Tree --Gate: go on--&gt; bytes, names, attributes
 *                     \----Gate: wait---&gt; Waiters --resume--&gt; door
 * </pre>
 */
package dev.sluice.stream;
