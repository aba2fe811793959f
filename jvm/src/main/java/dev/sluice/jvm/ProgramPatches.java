package dev.sluice.jvm;

import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DirectMethodHandleDesc.Kind;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The changes to classes of programs. {@code RandomAccessFile.getFilePointer} is native, so it is changed where it is called. A
 * method with {@link AsStep} asks at its beginning whether this call is to be a run of the step; then it is called by the hook once
 * more, which is the body's turn. Nothing is added to a class, so that one that is there already can be changed, too. Stateless.
 */
final class ProgramPatches {
    private static final ClassDesc RANDOM = ClassDesc.of("java.io.RandomAccessFile");
    private static final String POINTER = Mentions.POINTER;
    private static final MethodTypeDesc POINTER_TYPE = MethodTypeDesc.of(ConstantDescs.CD_long, RANDOM);
    private static final String STEP = Mentions.STEP;
    private static final MethodTypeDesc IS_STEP = MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_String);
    private static final MethodTypeDesc AS_STEP = MethodTypeDesc.of(
            ConstantDescs.CD_Object,
            ConstantDescs.CD_String,
            ConstantDescs.CD_String,
            ConstantDescs.CD_String,
            ConstantDescs.CD_boolean,
            ConstantDescs.CD_MethodHandle,
            ConstantDescs.CD_Object.arrayType());

    /** Who declares one of these is told of a server that is not there as it is. */
    private static final Set<String> TELLING =
            Set.of("java/io/IOException", "java/lang/Exception", "java/lang/Throwable");

    private ProgramPatches() {}

    /** {@return a class as it is to be, of which {@link Mentions} says that it may be concerned} */
    static byte[] patched(@Nullable ClassLoader loader, byte[] file) {
        // What such a class knows of others stands beside it; they need not have been loaded.
        ClassLoader known = loader == null ? ClassLoader.getPlatformClassLoader() : loader;
        ClassFile files = ClassFile.of(
                ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(known)));
        ClassModel model = files.parse(file);
        return files.transformClass(model, (builder, element) -> {
            CodeTransform change = element instanceof MethodModel method ? change(model, method) : null;
            if (change == null) {
                builder.with(element);
            } else {
                builder.transformMethod((MethodModel) element, MethodTransform.transformingCode(change));
            }
        });
    }

    private static @Nullable CodeTransform change(ClassModel model, MethodModel method) {
        if (method.code().isEmpty()) {
            return null;
        }
        Annotation step = step(method);
        if (step == null) {
            return ProgramPatches::call;
        }
        return new CodeTransform() {
            @Override
            public void atStart(CodeBuilder code) {
                begin(code, model, method, step);
            }

            @Override
            public void accept(CodeBuilder code, CodeElement element) {
                call(code, element);
            }
        };
    }

    // Methods that are steps.

    private static @Nullable Annotation step(MethodModel method) {
        return method.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
                .flatMap(all -> all.annotations().stream())
                .filter(one -> one.className().equalsString(STEP))
                .findFirst()
                .orElse(null);
    }

    private static String value(Annotation step, String name) {
        for (AnnotationElement element : step.elements()) {
            if (element.name().equalsString(name) && element.value() instanceof AnnotationValue.OfString text) {
                return text.stringValue();
            }
        }
        return "";
    }

    private static void begin(CodeBuilder code, ClassModel model, MethodModel method, Annotation step) {
        ClassDesc owner = model.thisClass().asSymbol();
        String name = method.methodName().stringValue();
        MethodTypeDesc type = method.methodTypeSymbol();
        String key = owner.descriptorString() + name + type.descriptorString();
        boolean isStatic = method.flags().has(AccessFlag.STATIC);
        boolean tells = method.findAttribute(Attributes.exceptions()).stream()
                .flatMap(all -> all.exceptions().stream())
                .anyMatch(one -> TELLING.contains(one.asInternalName()));
        Label body = code.newLabel();
        code.ldc(key).invokestatic(Patches.HOOK, "isStep", IS_STEP).ifeq(body);
        code.ldc(key).ldc(value(step, "value")).ldc(value(step, "directory")).loadConstant(tells ? 1 : 0);
        code.ldc(MethodHandleDesc.ofMethod(kind(model, isStatic), owner, name, type));
        arguments(code, type, isStatic);
        code.invokestatic(Patches.HOOK, "step", AS_STEP);
        returned(code, type.returnType());
        code.labelBinding(body);
    }

    /** This very method, whatever a subclass has in its place. */
    private static Kind kind(ClassModel model, boolean isStatic) {
        if (model.flags().has(AccessFlag.INTERFACE)) {
            return isStatic ? Kind.INTERFACE_STATIC : Kind.INTERFACE_SPECIAL;
        }
        return isStatic ? Kind.STATIC : Kind.SPECIAL;
    }

    private static void arguments(CodeBuilder code, MethodTypeDesc type, boolean isStatic) {
        List<ClassDesc> parameters = type.parameterList();
        int at = isStatic ? 0 : 1;
        code.loadConstant(parameters.size() + at).anewarray(ConstantDescs.CD_Object);
        if (!isStatic) {
            code.dup().iconst_0().aload(0).aastore();
        }
        int slot = at;
        for (ClassDesc parameter : parameters) {
            TypeKind kind = TypeKind.from(parameter);
            code.dup().loadConstant(at++).loadLocal(kind, slot);
            if (parameter.isPrimitive()) {
                ClassDesc boxed = boxed(parameter);
                code.invokestatic(boxed, "valueOf", MethodTypeDesc.of(boxed, parameter));
            }
            code.aastore();
            slot += kind.slotSize();
        }
    }

    private static void returned(CodeBuilder code, ClassDesc type) {
        if (type.equals(ConstantDescs.CD_void)) {
            code.pop();
        } else if (type.isPrimitive()) {
            ClassDesc boxed = boxed(type);
            code.checkcast(boxed).invokevirtual(boxed, type.displayName() + "Value", MethodTypeDesc.of(type));
        } else {
            code.checkcast(type);
        }
        code.return_(TypeKind.from(type));
    }

    private static ClassDesc boxed(ClassDesc primitive) {
        return switch (primitive.descriptorString()) {
            case "Z" -> ConstantDescs.CD_Boolean;
            case "B" -> ConstantDescs.CD_Byte;
            case "C" -> ConstantDescs.CD_Character;
            case "S" -> ConstantDescs.CD_Short;
            case "I" -> ConstantDescs.CD_Integer;
            case "J" -> ConstantDescs.CD_Long;
            case "F" -> ConstantDescs.CD_Float;
            default -> ConstantDescs.CD_Double;
        };
    }

    // Callers of getFilePointer.

    private static void call(CodeBuilder code, CodeElement element) {
        switch (element) {
            case InvokeInstruction call when isPointer(call) -> pointer(code, call);
            case InvokeDynamicInstruction made
            when made.bootstrapArgs().stream().anyMatch(ProgramPatches::isPointer) -> code.invokedynamic(other(made));
            default -> code.with(element);
        }
    }

    private static boolean isPointer(InvokeInstruction call) {
        return call.name().equalsString(POINTER)
                && call.type().equalsString("()J")
                && (call.opcode() == Opcode.INVOKEVIRTUAL || call.opcode() == Opcode.INVOKESPECIAL);
    }

    /** Asks the hook if it is a managed file; else, and if it is no file at all, the call is as it was. */
    private static void pointer(CodeBuilder code, InvokeInstruction call) {
        Label other = code.newLabel();
        Label end = code.newLabel();
        code.dup()
                .invokestatic(
                        Patches.HOOK,
                        "isManagedFile",
                        MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_Object));
        code.ifeq(other)
                .checkcast(RANDOM)
                .invokestatic(Patches.HOOK, POINTER, POINTER_TYPE)
                .goto_(end);
        code.labelBinding(other).with(call).labelBinding(end);
    }

    /** Is it a reference to that method, {@code file::getFilePointer}? */
    private static boolean isPointer(ConstantDesc argument) {
        return argument instanceof DirectMethodHandleDesc handle
                && handle.owner().equals(RANDOM)
                && handle.methodName().equals(POINTER);
    }

    private static DynamicCallSiteDesc other(InvokeDynamicInstruction made) {
        DirectMethodHandleDesc hook =
                MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, Patches.HOOK, POINTER, POINTER_TYPE);
        ConstantDesc[] arguments = made.bootstrapArgs().stream()
                .map(argument -> isPointer(argument) ? hook : argument)
                .toArray(ConstantDesc[]::new);
        return DynamicCallSiteDesc.of(made.bootstrapMethod(), made.name().stringValue(), made.typeSymbol(), arguments);
    }
}
