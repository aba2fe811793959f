package dev.sluice.jvm;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/**
 * What a file behind a door is like, as the JDK asks for it. A tree knows no time of birth; as on other file systems without one,
 * that of the last change stands for it.
 *
 * @param status what the door says
 * @param directory the managed directory
 * @param owner its owner
 * @param group its group
 */
record StreamAttributes(Door.Status status, Path directory, UserPrincipal owner, GroupPrincipal group)
        implements PosixFileAttributes {
    /** Tells files of all managed directories apart. */
    private record Key(Path directory, long inode) {
        @Override
        public String toString() {
            return "(" + directory + ",ino=" + inode + ")";
        }
    }

    /** Asks for them. Where a file stands in the place of a directory there is no such file, says the JDK. */
    static StreamAttributes of(Door door, String path, boolean followsLinks) throws IOException {
        try {
            return of(door.directory(), door.status(path, followsLinks));
        } catch (NotDirectoryException e) {
            NoSuchFileException none = new NoSuchFileException(path);
            none.initCause(e);
            throw none;
        }
    }

    static StreamAttributes of(Path directory, Door.Status status) throws IOException {
        return new StreamAttributes(
                status, directory, Principals.user(status.user()), Principals.group(status.group()));
    }

    @Override
    public FileTime lastModifiedTime() {
        return FileTime.from(status.modified());
    }

    @Override
    public FileTime lastAccessTime() {
        return FileTime.from(status.accessed());
    }

    @Override
    public FileTime creationTime() {
        return lastModifiedTime();
    }

    @Override
    public boolean isRegularFile() {
        return status.isRegular();
    }

    @Override
    public boolean isDirectory() {
        return status.isDirectory();
    }

    @Override
    public boolean isSymbolicLink() {
        return status.isSymbolicLink();
    }

    @Override
    public boolean isOther() {
        return !isRegularFile() && !isDirectory() && !isSymbolicLink();
    }

    @Override
    public long size() {
        return status.size();
    }

    @Override
    public Object fileKey() {
        return new Key(directory, status.inode());
    }

    @Override
    public Set<PosixFilePermission> permissions() {
        return Modes.permissions(status.mode());
    }
}
