package dev.sluice.jvm;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies and moves a file, from and to wherever. A growing file is copied while it grows. Used once, by one thread.
 *
 * @param provider by which files are opened, made and deleted
 * @param replaces whether what has the new name goes
 * @param keeps whether times, permissions and so on are those of the source
 * @param followsLinks whether a link stands for its target
 */
record Copying(SluiceFileSystemProvider provider, boolean replaces, boolean keeps, boolean followsLinks) {
    private static final LinkOption[] THE_LINK = {LinkOption.NOFOLLOW_LINKS};

    static Copying copy(SluiceFileSystemProvider provider, CopyOption... options) {
        Set<CopyOption> all = checked(options);
        if (all.contains(StandardCopyOption.ATOMIC_MOVE)) {
            throw new UnsupportedOperationException("Unsupported copy option");
        }
        return new Copying(
                provider,
                all.contains(StandardCopyOption.REPLACE_EXISTING),
                all.contains(StandardCopyOption.COPY_ATTRIBUTES),
                !all.contains(LinkOption.NOFOLLOW_LINKS));
    }

    /** {@return the options, none of them unknown or null} */
    static Set<CopyOption> checked(CopyOption... options) {
        for (CopyOption option : options) {
            Objects.requireNonNull(option);
            boolean isKnown = option instanceof StandardCopyOption
                    || option instanceof LinkOption
                    || option.toString().equals("INTERRUPTIBLE"); // the JDK's own, in a module that need not be there
            if (!isKnown) {
                throw new UnsupportedOperationException("Unsupported copy option");
            }
        }
        return Set.of(java.util.Arrays.stream(options).distinct().toArray(CopyOption[]::new));
    }

    void copy(StreamPath source, StreamPath target) throws IOException {
        boolean wasInterrupted = Thread.interrupted(); // a copy is not ended by what was before it, as in the JDK
        try {
            copyNow(source, target);
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void copyNow(StreamPath source, StreamPath target) throws IOException {
        if (!followsLinks && copyLink(source, target)) {
            return;
        }
        FileChannel from = open(source);
        if (from == null) {
            copyDirectory(source, target);
            return;
        }
        try (from) {
            PosixFileAttributes attributes = from instanceof StreamChannel stream
                    ? stream.attributes()
                    : provider.readAttributes(source, PosixFileAttributes.class);
            if (clear(attributes, target)) {
                copyBytes(from, source, attributes, target);
            }
        }
    }

    private boolean copyLink(StreamPath source, StreamPath target) throws IOException {
        Path where;
        try {
            where = provider.readSymbolicLink(source);
        } catch (NotLinkException e) {
            return false; // that was the question
        } catch (FileSystemException e) {
            PosixFileAttributes _ = provider.readAttributes(source, PosixFileAttributes.class, THE_LINK);
            throw e; // what is wrong is told by the line above, if it is what mostly is
        }
        if (clear(provider.readAttributes(source, PosixFileAttributes.class, THE_LINK), target)) {
            provider.createSymbolicLink(target, where);
        }
        return true;
    }

    /** Opens it, which waits less than asking what it is; null for a directory. */
    private @Nullable FileChannel open(StreamPath source) throws IOException {
        try {
            boolean isOutside = source.getFileSystem().route(source.absolute()) == null;
            if (isOutside && isDirectory(source)) {
                return null;
            }
            FileChannel channel = provider.newFileChannel(source, Set.of(StandardOpenOption.READ));
            if (channel instanceof StreamChannel stream && stream.isOfDirectory()) {
                channel.close();
                return null;
            }
            return channel;
        } catch (FileSystemException e) {
            if (!(e instanceof NoSuchFileException) && isDirectory(source)) {
                return null;
            }
            throw e;
        }
    }

    private boolean isDirectory(StreamPath path) throws IOException {
        return provider.readAttributes(path, PosixFileAttributes.class).isDirectory();
    }

    /** Makes room for the target. {@return false when that is the source itself, so that there is nothing to do} */
    private boolean clear(PosixFileAttributes source, StreamPath target) throws IOException {
        PosixFileAttributes there;
        try {
            there = provider.readAttributes(target, PosixFileAttributes.class, THE_LINK);
        } catch (FileSystemException e) {
            return true; // whatever it is, the making of the target will tell it
        }
        if (Objects.equals(there.fileKey(), source.fileKey())) {
            return false;
        }
        if (!replaces) {
            throw new FileAlreadyExistsException(target.toString());
        }
        provider.deleteIfExists(target);
        return true;
    }

    private void copyBytes(FileChannel from, StreamPath source, PosixFileAttributes attributes, StreamPath target)
            throws IOException {
        boolean isDone = false;
        try (FileChannel to = provider.newFileChannel(
                target,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                PosixFilePermissions.asFileAttribute(attributes.permissions()))) {
            long at = 0;
            long moved = 1;
            while (moved > 0) {
                moved = from.transferTo(at, Long.MAX_VALUE, to);
                at += moved;
            }
            isDone = true;
        } finally {
            if (!isDone) {
                forget(target);
            }
        }
        if (keeps) {
            keep(provider.readAttributes(source, PosixFileAttributes.class), source, target);
        }
    }

    /** What could not be copied is not left half done; the reason is on its way to the caller already. */
    private void forget(StreamPath target) {
        try {
            provider.deleteIfExists(target);
        } catch (IOException e) {
            return; // the first exception says more
        }
    }

    private void copyDirectory(StreamPath source, StreamPath target) throws IOException {
        PosixFileAttributes attributes = provider.readAttributes(source, PosixFileAttributes.class);
        if (clear(attributes, target)) {
            provider.createDirectory(target, PosixFilePermissions.asFileAttribute(attributes.permissions()));
            if (keeps) {
                keep(attributes, source, target);
            }
        }
    }

    private void keep(PosixFileAttributes attributes, StreamPath source, StreamPath target) throws IOException {
        PosixFileAttributeView view =
                Objects.requireNonNull(provider.getFileAttributeView(target, PosixFileAttributeView.class));
        view.setPermissions(attributes.permissions());
        try {
            view.setGroup(attributes.group());
            view.setOwner(attributes.owner());
        } catch (FileSystemException e) {
            view.setPermissions(attributes.permissions()); // only root may give files away; a copy need not be
        }
        UserView from = new UserView(source, true);
        UserView to = new UserView(target, true);
        for (String name : from.list()) {
            to.write(name, java.nio.ByteBuffer.wrap((byte[]) Objects.requireNonNull(
                    Attributed.read(source, "user:" + name).get(name))));
        }
        view.setTimes(attributes.lastModifiedTime(), attributes.lastAccessTime(), attributes.creationTime());
    }

    /** Moves a file. */
    static void move(SluiceFileSystemProvider provider, StreamPath source, StreamPath target, CopyOption... options)
            throws IOException {
        Set<CopyOption> all = checked(options);
        if (all.contains(StandardCopyOption.COPY_ATTRIBUTES)) {
            throw new UnsupportedOperationException("Unsupported option: " + StandardCopyOption.COPY_ATTRIBUTES);
        }
        boolean isAtomic = all.contains(StandardCopyOption.ATOMIC_MOVE);
        boolean replaces = all.contains(StandardCopyOption.REPLACE_EXISTING);
        Route from = source.getFileSystem().route(source.absolute());
        Route to = target.getFileSystem().route(target.absolute());
        if (from == null && to == null) {
            Crossing.<@Nullable Void>at(source, (_, _) -> null, (machine, path) -> {
                machine.move(path, target.absolute(), options);
                return null;
            });
            return;
        }
        if (from != null && to != null && from.door().equals(to.door())) {
            try {
                new Moving(from.door(), source, from.path(), target, to.path()).move(isAtomic, replaces);
                return;
            } catch (Door.LeadsOutside e) {
                // One of them is elsewhere, so it is as between two file systems: see below.
            }
        }
        if (isAtomic) {
            throw new AtomicMoveNotSupportedException(
                    source.toString(), target.toString(), "they are not in the same managed directory");
        }
        new Copying(provider, replaces, true, false).carry(source, target);
    }

    /** To another file system. */
    private void carry(StreamPath source, StreamPath target) throws IOException {
        PosixFileAttributes attributes = provider.readAttributes(source, PosixFileAttributes.class, THE_LINK);
        if (!replaces && provider.exists(target, THE_LINK)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        if (attributes.isDirectory()) {
            try (DirectoryStream<Path> entries = provider.newDirectoryStream(source, _ -> true)) {
                if (entries.iterator().hasNext()) {
                    throw new DirectoryNotEmptyException(source.toString());
                }
            }
        }
        copy(source, target);
        provider.delete(source);
    }
}
