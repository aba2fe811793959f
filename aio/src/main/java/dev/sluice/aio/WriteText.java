package dev.sluice.aio;

import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/**
 * Writes text at the cursor and answers how many bytes it became. A byte order mark is written at the file's beginning
 * and nowhere else.
 */
final class WriteText extends Work<Long> {
    private enum Stage {
        BEGIN,
        SIZING,
        PEEKING,
        WRITING
    }

    private final Cursor cursor;
    private final Codec codec;
    private final String text;
    private final byte[] first;
    private Stage stage = Stage.BEGIN;
    private boolean atBeginning;
    private byte[] bytes = {};
    private @Nullable WriteBytes writing;

    WriteText(Cursor cursor, Codec codec, String text) {
        this.cursor = cursor;
        this.codec = codec;
        this.text = text;
        this.first = new byte[Math.max(ByteOrderMark.LONGEST, cursor.file.alignment())];
    }

    @Override
    @Nullable
    Step next(long answer) throws CharacterCodingException {
        return switch (stage) {
            case BEGIN -> {
                if (codec.writesMark() && cursor.file.isAppending() && cursor.file.isPositional()) {
                    stage = Stage.SIZING;
                    yield new Step.Size();
                }
                yield begun(cursor.position == 0);
            }
            case SIZING -> begun(answer == 0);
            case PEEKING -> {
                Beginning.learned(codec, first, answer);
                yield write();
            }
            case WRITING -> writing == null ? null : writing.next(answer);
        };
    }

    private @Nullable Step begun(boolean beginning) throws CharacterCodingException {
        atBeginning = beginning;
        Step peek = atBeginning || codec.isKnown() ? null : Beginning.peek(cursor, first);
        if (peek != null) {
            stage = Stage.PEEKING;
            return peek;
        }
        return write();
    }

    private @Nullable Step write() throws CharacterCodingException {
        stage = Stage.WRITING;
        bytes = codec.encode(text, atBeginning && codec.writesMark() && !text.isEmpty());
        writing = WriteBytes.of(cursor, bytes);
        return writing.next(0);
    }

    @Override
    Long result() {
        if (writing != null) {
            writing.result();
        }
        return (long) bytes.length;
    }
}
