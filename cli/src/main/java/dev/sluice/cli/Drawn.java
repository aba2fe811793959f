package dev.sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The formats of pictures. Each picture says in its beginning that it is one of ours. */
enum Drawn {
    SVG,
    HTML,
    /** Mermaid. */
    MMD,
    /** Graphviz. */
    DOT;

    /** What every picture has in its beginning. */
    static final String MARK = "drawn by sluice graph";

    String text(Sketch sketch) {
        return switch (this) {
            case SVG -> Drawing.file(sketch);
            case HTML -> Page.of(sketch);
            case MMD -> Mermaid.of(sketch);
            case DOT -> Dot.of(sketch);
        };
    }

    /** Are boxes given places here? */
    boolean isLaidOut() {
        return this == SVG || this == HTML;
    }

    static Optional<Drawn> named(String name) {
        return Arrays.stream(values())
                .filter(format -> format.toString().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** What shells complete. */
    @SuppressWarnings("serial") // nobody serialises it
    static final class Names extends ArrayList<String> {
        Names() {
            super(Arrays.stream(values()).map(Drawn::toString).toList());
        }
    }

    /** The end of the names of such files. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A text file that is a part of this program. */
    static String resource(String name) {
        try (InputStream in = Drawn.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not in this program: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
