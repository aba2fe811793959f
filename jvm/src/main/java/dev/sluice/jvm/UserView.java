package dev.sluice.jvm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a file that users name, wherever it is. Safe for use by many threads.
 *
 * @param path the file
 * @param followsLinks whether links are followed
 */
record UserView(StreamPath path, boolean followsLinks) implements UserDefinedFileAttributeView {
    /** The kernel's prefix of what users name. */
    private static final String PREFIX = "user.";

    private LinkOption[] options() {
        return followsLinks ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    }

    @Override
    public String name() {
        return "user";
    }

    @Override
    public List<String> list() throws IOException {
        return Crossing.at(
                path,
                (door, inside) -> door.extendedNames(inside).stream()
                        .filter(name -> name.startsWith(PREFIX))
                        .map(name -> name.substring(PREFIX.length()))
                        .toList(),
                (machine, outside) -> machine.getFileAttributeView(
                                outside, UserDefinedFileAttributeView.class, options())
                        .list());
    }

    @Override
    public int size(String name) throws IOException {
        return value(name).length;
    }

    @Override
    public int read(String name, ByteBuffer into) throws IOException {
        if (into.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        byte[] value = value(name);
        if (value.length > into.remaining()) {
            throw new FileSystemException(
                    path.toString(), null, "Insufficient space in buffer for extended attribute '" + name + "'");
        }
        into.put(value);
        return value.length;
    }

    private byte[] value(String name) throws IOException {
        byte[] value = Crossing.at(path, (door, inside) -> door.extended(inside, PREFIX + name), (machine, outside) -> {
            UserDefinedFileAttributeView view =
                    machine.getFileAttributeView(outside, UserDefinedFileAttributeView.class, options());
            ByteBuffer whole = ByteBuffer.allocate(view.size(name));
            view.read(name, whole);
            return whole.array();
        });
        if (value == null) {
            throw new FileSystemException(path.toString(), null, "there is no extended attribute '" + name + "'");
        }
        return value;
    }

    @Override
    public int write(String name, ByteBuffer from) throws IOException {
        byte[] value = new byte[from.remaining()];
        from.get(from.position(), value);
        set(name, value);
        from.position(from.limit());
        return value.length;
    }

    @Override
    public void delete(String name) throws IOException {
        set(name, null);
    }

    private void set(String name, byte @Nullable [] value) throws IOException {
        Crossing.<@Nullable Void>at(
                path,
                (door, inside) -> {
                    door.setExtended(inside, PREFIX + name, value);
                    return null;
                },
                (machine, outside) -> {
                    UserDefinedFileAttributeView view =
                            machine.getFileAttributeView(outside, UserDefinedFileAttributeView.class, options());
                    if (value == null) {
                        view.delete(name);
                    } else {
                        view.write(name, ByteBuffer.wrap(value));
                    }
                    return null;
                });
    }
}
