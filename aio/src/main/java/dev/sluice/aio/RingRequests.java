package dev.sluice.aio;

import dev.sluice.linux.Linux;
import dev.sluice.linux.Ring;

/** Says operations in a ring's words. Owned by the ring's thread. */
final class RingRequests {
    private static final long STEP_MAX = 8 << 20;

    private final Ring ring;
    private final Registrations registrations;

    RingRequests(Ring ring, Registrations registrations) {
        this.ring = ring;
        this.registrations = registrations;
    }

    /**
     * Prepares an operation's next call.
     *
     * @param piecesAddress what its pieces have prepared, if it has any
     */
    void prepare(Operation operation, long piecesAddress) {
        DescriptorFile file = (DescriptorFile) operation.file.open;
        long id = operation.ringId;
        switch (operation.kind) {
            case FORCE -> ring.fsync(id, file.fd, true);
            case FORCE_DATA -> ring.fsync(id, file.fd, false);
            case READ, WRITE -> {
                long offset = file.isPositional() ? operation.offset() : Linux.CURRENT_POSITION;
                Pieces pieces = operation.pieces;
                if (pieces == null) {
                    long address = operation.memory.address() + operation.done;
                    transfer(operation, file, address, operation.length - operation.done, offset);
                } else if (pieces.count() == 0) {
                    transfer(operation, file, piecesAddress, pieces.prepared(), offset);
                } else if (operation.kind == Operation.Kind.READ) {
                    ring.readv(id, file.fd, false, piecesAddress, pieces.count(), offset);
                } else {
                    ring.writev(id, file.fd, false, piecesAddress, pieces.count(), offset);
                }
            }
        }
    }

    private void transfer(Operation operation, DescriptorFile file, long address, long length, long offset) {
        int step = (int) Math.min(length, STEP_MAX);
        boolean fixedBuffer = registrations.isRegistered(address, step);
        boolean fixedFile = registrations.isRegistered(file);
        int fd = fixedFile ? file.ringPlace : file.fd;
        if (operation.kind == Operation.Kind.READ) {
            ring.read(operation.ringId, fd, fixedFile, fixedBuffer, address, step, offset);
        } else {
            ring.write(operation.ringId, fd, fixedFile, fixedBuffer, address, step, offset);
        }
    }
}
