/**
 * Brings the streams into a JVM: file system, scope, agent.
 *
 * <p>A program begins with {@link dev.sluice.jvm.Sluice}: it makes a {@link dev.sluice.jvm.Scope}, inside of which this JVM is a step,
 * with the files of the managed directory as {@code java.nio.file} has them, by {@link dev.sluice.jvm.SluiceFileSystemProvider}.
 * {@link dev.sluice.jvm.AsStep} makes a method one, and {@link dev.sluice.jvm.Descriptors} has files by numbers.
 *
 * <p>A program that knows nothing of this is brought in by {@link dev.sluice.jvm.Agent}.
 *
 * <p>At a server, {@link dev.sluice.jvm.Reception} serves the JVMs that come in; {@link dev.sluice.jvm.MeetingPoint} is where they
 * find it.
 *
 * <pre>
 * program --&gt; file system --&gt; door --&gt; (connection --&gt; Reception --&gt;) door on the tree --&gt; stream
 * </pre>
 */
@NullMarked
package dev.sluice.jvm;

import org.jspecify.annotations.NullMarked;
