package dev.sluice.jvm;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Makes and follows links, wherever they are. Stateless. */
final class Links {
    private Links() {}

    static void makeSymbolic(StreamPath link, Path plain) throws IOException {
        Crossing.<@Nullable Void>at(
                link,
                (door, inside) -> {
                    door.makeSymbolicLink(inside, plain.toString());
                    return null;
                },
                (machine, outside) -> {
                    machine.createSymbolicLink(outside, plain);
                    return null;
                });
    }

    static void make(StreamPath link, StreamPath existing) throws IOException {
        Route there = place(link, existing);
        Crossing.<@Nullable Void>at(
                link,
                (door, inside) -> {
                    if (there == null || !there.door().equals(door)) {
                        throw apart(link, existing);
                    }
                    door.link(inside, there.path());
                    return null;
                },
                (machine, outside) -> {
                    if (there != null) {
                        throw apart(link, existing);
                    }
                    machine.createLink(outside, existing.absolute());
                    return null;
                });
    }

    /** Where a file is that gets one more name; null when the machine has it. */
    private static @Nullable Route place(Path link, StreamPath existing) throws IOException {
        try {
            return Crossing.<@Nullable Route>at(
                    existing,
                    (door, inside) -> {
                        Door.Status _ = door.status(inside, false); // it may lead out, or not be there
                        return new Route(door, inside);
                    },
                    (_, _) -> null);
        } catch (FileSystemException e) {
            throw Crossing.named(e, link.toString(), existing.toString());
        }
    }

    private static FileSystemException apart(Path link, Path existing) {
        return new FileSystemException(link.toString(), existing.toString(), "Invalid cross-device link");
    }

    static Path target(StreamPath link) throws IOException {
        StreamFileSystem files = link.getFileSystem();
        return Crossing.at(
                link,
                (door, inside) -> files.getPath(door.target(inside)),
                (machine, outside) -> files.wrap(machine.readSymbolicLink(outside)));
    }

    /** Is it a symbolic link? Tells without a wait. */
    static boolean isOne(Door door, String path) throws IOException {
        try {
            door.target(path);
            return true;
        } catch (java.nio.file.NotLinkException | NoSuchFileException | NotDirectoryException e) {
            return false;
        }
    }
}
