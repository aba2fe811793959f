package dev.sluice.aio;

import dev.sluice.linux.Ring;
import org.jspecify.annotations.Nullable;

/**
 * The files and buffers that a ring knows in advance, which makes operations on them cheaper.
 *
 * <p>Owned by the ring's thread, as the two fields of {@link DescriptorFile} are which it uses.
 */
final class Registrations {
    private static final int FILES = 256;
    private static final int USES_BEFORE_REGISTRATION = 16;

    private final Ring ring;
    private final int[] freePlaces = new int[FILES];
    private int freePlaceCount;
    private long bufferStart;
    private long bufferEnd;
    private @Nullable Buffers buffers;

    Registrations(Ring ring) {
        this.ring = ring;
        freePlaceCount = ring.registerFileTable(FILES) == 0 ? FILES : 0;
        for (int i = 0; i < freePlaceCount; i++) {
            freePlaces[i] = FILES - 1 - i;
        }
    }

    /** Registers a file once it is used a lot: that costs a system call, and another when the file is closed. */
    boolean isRegistered(DescriptorFile file) {
        return file.ringPlace >= 0 || (++file.ringUse == USES_BEFORE_REGISTRATION && register(file));
    }

    private boolean register(DescriptorFile file) {
        if (freePlaceCount == 0) {
            return false;
        }
        int place = freePlaces[freePlaceCount - 1];
        if (ring.registerFile(place, file.fd) != 1) {
            return false;
        }
        freePlaceCount--;
        file.ringPlace = place;
        return true;
    }

    void forget(DescriptorFile file) {
        if (file.ringPlace >= 0) {
            ring.registerFile(file.ringPlace, -1);
            freePlaces[freePlaceCount++] = file.ringPlace;
            file.ringPlace = -1;
        }
    }

    /** Registers the first buffers that come, which then live as long as the ring; later ones serve unregistered. */
    void register(Buffers offered) {
        long start = offered.memory().address();
        long length = offered.memory().byteSize();
        if (buffers == null && ring.registerBuffer(start, length) == 0) {
            buffers = offered;
            bufferStart = start;
            bufferEnd = start + length;
        }
    }

    boolean isRegistered(long address, long length) {
        return address >= bufferStart && address + length <= bufferEnd;
    }
}
