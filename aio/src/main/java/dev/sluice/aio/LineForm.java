package dev.sluice.aio;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How bytes become lines of a type. Used by one thread at a time, that which has the stream's turn, as its codec is.
 */
final class LineForm<T> {
    @FunctionalInterface
    private interface Maker<T> {
        T of(Codec codec, byte[] bytes, int from, int length, long position) throws CharacterCodingException;
    }

    private final LineOptions options;
    private final Codec codec;
    private final boolean text;
    private final Maker<T> maker;
    private @Nullable Separators separators;
    private @Nullable Charset separatorsCharset;

    private LineForm(LineOptions options, Codec codec, boolean text, Maker<T> maker) {
        this.options = options;
        this.codec = codec;
        this.text = text;
        this.maker = maker;
    }

    static LineForm<String> text(Codec codec, LineOptions options) {
        return new LineForm<>(options, codec, true, Codec::decode);
    }

    static LineForm<byte[]> bytes(Codec codec, LineOptions options) {
        return new LineForm<>(
                options,
                codec,
                false,
                (_, bytes, from, length, position) -> Arrays.copyOfRange(bytes, from, from + length));
    }

    /** The same form with a codec of its own, for another cursor. */
    LineForm<T> again(Codec fresh) {
        return new LineForm<>(options, fresh, text, maker);
    }

    LineOptions options() {
        return options;
    }

    Codec codec() {
        return codec;
    }

    boolean isText() {
        return text;
    }

    /** The separators in the charset as it is known by now. */
    Separators separators() {
        Charset charset = codec.charset();
        Separators known = separators;
        if (known == null || !charset.equals(separatorsCharset)) {
            known = new Separators(options.separators(), charset, codec.unit());
            separators = known;
            separatorsCharset = charset;
        }
        return known;
    }

    T of(byte[] bytes, int from, int length, long position) throws CharacterCodingException {
        return maker.of(codec, bytes, from, length, position);
    }
}
