package dev.sluice.jvm;

import dev.sluice.stream.Change;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A managed directory as one step of a workflow sees it from inside a JVM. Every call blocks as long as the flow's rules say;
 * a virtual thread that waits costs no platform thread, and an interrupt ends a wait with a
 * {@link java.nio.channels.ClosedByInterruptException} or {@link java.io.InterruptedIOException}. Safe for use by many threads.
 *
 * <p>Paths are relative to the managed directory, with {@code /} between names; empty for the directory itself. They may have
 * symbolic links and {@code ..} in them, which are followed inside; what leads out is a {@link LeadsOutside}. Errors are the
 * JDK's own: {@link java.nio.file.NoSuchFileException}, {@link java.nio.file.FileAlreadyExistsException},
 * {@link java.nio.file.DirectoryNotEmptyException}, {@link java.nio.file.NotDirectoryException},
 * {@link java.nio.file.NotLinkException}, {@link java.nio.file.AccessDeniedException},
 * {@link java.nio.file.FileSystemLoopException}, else a {@link java.nio.file.FileSystemException} with the errno's name and text.
 */
interface Door extends Closeable {
    /** {@return the managed directory, absolute and without symbolic links} */
    Path directory();

    /** {@return the step in whose name all is done} */
    String step();

    /**
     * Opens a regular file, and creates it first if the flags say so.
     *
     * @param flags as in {@code open(2)}: the bits of {@link dev.sluice.linux.OpenFlag}
     * @param mode the permission bits of what is created
     */
    OpenFile open(String path, int flags, int mode) throws IOException;

    /** Tells what a file is like; a consumer waits until it is complete. */
    Status status(String path, boolean followsLinks) throws IOException;

    /**
     * {@return what kind of file it is, as the type bits of a mode} A consumer waits until it may be opened, not until it is
     * complete: the kind does not change any more.
     */
    int kind(String path, boolean followsLinks) throws IOException;

    /**
     * May it be used so? False also when it is not there, for which this does not wait.
     *
     * @param wanted 4 read, 2 write, 1 execute, or several of them; 0 is it there
     */
    boolean allows(String path, int wanted) throws IOException;

    void makeDirectory(String path, int mode) throws IOException;

    void makeSymbolicLink(String path, String target) throws IOException;

    String target(String path) throws IOException;

    /** Gives an existing file one more name. */
    void link(String path, String existing) throws IOException;

    /** Removes a name, of a file or of an empty directory. */
    void remove(String path) throws IOException;

    /** Gives it another name, whose file is replaced if that may be. */
    void rename(String path, String newPath, boolean replaces) throws IOException;

    /** Changes attributes. */
    void change(String path, boolean followsLinks, Wish wish) throws IOException;

    byte @Nullable [] extended(String path, String name) throws IOException;

    List<String> extendedNames(String path) throws IOException;

    /** Sets an extended attribute; removes it when the value is null. */
    void setExtended(String path, String name, byte @Nullable [] value) throws IOException;

    /** Lists a directory. A consumer gets the entries of a growing one as they come, and waits for the next. */
    Listing list(String path) throws IOException;

    /** {@return the path, inside the managed directory, of what a path leads to, without links and dots} */
    String real(String path) throws IOException;

    /** A directory that is listed: {@code .} and {@code ..} are not told. One thread at a time. */
    interface Listing extends Closeable {
        /** {@return the next name, or null at the end} */
        @Nullable
        String next() throws IOException;
    }

    /** An open file; safe for use by many threads. */
    interface OpenFile extends Closeable {
        /**
         * Reads at a place, waiting where nothing is yet.
         *
         * @return how many bytes, or -1 at the end
         */
        int read(java.nio.ByteBuffer into, long position) throws IOException;

        /**
         * Writes all of a buffer at a place; an appending file has its own idea of the place.
         *
         * @return the place behind the last byte written
         */
        long write(java.nio.ByteBuffer from, long position) throws IOException;

        /** {@return what it is like; waits for nothing, and tells a consumer the size 0 as long as it is not final} */
        Status status() throws IOException;

        /** {@return how many bytes it has; a consumer waits until that is final} */
        long size() throws IOException;

        /** Changes its attributes, by this open file: also when its name is another one's by now. */
        void change(Wish wish) throws IOException;

        void truncate(long size) throws IOException;

        void sync(boolean dataOnly) throws IOException;

        /** {@return an ordinary file with the same bytes, for mapping, if it is complete and there is one; else null} */
        @Nullable
        Path backing() throws IOException;
    }

    /**
     * What a file is like.
     *
     * @param mode type and permission bits
     * @param device of a device file, the device
     */
    record Status(
            long inode,
            int mode,
            long size,
            int links,
            int user,
            int group,
            long device,
            Instant accessed,
            Instant modified,
            Instant changed) {
        static final int TYPE = 0xF000;
        static final int REGULAR = 0x8000;
        static final int DIRECTORY = 0x4000;

        boolean isRegular() {
            return (mode & TYPE) == REGULAR;
        }

        boolean isDirectory() {
            return (mode & TYPE) == DIRECTORY;
        }

        boolean isSymbolicLink() {
            return (mode & TYPE) == 0xA000;
        }
    }

    /** What is to be changed of a file; null where it stays. */
    record Wish(
            @Nullable Integer mode,
            @Nullable Integer user,
            @Nullable Integer group,
            @Nullable Instant accessed,
            @Nullable Instant modified) {
        private static final int PERMISSIONS = 07777;

        /** {@return the same in the words of the workflow} */
        Change change() {
            int what = (mode == null ? 0 : Change.MODE)
                    | (user == null ? 0 : Change.USER)
                    | (group == null ? 0 : Change.GROUP)
                    | (accessed == null ? 0 : Change.ACCESSED)
                    | (modified == null ? 0 : Change.MODIFIED);
            Instant lastAccessed = accessed == null ? Instant.EPOCH : accessed;
            Instant lastModified = modified == null ? Instant.EPOCH : modified;
            return new Change(
                    what,
                    0,
                    mode == null ? 0 : mode & PERMISSIONS,
                    user == null ? 0 : user,
                    group == null ? 0 : group,
                    lastAccessed.getEpochSecond(),
                    lastAccessed.getNano(),
                    lastModified.getEpochSecond(),
                    lastModified.getNano());
        }
    }

    /** A path of the managed directory that leads out of it, by a symbolic link. */
    final class LeadsOutside extends java.nio.file.FileSystemException {
        private static final long serialVersionUID = 1L;

        /** Where it leads: an absolute path, which belongs to the machine's own file system. */
        private final transient Path outside;

        LeadsOutside(String path, Path outside) {
            super(path, outside.toString(), "leads out of the managed directory");
            this.outside = outside;
        }

        Path outside() {
            return outside;
        }
    }
}
