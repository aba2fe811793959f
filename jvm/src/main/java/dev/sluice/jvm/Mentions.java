package dev.sluice.jvm;

import java.nio.charset.StandardCharsets;

/**
 * Looks for names in class files, by which a class is found that {@link ProgramPatches} might change. Small, since it is asked about
 * every class that a program loads. Stateless.
 */
final class Mentions {
    /** What is native, so that its callers are changed. */
    static final String POINTER = "getFilePointer";

    /** The annotation of methods that are steps. */
    static final String STEP = "Ldev/sluice/jvm/AsStep;";

    private static final byte[] POINTER_BYTES = POINTER.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STEP_BYTES = STEP.getBytes(StandardCharsets.US_ASCII);

    private Mentions() {}

    /** {@return whether one of the two is in a class file} */
    static boolean any(byte[] file) {
        byte pointer = POINTER_BYTES[0];
        byte step = STEP_BYTES[0];
        for (int i = 0; i < file.length; i++) {
            byte now = file[i];
            if ((now == pointer && isAt(i, file, POINTER_BYTES)) || (now == step && isAt(i, file, STEP_BYTES))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAt(int at, byte[] file, byte[] name) {
        int i = 0;
        while (i < name.length && at + i < file.length && file[at + i] == name[i]) {
            i++;
        }
        return i == name.length;
    }
}
