package dev.sluice.aio;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns a file's bytes into characters and back, and remembers what it has to: the byte order, and the state of the
 * decoder as long as it goes on where it stopped.
 *
 * <p>It never decodes more than it is asked for, so that the place in the file is known to the byte. Used by one thread
 * at a time: that which has the stream's turn.
 */
final class Codec {
    private static final int PIECE = 4096;

    /** Bytes are no characters, or characters no bytes. */
    static final class Uncodable extends CharacterCodingException {
        private static final long serialVersionUID = 1;
        private final String message;

        /** Where in the file, or in what was to be written, it is. */
        final long position;

        Uncodable(String message, long position) {
            this.message = message;
            this.position = position;
        }

        @Override
        public String getMessage() {
            return message;
        }
    }

    private final String file;
    private final Charset declared;
    private final CodingErrorAction malformed;
    private final List<ByteOrderMark> marks;
    private @Nullable CharBuffer room;

    /** The charset with its byte order; nothing until the file's beginning was seen. */
    private @Nullable Charset known;

    private @Nullable CharsetDecoder decoder;

    /** To where the decoder has come, and its state belongs. */
    private long decodedTo = -1;

    Codec(String file, Charset charset, CodingErrorAction malformed) {
        this.file = file;
        this.declared = charset;
        this.malformed = malformed;
        this.marks = ByteOrderMark.of(charset);
        if (marks.size() < 2) {
            known = charset;
        }
    }

    /** Refuses separators that could be found within a character of the charset. */
    static void checkSeparators(List<String> separators, Charset charset) {
        if (!charset.canEncode()) {
            throw new IllegalArgumentException(charset + " only guesses at what it reads: name the charset itself");
        }
        CharsetEncoder encoder = charset.newEncoder();
        for (String each : separators) {
            if (!encoder.canEncode(each)) {
                throw new IllegalArgumentException("the separator '" + each + "' is not in " + charset);
            }
            if (!isSelfSynchronizing(charset) && !each.chars().allMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("the separator '" + each + "' could be part of another character in "
                        + charset + ": only control characters, such as line feeds, are safe there");
            }
        }
    }

    /** True when no character's bytes can be found within others', so each can be decoded for itself. */
    private static boolean isSelfSynchronizing(Charset charset) {
        return charset.name().startsWith("UTF-")
                || charset.name().endsWith("-BOM")
                || charset.newEncoder().maxBytesPerChar() == 1;
    }

    boolean isKnown() {
        return known != null;
    }

    boolean hasMarks() {
        return !marks.isEmpty();
    }

    boolean writesMark() {
        return ByteOrderMark.isWritten(declared);
    }

    /** The charset, with its byte order. */
    Charset charset() {
        return known != null ? known : ByteOrderMark.unmarked(declared);
    }

    /** How many bytes a character has at least. */
    int unit() {
        String name = charset().name();
        return name.startsWith("UTF-16") ? 2 : name.startsWith("UTF-32") ? 4 : 1;
    }

    /** True when a file's first bytes do not yet tell whether they are a mark. */
    boolean isUndecided(byte[] bytes, int from, int to) {
        return marks.stream().anyMatch(mark -> to - from < mark.bytes().length && mark.fits(bytes, from, to));
    }

    /**
     * Sees a file's first bytes.
     *
     * @return how many of them are a mark
     */
    int learn(byte[] bytes, int from, int to) {
        Optional<ByteOrderMark> found = marks.stream()
                .filter(mark -> to - from >= mark.bytes().length && mark.fits(bytes, from, to))
                .findFirst();
        if (found.isPresent()) {
            known = found.get().charset();
            return found.get().bytes().length;
        }
        if (to > from) {
            known = ByteOrderMark.unmarked(declared);
        }
        return 0;
    }

    /** Decodes all bytes, which are whole characters, as those of a line are. */
    String decode(byte[] bytes, int from, int length, long position) throws CharacterCodingException {
        Charset charset = charset();
        if (isSelfSynchronizing(charset)) {
            String text = new String(bytes, from, length, charset);
            // The JDK puts this character where something was malformed; when it is not there, nothing was.
            if (malformed == CodingErrorAction.REPLACE || text.indexOf('\uFFFD') < 0) {
                return text;
            }
        }
        StringBuilder text = new StringBuilder();
        decode(bytes, from, from + length, position, true, Integer.MAX_VALUE, text);
        return text.toString();
    }

    /**
     * Decodes bytes that may end within a character.
     *
     * @param position the first byte's place in the file
     * @param last whether no more bytes will come, so that what is not whole now never will be
     * @param most how many code points to decode at most
     * @param text where they are appended
     * @return how many bytes they were
     */
    int decode(byte[] bytes, int from, int to, long position, boolean last, int most, StringBuilder text)
            throws CharacterCodingException {
        CharsetDecoder decoding = decoderAt(position);
        ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
        CharBuffer piece = room == null ? CharBuffer.allocate(PIECE) : room;
        room = piece;
        int left = most;
        while (left > 0) {
            piece.clear().limit(Math.min(left, PIECE));
            CoderResult result = decoding.decode(in, piece, false);
            if (result.isOverflow() && piece.position() == 0) {
                piece.limit(2); // room for one was too little: a surrogate pair
                result = decoding.decode(in, piece, false);
            }
            piece.flip();
            left -= Character.codePointCount(piece.array(), 0, piece.length());
            text.append(piece.array(), 0, piece.length());
            if (result.isUnderflow()) {
                if (!last || !in.hasRemaining()) {
                    break;
                }
                result = CoderResult.malformedForLength(in.remaining());
            }
            if (result.isError() && left > 0) {
                if (malformed == CodingErrorAction.REPORT) {
                    decodedTo = position + in.position() - from;
                    throw undecodable(in, result.length(), decodedTo);
                }
                if (malformed == CodingErrorAction.REPLACE) {
                    text.append('\uFFFD');
                    left--;
                }
                in.position(in.position() + result.length());
            }
        }
        decodedTo = position + in.position() - from;
        return in.position() - from;
    }

    private CharsetDecoder decoderAt(long position) {
        CharsetDecoder decoding = decoder;
        if (decoding == null || !decoding.charset().equals(charset())) {
            decoding = charset()
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
            decoder = decoding;
        } else if (position != decodedTo) {
            decoding.reset();
        }
        decodedTo = -1;
        return decoding;
    }

    /** Goes on behind bytes that need no decoding, such as a separator, with the decoder's state as it is. */
    void pass(long from, long to) {
        if (decodedTo == from) {
            decodedTo = to;
        }
    }

    private Uncodable undecodable(ByteBuffer in, int length, long position) {
        byte[] wrong = new byte[length];
        in.duplicate().get(wrong);
        return new Uncodable(
                file + ": the bytes " + HexFormat.ofDelimiter(" ").formatHex(wrong) + " at " + position
                        + " are no character of " + charset()
                        + ": name the file's charset, or choose REPLACE or IGNORE",
                position);
    }

    /** Encodes text; every call begins and ends in the charset's first state. */
    byte[] encode(String text, boolean marked) throws CharacterCodingException {
        CharsetEncoder encoder =
                charset().newEncoder().onMalformedInput(malformed).onUnmappableCharacter(malformed);
        CharBuffer in = CharBuffer.wrap(text);
        try {
            ByteBuffer out = encoder.encode(in);
            byte[] mark = marked ? mark() : new byte[0];
            byte[] bytes = new byte[mark.length + out.remaining()];
            System.arraycopy(mark, 0, bytes, 0, mark.length);
            out.get(bytes, mark.length, out.remaining());
            return bytes;
        } catch (CharacterCodingException e) {
            int index = in.position();
            throw new Uncodable(
                    file + ": the character U+" + HexFormat.of().withUpperCase().toHexDigits(text.charAt(index))
                            + " at index " + index + " of what was to be written is not in " + charset()
                            + ": choose another charset, or REPLACE or IGNORE",
                    index);
        }
    }

    private byte[] mark() {
        known = charset();
        return marks.stream()
                .filter(mark -> mark.charset().equals(known))
                .findFirst()
                .map(ByteOrderMark::bytes)
                .orElse(new byte[0]);
    }

    /** What a line feed is in the charset; a carriage return has as many bytes. */
    byte[] lineFeed() {
        return "\n".getBytes(charset());
    }
}
