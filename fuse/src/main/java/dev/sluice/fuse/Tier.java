package dev.sluice.fuse;

/** Who moves the bytes of files that need not come by the server. */
public enum Tier {
    /** The kernel where it can, else the server. */
    AUTO,
    /** The kernel; where it cannot, mounting fails. It needs Linux 6.9 and the right to administrate. */
    PASSTHROUGH,
    /** The server, always. */
    COPY
}
