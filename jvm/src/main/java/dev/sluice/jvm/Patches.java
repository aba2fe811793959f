package dev.sluice.jvm;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The changes to classes of the JDK: at the beginning of methods that use files there is a question now whether the file is
 * managed, and if so the method of the same name of {@link Hook} does the rest. {@link ProgramPatches} has those to classes of
 * programs. Stateless.
 */
final class Patches {
    static final ClassDesc HOOK = ClassDesc.ofInternalName(Moved.NAME);
    private static final ClassDesc END_HOOK = ClassDesc.ofInternalName(Moved.ENDS);
    private static final ClassDesc PATH_HOOK = ClassDesc.ofInternalName(Moved.PATHS);
    private static final ClassDesc CHANNEL = ClassDesc.of("java.nio.channels.FileChannel");
    private static final ClassDesc ANY_CHANNEL = ClassDesc.of("java.nio.channels.Channel");
    private static final ClassDesc READABLE = ClassDesc.of("java.nio.channels.ReadableByteChannel");
    private static final ClassDesc DESCRIPTOR = ClassDesc.of("java.io.FileDescriptor");
    private static final ClassDesc FILE = ClassDesc.of("java.io.File");
    private static final ClassDesc PATH = ClassDesc.of("java.nio.file.Path");
    private static final ClassDesc THREAD = ClassDesc.of("java.lang.Thread");
    private static final MethodTypeDesc OF_STATUS = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);
    private static final ClassDesc TEXT = ConstantDescs.CD_String;

    /** Methods of streams with a channel of ours; what is not named reads and writes through these. */
    private static final Map<String, Set<String>> STREAMS = Map.of(
            "java/io/FileInputStream",
            Set.of("read()I", "read([B)I", "read([BII)I", "skip(J)J", "available()I", "isRegularFile()Z"),
            "java/io/FileOutputStream",
            Set.of("write(I)V", "write([B)V", "write([BII)V"),
            "java/io/RandomAccessFile",
            Set.of(
                    "read()I",
                    "read([B)I",
                    "read([BII)I",
                    "readBytes([BII)I",
                    "write(I)V",
                    "write([B)V",
                    "write([BII)V",
                    "writeBytes([BII)V",
                    "seek(J)V",
                    "length()J",
                    "setLength(J)V",
                    "skipBytes(I)I",
                    "implReadLine()Ljava/lang/String;"));

    private static final Set<String> FILES = Set.of(
            "canonicalize",
            "getBooleanAttributes",
            "hasBooleanAttributes",
            "checkAccess",
            "getLastModifiedTime",
            "getLength",
            "setPermission",
            "createFileExclusively",
            "delete",
            "list",
            "createDirectory",
            "rename",
            "setLastModifiedTime",
            "setReadOnly",
            "getSpace");

    private static final Set<String> PATHS = Set.of(
            "newFileChannel",
            "newByteChannel",
            "newAsynchronousFileChannel",
            "newDirectoryStream",
            "createDirectory",
            "createSymbolicLink",
            "createLink",
            "readSymbolicLink",
            "delete",
            "deleteIfExists",
            "copy",
            "move",
            "isSameFile",
            "isHidden",
            "getFileStore",
            "checkAccess",
            "isReadable",
            "isWritable",
            "isExecutable",
            "exists",
            "getFileAttributeView",
            "readAttributes",
            "readAttributesIfExists",
            "setAttribute");

    private static final Set<String> PROVIDERS = Set.of(
            "sun/nio/fs/UnixFileSystemProvider",
            "sun/nio/fs/LinuxFileSystemProvider",
            "sun/nio/fs/AbstractFileSystemProvider");

    /** How many parameters the method has that others of its name call. */
    private static final int WATCHED = 3;

    /** What a frame needs to know of classes comes from those that are there already. */
    private static final ClassFile FILES_OF_CLASSES = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
            ClassHierarchyResolver.ofClassLoading(ClassLoader.getPlatformClassLoader())));

    private Patches() {}

    /** {@return a class of the JDK as it is to be, or null if it stays as it is} */
    static byte @Nullable [] patched(String name, byte[] file) {
        ClassTransform transform = STREAMS.containsKey(name)
                ? ofMethods(method -> stream(name, method))
                : switch (name) {
                    case "java/io/FileDescriptor" -> ofMethods(Patches::descriptor);
                    case "java/io/UnixFileSystem" -> ofMethods(Patches::files);
                    case "sun/nio/fs/UnixPath" -> ofMethods(Patches::path);
                    case "java/nio/file/Files" -> ofMethods(Patches::kind);
                    case "java/nio/file/spi/FileSystemProvider" -> ofMethods(Patches::calm);
                    case "sun/nio/ch/ChannelInputStream" -> ofMethods(method -> channelStream(name, method));
                    case "java/lang/Shutdown", "java/lang/Runtime", "java/lang/Thread" -> ofMethods(Patches::end);
                    default -> PROVIDERS.contains(name) ? ofMethods(Patches::provider) : null;
                };
        if (transform == null) {
            return null;
        }
        ClassModel model = FILES_OF_CLASSES.parse(file);
        return FILES_OF_CLASSES.transformClass(model, transform);
    }

    /** Says how a method is to be changed, if it is. */
    @FunctionalInterface
    private interface Choice {
        @Nullable
        CodeTransform of(MethodModel method);
    }

    private static ClassTransform ofMethods(Choice choice) {
        return (builder, element) -> {
            if (element instanceof MethodModel method && method.code().isPresent()) {
                CodeTransform change = choice.of(method);
                if (change != null) {
                    builder.transformMethod(method, MethodTransform.transformingCode(change));
                    return;
                }
            }
            builder.with(element);
        };
    }

    private static @Nullable CodeTransform stream(String owner, MethodModel method) {
        ClassDesc self = ClassDesc.ofInternalName(owner);
        String name = method.methodName().stringValue();
        MethodTypeDesc type = method.methodTypeSymbol();
        if (name.equals("open")) {
            return before(code -> {
                MethodTypeDesc hook = type.insertParameterTypes(0, DESCRIPTOR).changeReturnType(CHANNEL);
                code.aload(0).aload(0).getfield(self, "fd", DESCRIPTOR);
                load(code, type);
                code.invokestatic(HOOK, "open", hook).putfield(self, "channel", CHANNEL);
                Label other = code.newLabel();
                code.aload(0)
                        .getfield(self, "channel", CHANNEL)
                        .ifnull(other)
                        .return_()
                        .labelBinding(other);
            });
        }
        boolean isOfDescriptor = name.equals("<init>") && type.parameterList().equals(List.of(DESCRIPTOR));
        if (isOfDescriptor) {
            return (code, element) -> {
                if (element instanceof ReturnInstruction) {
                    code.aload(0).aload(1);
                    code.invokestatic(HOOK, "channelOf", MethodTypeDesc.of(CHANNEL, DESCRIPTOR));
                    code.putfield(self, "channel", CHANNEL);
                }
                code.with(element);
            };
        }
        if (!java.util.Objects.requireNonNull(STREAMS.get(owner)).contains(name + type.descriptorString())) {
            return null;
        }
        return before(code -> {
            Label other = code.newLabel();
            code.aload(0).getfield(self, "channel", CHANNEL);
            code.invokestatic(HOOK, "isOurs", MethodTypeDesc.of(ConstantDescs.CD_boolean, CHANNEL));
            code.ifeq(other);
            code.aload(0).getfield(self, "channel", CHANNEL);
            load(code, type);
            code.invokestatic(HOOK, name, type.insertParameterTypes(0, CHANNEL));
            code.return_(TypeKind.from(type.returnType())).labelBinding(other);
        });
    }

    private static @Nullable CodeTransform descriptor(MethodModel method) {
        if (!method.methodName().equalsString("sync")) {
            return null;
        }
        return before(code -> {
            Label other = code.newLabel();
            code.aload(0).invokestatic(HOOK, "sync", MethodTypeDesc.of(ConstantDescs.CD_boolean, DESCRIPTOR));
            code.ifeq(other).return_().labelBinding(other);
        });
    }

    private static @Nullable CodeTransform files(MethodModel method) {
        MethodTypeDesc type = method.methodTypeSymbol();
        boolean isMeant = FILES.contains(method.methodName().stringValue())
                && type.parameterCount() > 0
                && (type.parameterType(0).equals(FILE) || type.parameterType(0).equals(TEXT));
        return isMeant ? instead(HOOK, method, type, false) : null;
    }

    private static @Nullable CodeTransform provider(MethodModel method) {
        MethodTypeDesc type = method.methodTypeSymbol();
        String name = method.methodName().stringValue();
        boolean isOfJdkAlone = type.returnType().descriptorString().startsWith("Lsun/"); // it is asked through others
        boolean isMeant = PATHS.contains(name)
                && !isOfJdkAlone
                && type.parameterCount() > 0
                && type.parameterType(0).equals(PATH)
                && (method.flags().flagsMask() & ClassFile.ACC_PUBLIC) != 0;
        return isMeant ? instead(PATH_HOOK, method, type, name.equals("createSymbolicLink")) : null;
    }

    private static @Nullable CodeTransform path(MethodModel method) {
        MethodTypeDesc type = method.methodTypeSymbol();
        String name = method.methodName().stringValue();
        boolean isMeant = name.equals("toRealPath") || (name.equals("register") && type.parameterCount() == WATCHED);
        if (!isMeant) {
            return null;
        }
        return before(code -> {
            Label other = code.newLabel();
            code.aload(0).invokestatic(HOOK, "isManaged", MethodTypeDesc.of(ConstantDescs.CD_boolean, PATH));
            code.ifeq(other).aload(0);
            load(code, type);
            MethodTypeDesc hook = type.insertParameterTypes(0, PATH);
            code.invokestatic(PATH_HOOK, name, name.equals("register") ? hook : hook.changeReturnType(PATH));
            code.checkcast(type.returnType()).areturn().labelBinding(other);
        });
    }

    /** The providers are asked for all attributes, of which some are not final as long as a file grows. */
    private static @Nullable CodeTransform kind(MethodModel method) {
        String name = method.methodName().stringValue();
        if (!name.equals("isRegularFile") && !name.equals("isDirectory")) {
            return calm(method);
        }
        MethodTypeDesc type = method.methodTypeSymbol();
        return before(code -> {
            Label other = code.newLabel();
            code.aload(0).invokestatic(PATH_HOOK, "isManaged", MethodTypeDesc.of(ConstantDescs.CD_boolean, PATH));
            code.ifeq(other).aload(0).aload(1).invokestatic(PATH_HOOK, name, type);
            code.ireturn().labelBinding(other);
        });
    }

    /** Where the JDK asks whether a channel is its own, so that interrupts do not close it, ours is asked, too. */
    private static @Nullable CodeTransform calm(MethodModel method) {
        return method.methodName().stringValue().startsWith("<")
                ? null
                : (code, element) -> {
                    if (element instanceof TypeCheckInstruction check
                            && check.opcode() == Opcode.INSTANCEOF
                            && check.type().asInternalName().equals("sun/nio/ch/FileChannelImpl")) {
                        code.dup().checkcast(ANY_CHANNEL);
                        code.invokestatic(PATH_HOOK, "calm", MethodTypeDesc.of(ConstantDescs.CD_void, ANY_CHANNEL));
                    }
                    code.with(element);
                };
    }

    /** The stream of a channel goes by its size, which is not known as long as a file grows. */
    private static @Nullable CodeTransform channelStream(String owner, MethodModel method) {
        String name = method.methodName().stringValue();
        MethodTypeDesc type = method.methodTypeSymbol();
        if (!(name + type.descriptorString()).equals("skip(J)J")
                && !(name + type.descriptorString()).equals("transferTo(Ljava/io/OutputStream;)J")) {
            return null;
        }
        ClassDesc self = ClassDesc.ofInternalName(owner);
        return before(code -> {
            Label other = code.newLabel();
            code.aload(0).getfield(self, "ch", READABLE);
            code.invokestatic(PATH_HOOK, "isOurs", MethodTypeDesc.of(ConstantDescs.CD_boolean, ANY_CHANNEL));
            code.ifeq(other).aload(0).getfield(self, "ch", READABLE);
            load(code, type);
            code.invokestatic(PATH_HOOK, name, type.insertParameterTypes(0, READABLE));
            code.lreturn().labelBinding(other);
        });
    }

    /** How the program ends, and when all is done that it does then. */
    private static @Nullable CodeTransform end(MethodModel method) {
        return switch (method.methodName().stringValue()
                + method.methodTypeSymbol().descriptorString()) {
            case "exit(I)V" -> beforeCall("runHooks", code -> code.iload(0).invokestatic(END_HOOK, "exits", OF_STATUS));
            case "runHooks()V" ->
                beforeCall(
                        "shutdown",
                        code -> code.invokestatic(END_HOOK, "ends", MethodTypeDesc.of(ConstantDescs.CD_void)));
            case "halt(I)V" ->
                // That of Shutdown is called by all who end it.
                isStatic(method) ? null : before(code -> code.iload(1).invokestatic(END_HOOK, "halts", OF_STATUS));
            case "dispatchUncaughtException(Ljava/lang/Throwable;)V" ->
                before(code -> code.aload(0)
                        .invokestatic(END_HOOK, "fails", MethodTypeDesc.of(ConstantDescs.CD_void, THREAD)));
            default -> null;
        };
    }

    private static boolean isStatic(MethodModel method) {
        return (method.flags().flagsMask() & ClassFile.ACC_STATIC) != 0;
    }

    private static CodeTransform beforeCall(String name, Prologue prologue) {
        return (code, element) -> {
            if (element instanceof InvokeInstruction call && call.name().equalsString(name)) {
                prologue.write(code);
            }
            code.with(element);
        };
    }

    /** The hook's method instead, if the first argument is managed, or the second of the same type. */
    private static CodeTransform instead(
            ClassDesc hook, MethodModel method, MethodTypeDesc type, boolean isFirstAlone) {
        ClassDesc first = type.parameterType(0);
        boolean areTwo = !isFirstAlone
                && type.parameterCount() > 1
                && type.parameterType(1).equals(first)
                && !first.equals(TEXT);
        MethodTypeDesc question = areTwo
                ? MethodTypeDesc.of(ConstantDescs.CD_boolean, first, first)
                : MethodTypeDesc.of(ConstantDescs.CD_boolean, first);
        return before(code -> {
            Label other = code.newLabel();
            code.aload(1);
            if (areTwo) {
                code.aload(2);
            }
            code.invokestatic(HOOK, "isManaged", question).ifeq(other);
            load(code, type);
            code.invokestatic(hook, method.methodName().stringValue(), type);
            code.return_(TypeKind.from(type.returnType())).labelBinding(other);
        });
    }

    /** Arguments of a method that is not static. */
    private static void load(CodeBuilder code, MethodTypeDesc type) {
        int slot = 1;
        for (ClassDesc parameter : type.parameterList()) {
            TypeKind kind = TypeKind.from(parameter);
            code.loadLocal(kind, slot);
            slot += kind.slotSize();
        }
    }

    /** What is done at the beginning of a method. */
    @FunctionalInterface
    private interface Prologue {
        void write(CodeBuilder code);
    }

    private static CodeTransform before(Prologue prologue) {
        return new CodeTransform() {
            @Override
            public void atStart(CodeBuilder code) {
                prologue.write(code);
            }

            @Override
            public void accept(CodeBuilder code, CodeElement element) {
                code.with(element);
            }
        };
    }
}
