package dev.sluice.jvm;

import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a file, wherever it is, as one of the JDK's views. Safe for use by many threads.
 *
 * @param path the file
 * @param name which view: basic, posix or owner
 * @param followsLinks whether links are followed
 */
record StreamView(StreamPath path, String name, boolean followsLinks) implements PosixFileAttributeView {
    private LinkOption[] options() {
        return followsLinks ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    }

    @Override
    public PosixFileAttributes readAttributes() throws IOException {
        return Crossing.at(
                path,
                (door, inside) -> StreamAttributes.of(door, inside, followsLinks),
                (machine, outside) -> machine.readAttributes(outside, PosixFileAttributes.class, options()));
    }

    @Override
    public void setTimes(
            @Nullable FileTime lastModifiedTime, @Nullable FileTime lastAccessTime, @Nullable FileTime createTime)
            throws IOException {
        change(
                new Door.Wish(null, null, null, instant(lastAccessTime), instant(lastModifiedTime)),
                view -> view.setTimes(lastModifiedTime, lastAccessTime, createTime));
    }

    private static @Nullable Instant instant(@Nullable FileTime time) {
        return time == null ? null : time.toInstant();
    }

    @Override
    public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
        setMode(Modes.bits(permissions), view -> view.setPermissions(permissions));
    }

    /** Sets all that {@code chmod} can. */
    void setMode(int mode) throws IOException {
        setMode(mode, view -> view.setPermissions(Modes.permissions(mode)));
    }

    private void setMode(int mode, Change outside) throws IOException {
        change(new Door.Wish(mode & Modes.ALL, null, null, null, null), outside);
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
        return readAttributes().owner();
    }

    @Override
    public void setOwner(UserPrincipal owner) throws IOException {
        change(new Door.Wish(null, Principals.id(owner), null, null, null), view -> view.setOwner(owner));
    }

    @Override
    public void setGroup(GroupPrincipal group) throws IOException {
        change(new Door.Wish(null, null, Principals.id(group), null, null), view -> view.setGroup(group));
    }

    /** What is changed where the JDK's own view does it. */
    @FunctionalInterface
    private interface Change {
        void at(PosixFileAttributeView view) throws IOException;
    }

    private void change(Door.Wish wish, Change outside) throws IOException {
        Crossing.<@Nullable Void>at(
                path,
                (door, inside) -> {
                    door.change(inside, followsLinks, wish);
                    return null;
                },
                (machine, place) -> {
                    outside.at(machine.getFileAttributeView(place, PosixFileAttributeView.class, options()));
                    return null;
                });
    }
}
