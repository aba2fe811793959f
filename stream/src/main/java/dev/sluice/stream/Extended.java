package dev.sluice.stream;

import static dev.sluice.stream.Underlying.bytes;
import static dev.sluice.stream.Underlying.check;

import dev.sluice.linux.Errno;
import dev.sluice.linux.Linux;
import dev.sluice.linux.Metadata;
import dev.sluice.linux.OpenFlag;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.TreeMap;

/** The extended attributes of files, in memory and below. Owned by the workflow's lock. */
final class Extended {
    private static final List<String> NAMESPACES = List.of("user.", "trusted.", "security.");

    private final Permissions permissions;
    private final Shown shown;

    Extended(Permissions permissions, Shown shown) {
        this.permissions = permissions;
        this.shown = shown;
    }

    byte[] value(Node node, String name) throws Refusal {
        if (node instanceof RegularFile file && file.content != null) {
            byte[] value = file.attributes == null ? null : file.attributes.get(name);
            if (value == null) {
                requireKind(name);
                throw Refusal.of(Errno.ENODATA);
            }
            return value;
        }
        if (isGone(node)) {
            throw Refusal.of(Errno.ENODATA);
        }
        return answer(node, (fd, address, length) -> Metadata.extended(fd, bytes(name), address, length));
    }

    byte[] names(Node node) throws Refusal {
        if (node instanceof RegularFile file && file.content != null) {
            ByteArrayOutputStream names = new ByteArrayOutputStream();
            if (file.attributes != null) {
                file.attributes.keySet().forEach(name -> {
                    names.writeBytes(bytes(name));
                    names.write(0);
                });
            }
            return names.toByteArray();
        }
        return isGone(node) ? new byte[0] : answer(node, Metadata::listExtended);
    }

    /** Has it lost its name, and is not open here? Then nobody keeps its attributes. */
    private static boolean isGone(Node node) {
        return !(node instanceof RegularFile) && !Shown.hasName(node);
    }

    private byte[] answer(Node node, Underlying.Answer answer) throws Refusal {
        int fd = shown.opened(node, OpenFlag.PATH_ONLY.bits());
        try {
            return Underlying.answer(fd, answer);
        } finally {
            Linux.close(fd);
        }
    }

    void set(Request request, Node node, String name, byte[] value, int flags) throws Refusal {
        mayChange(request, node, name);
        if (value.length > Underlying.VALUE_MAX) {
            throw Refusal.of(Errno.E2BIG);
        }
        if (node instanceof RegularFile file && file.content != null) {
            requireKind(name);
            if (file.attributes == null) {
                file.attributes = new TreeMap<>();
            }
            boolean isThere = file.attributes.containsKey(name);
            if (isThere && flags == Metadata.CREATE) {
                throw Refusal.of(Errno.EEXIST);
            }
            if (!isThere && flags == Metadata.REPLACE) {
                throw Refusal.of(Errno.ENODATA);
            }
            file.attributes.put(name, value);
            file.times.changed = Times.now();
            file.described();
            return;
        }
        int fd = shown.opened(node, OpenFlag.PATH_ONLY.bits());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, value);
            check(Metadata.setExtended(fd, bytes(name), memory.address(), value.length, flags));
        } finally {
            Linux.close(fd);
        }
    }

    void remove(Request request, Node node, String name) throws Refusal {
        mayChange(request, node, name);
        if (node instanceof RegularFile file && file.content != null) {
            if (file.attributes == null || file.attributes.remove(name) == null) {
                throw Refusal.of(Errno.ENODATA);
            }
            file.times.changed = Times.now();
            file.changed(); // what is below is not taken away there, but made anew
            return;
        }
        int fd = shown.opened(node, OpenFlag.PATH_ONLY.bits());
        try {
            check(Metadata.removeExtended(fd, bytes(name)));
        } finally {
            Linux.close(fd);
        }
    }

    /** Nobody could keep one of another kind. */
    private static void requireKind(String name) throws Refusal {
        if (NAMESPACES.stream().noneMatch(name::startsWith)) {
            throw Refusal.of(Errno.EOPNOTSUPP);
        }
    }

    private void mayChange(Request request, Node node, String name) throws Refusal {
        if (!name.startsWith("user.") && request.user() != 0) {
            throw Refusal.of(Errno.EPERM);
        }
        permissions.require(request, node, Permissions.WRITE);
    }
}
