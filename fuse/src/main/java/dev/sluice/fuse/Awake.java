package dev.sluice.fuse;

/**
 * Whether processors without work stay awake while programs ask a mount much. Each of their questions is answered as soon as
 * another processor has woken up; keeping them awake takes power, of all processors, and root.
 */
public enum Awake {
    /** Where waking up costs the most and staying awake the least: on a virtual machine of few processors. */
    AUTO,
    /** They do; where they cannot be kept, mounting fails. */
    ALWAYS,
    /** They fall asleep whenever they have nothing to do. */
    NEVER
}
