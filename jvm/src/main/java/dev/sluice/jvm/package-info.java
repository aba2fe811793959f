/**
 * Brings the streams into a JVM: file system, scope, agent.
 *
 * <p>At a server, {@link dev.sluice.jvm.Reception} serves the JVMs that come in; {@link dev.sluice.jvm.MeetingPoint} is where they
 * find it.
 *
 * <pre>
 * program --&gt; door --&gt; (connection --&gt; Reception --&gt;) door on the tree --&gt; stream
 * </pre>
 */
@NullMarked
package dev.sluice.jvm;

import org.jspecify.annotations.NullMarked;
