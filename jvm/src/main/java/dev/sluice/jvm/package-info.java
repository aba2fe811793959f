/**
 * Brings the streams into a JVM: file system, scope, agent.
 */
@NullMarked
package dev.sluice.jvm;

import org.jspecify.annotations.NullMarked;
