package dev.sluice.jvm;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Defines {@link Hook}, {@link PathHook} and {@link EndHook} under other names in a package of the JDK, whose classes see nothing else. Stateless. */
final class Moved {
    /** The names there, as class files have them. */
    static final String NAME = "java/io/SluiceHook";

    static final String PATHS = "java/io/SluicePathHook";

    static final String ENDS = "java/io/SluiceEndHook";

    private static final Map<String, String> NAMES =
            Map.of("dev/sluice/jvm/Hook", NAME, "dev/sluice/jvm/PathHook", PATHS, "dev/sluice/jvm/EndHook", ENDS);

    /** What they were before: of the agent itself, which is what the cache is of. */
    private static final byte[] NOTHING = {};

    private static final int PUBLIC = 1;
    private static final int MAGIC = 0xCAFEBABE;

    // The kinds of constants in a class file, and how long those of a fixed length are.
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;

    private Moved() {}

    /** Defines them, if they are not there yet; {@code java.io} must be open to us. */
    static void define(PatchCache cache) throws IOException, ReflectiveOperationException {
        MethodHandles.Lookup inside = MethodHandles.privateLookupIn(File.class, MethodHandles.lookup());
        try {
            inside.defineClass(bytes(cache, NAME, "Hook"));
            inside.defineClass(bytes(cache, PATHS, "PathHook"));
            inside.defineClass(bytes(cache, ENDS, "EndHook"));
        } catch (LinkageError e) {
            if (isInstalled(inside)) {
                throw new IllegalStateException("this program takes part already", e);
            }
        }
    }

    /** An agent was here before: does the program take part, or has that one failed? */
    private static boolean isInstalled(MethodHandles.Lookup inside) throws ReflectiveOperationException {
        try {
            return (boolean) inside.findStatic(hook(), "isInstalled", MethodType.methodType(boolean.class))
                    .invokeExact();
        } catch (Throwable e) {
            throw new ReflectiveOperationException(e);
        }
    }

    /** From now on the hook has something to ask. */
    static void install(@Nullable Object... given) throws ReflectiveOperationException {
        MethodHandles.Lookup inside = MethodHandles.privateLookupIn(File.class, MethodHandles.lookup());
        try {
            inside.findStatic(hook(), "install", MethodType.methodType(void.class, Object[].class))
                    .invokeExact(given);
        } catch (Throwable e) {
            throw new ReflectiveOperationException(e);
        }
    }

    private static Class<?> hook() throws ClassNotFoundException {
        return Class.forName(NAME.replace('/', '.'), false, null);
    }

    /** {@return the class file, with the other names and public} */
    private static byte[] bytes(PatchCache cache, String name, String hook) throws IOException {
        byte[] kept = cache.get(name, NOTHING);
        if (kept != null) {
            return kept;
        }
        String file = hook + ".class";
        try (InputStream in = Moved.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IOException("a part of the agent is missing: " + file);
            }
            byte[] renamed = renamed(in.readAllBytes());
            cache.put(name, NOTHING, renamed);
            return renamed;
        }
    }

    /** A class file's names stand among its constants, of which the rest refers to numbers. */
    private static byte[] renamed(byte[] file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(file.length);
        try (DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(file));
                DataOutputStream out = new DataOutputStream(bytes)) {
            if (in.readInt() != MAGIC) {
                throw new IOException("a part of the agent is no class file");
            }
            out.writeInt(MAGIC);
            out.writeInt(in.readInt()); // the version
            int count = in.readUnsignedShort();
            out.writeShort(count);
            for (int i = 1; i < count; i++) {
                int kind = in.readUnsignedByte();
                out.writeByte(kind);
                if (kind == UTF8) {
                    String text = in.readUTF();
                    out.writeUTF(NAMES.getOrDefault(text, text));
                } else {
                    out.write(in.readNBytes(length(kind)));
                }
                i += kind == LONG || kind == DOUBLE ? 1 : 0; // these count twice
            }
            out.writeShort(in.readUnsignedShort() | PUBLIC);
            in.transferTo(out);
        }
        return bytes.toByteArray();
    }

    private static int length(int kind) throws IOException {
        return switch (kind) {
            case 7, 8, 16, 19, 20 -> 2; // a class, a text, a method's type, a module, a package
            case 15 -> 3; // a method's handle
            case 3, 4, 9, 10, 11, 12, 17, 18 -> 4; // numbers, and what has two names
            case LONG, DOUBLE -> 8;
            default -> throw new IOException("a class file has an unknown constant: " + kind);
        };
    }
}
