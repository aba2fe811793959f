package dev.sluice.jvm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.LinkOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Attributes by their names, as {@code posix:permissions}. Stateless. */
final class Attributed {
    /** The views that there are. */
    static final Set<String> VIEWS = Set.of("basic", "posix", "owner", "unix", "user");

    private static final String ALL = "*";
    private static final Map<String, Function<PosixFileAttributes, @Nullable Object>> BASIC = new LinkedHashMap<>();
    private static final Map<String, Function<PosixFileAttributes, @Nullable Object>> POSIX = new LinkedHashMap<>();
    private static final Map<String, Function<Door.Status, Object>> UNIX = new LinkedHashMap<>();

    static {
        BASIC.put("size", BasicFileAttributes::size);
        BASIC.put("creationTime", BasicFileAttributes::creationTime);
        BASIC.put("lastAccessTime", BasicFileAttributes::lastAccessTime);
        BASIC.put("lastModifiedTime", BasicFileAttributes::lastModifiedTime);
        BASIC.put("isDirectory", BasicFileAttributes::isDirectory);
        BASIC.put("isSymbolicLink", BasicFileAttributes::isSymbolicLink);
        BASIC.put("isRegularFile", BasicFileAttributes::isRegularFile);
        BASIC.put("isOther", BasicFileAttributes::isOther);
        BASIC.put("fileKey", BasicFileAttributes::fileKey);
        POSIX.put("permissions", PosixFileAttributes::permissions);
        POSIX.put("owner", PosixFileAttributes::owner);
        POSIX.put("group", PosixFileAttributes::group);
        UNIX.put("mode", Door.Status::mode);
        UNIX.put("ino", Door.Status::inode);
        UNIX.put("nlink", Door.Status::links);
        UNIX.put("rdev", Door.Status::device);
        UNIX.put("uid", Door.Status::user);
        UNIX.put("gid", Door.Status::group);
        UNIX.put("ctime", status -> FileTime.from(status.changed()));
    }

    private Attributed() {}

    /** What one text asks for: a view, and attributes of it. */
    private record Asked(String view, List<String> names) {
        static Asked of(String text) {
            int colon = text.indexOf(':');
            String view = colon < 0 ? "basic" : text.substring(0, colon);
            if (!VIEWS.contains(view)) {
                throw new UnsupportedOperationException("View '" + view + "' not available");
            }
            return new Asked(view, List.of(text.substring(colon + 1).split(",", -1)));
        }

        boolean wantsAll() {
            return names.contains(ALL);
        }
    }

    static Map<String, Object> read(StreamPath path, String attributes, LinkOption... options) throws IOException {
        if (attributes.isEmpty() || attributes.endsWith(":")) {
            throw new IllegalArgumentException("No attributes specified");
        }
        Asked asked = Asked.of(attributes);
        if (asked.view.equals("user")) {
            return users(path, asked, options);
        }
        return Crossing.at(
                path,
                (door, inside) -> pick(asked, StreamAttributes.of(door, inside, options.length == 0)),
                (machine, outside) -> machine.readAttributes(outside, attributes, options));
    }

    private static Map<String, Object> pick(Asked asked, StreamAttributes attributes) {
        Map<String, Object> known = new LinkedHashMap<>();
        boolean isOwner = asked.view.equals("owner");
        if (!isOwner) {
            BASIC.forEach((name, get) -> known.put(name, Objects.requireNonNull(get.apply(attributes))));
        }
        if (asked.view.equals("posix") || asked.view.equals("unix")) {
            POSIX.forEach((name, get) -> known.put(name, Objects.requireNonNull(get.apply(attributes))));
        }
        if (asked.view.equals("unix")) {
            UNIX.forEach((name, get) -> known.put(name, get.apply(attributes.status())));
            known.put("dev", Integer.toUnsignedLong(attributes.directory().hashCode())); // tells directories apart
        }
        if (isOwner) {
            known.put("owner", attributes.owner());
        }
        Set<String> unknown = new HashSet<>(asked.names);
        unknown.removeAll(known.keySet());
        unknown.remove(ALL);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("'" + unknown.iterator().next() + "' not recognized");
        }
        if (!asked.wantsAll()) {
            known.keySet().retainAll(asked.names);
        }
        return known;
    }

    private static Map<String, Object> users(StreamPath path, Asked asked, LinkOption... options) throws IOException {
        UserView view = new UserView(path, options.length == 0);
        List<String> there = view.list();
        Map<String, Object> values = new LinkedHashMap<>();
        for (String name : asked.wantsAll() ? there : asked.names) {
            ByteBuffer value = ByteBuffer.allocate(view.size(name));
            view.read(name, value);
            values.put(name, value.array());
        }
        return values;
    }

    static void set(StreamPath path, String attribute, Object value, LinkOption... options) throws IOException {
        Asked asked = Asked.of(attribute);
        String name = attribute.substring(attribute.indexOf(':') + 1);
        if (asked.view.equals("user")) {
            ByteBuffer bytes = value instanceof byte[] array ? ByteBuffer.wrap(array) : (ByteBuffer) value;
            new UserView(path, options.length == 0).write(name, bytes);
            return;
        }
        StreamView view = new StreamView(path, asked.view, options.length == 0);
        switch (asked.view + ":" + name) {
            case "basic:lastModifiedTime", "posix:lastModifiedTime", "unix:lastModifiedTime" ->
                view.setTimes((FileTime) value, null, null);
            case "basic:lastAccessTime", "posix:lastAccessTime", "unix:lastAccessTime" ->
                view.setTimes(null, (FileTime) value, null);
            case "basic:creationTime", "posix:creationTime", "unix:creationTime" ->
                view.setTimes(null, null, (FileTime) value);
            case "posix:permissions", "unix:permissions" -> view.setPermissions(permissions(value));
            case "posix:owner", "unix:owner", "owner:owner" -> view.setOwner((UserPrincipal) value);
            case "posix:group", "unix:group" -> view.setGroup((GroupPrincipal) value);
            case "unix:mode" -> view.setMode((Integer) value);
            case "unix:uid" -> view.setOwner(Principals.user((Integer) value));
            case "unix:gid" -> view.setGroup(Principals.group((Integer) value));
            default -> throw new IllegalArgumentException("'" + name + "' not recognized");
        }
    }

    private static Set<PosixFilePermission> permissions(Object value) {
        Set<PosixFilePermission> permissions = new HashSet<>();
        for (Object one : (Set<?>) value) {
            permissions.add((PosixFilePermission) one);
        }
        return permissions;
    }
}
