package dev.sluice.jvm;

import dev.sluice.linux.Errno;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/**
 * Moves a file within one managed directory. Used once, by one thread.
 *
 * @param door the managed directory
 * @param source the file, as it was named
 * @param from the same, inside
 * @param target its new name, as it was named
 * @param to the same, inside
 */
record Moving(Door door, StreamPath source, String from, StreamPath target, String to) {
    /** One thing that is done by the door. */
    @FunctionalInterface
    private interface Deed<T extends @Nullable Object> {
        T done() throws IOException;
    }

    void move(boolean isAtomic, boolean replaces) throws IOException {
        if (isAtomic) {
            rename(true);
            return;
        }
        Door.Status old = told(source, () -> {
            try {
                return door.status(from, false);
            } catch (NotDirectoryException e) {
                throw new NoSuchFileException(from); // as the JDK
            }
        });
        Door.Status there;
        try {
            there = door.status(to, false);
        } catch (Door.LeadsOutside e) {
            throw e;
        } catch (FileSystemException e) {
            rename(false); // which tells what is wrong, if anything is
            return;
        }
        if (there.inode() == old.inode()) {
            return;
        }
        if (!replaces) {
            throw new FileAlreadyExistsException(target.toString());
        }
        if (there.isDirectory() || old.isDirectory()) {
            told(target, () -> {
                remove(door, to);
                return null;
            });
        }
        rename(true);
    }

    private void rename(boolean replaces) throws IOException {
        try {
            if (endsInDots(from) || endsInDots(to)) {
                requireParent(from);
                requireParent(to);
                throw Faults.of(Errno.EBUSY, from, to);
            }
            door.rename(from, to, replaces);
        } catch (Door.LeadsOutside e) {
            throw e;
        } catch (NotDirectoryException e) {
            throw Crossing.named(
                    new FileSystemException(from, to, "Not a directory"), source.toString(), target.toString());
        } catch (DirectoryNotEmptyException e) {
            throw Crossing.named(
                    new FileSystemException(from, to, "Directory not empty"), source.toString(), target.toString());
        } catch (FileAlreadyExistsException e) {
            throw Crossing.named(e, target.toString(), null);
        } catch (FileSystemException e) {
            throw Crossing.named(e, source.toString(), target.toString());
        }
    }

    private static <T extends @Nullable Object> T told(StreamPath path, Deed<T> deed) throws IOException {
        try {
            return deed.done();
        } catch (Door.LeadsOutside e) {
            throw e;
        } catch (FileSystemException e) {
            throw Crossing.named(e, path.toString(), null);
        }
    }

    /** Removes a file, unless its last name is none: who names a directory from inside cannot mean to remove it. */
    static void remove(Door door, String path) throws IOException {
        if (endsInDots(path)) {
            Door.Status _ = door.status(path, false);
            if (path.endsWith("..")) {
                throw new DirectoryNotEmptyException(path);
            }
            throw Faults.of(Errno.EINVAL, path, null);
        }
        door.remove(path);
    }

    private void requireParent(String path) throws IOException {
        String parent = path.substring(0, Math.max(0, path.lastIndexOf('/')));
        if (!door.status(parent, true).isDirectory()) {
            throw new NotDirectoryException(parent);
        }
    }

    private static boolean endsInDots(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.equals(".") || name.equals("..");
    }
}
