package dev.sluice.files;

import dev.sluice.linux.Attributes;

/**
 * What the kernel said of a file at one moment; as long as it says the same, the file's bytes are the same.
 *
 * @param device the file system's device
 * @param inode the file's number there
 * @param size bytes
 * @param modified when the bytes were last changed, in nanoseconds
 * @param changed when bytes or attributes were last changed, in nanoseconds; nobody can set this one back
 */
record Stamp(long device, long inode, long size, long modified, long changed) {
    static Stamp of(Attributes.Brief brief) {
        return new Stamp(brief.device(), brief.inode(), brief.size(), brief.modified(), brief.changed());
    }

    /** True when the file is now as it was, so far as is to be looked at. Makes no object. */
    boolean matches(Attributes.Brief brief, FileCache.Checks checks) {
        if (modified != brief.modified() || inode != brief.inode() || device != brief.device()) {
            return false;
        }
        return checks == FileCache.Checks.MODIFICATION_TIME || (changed == brief.changed() && size == brief.size());
    }
}
