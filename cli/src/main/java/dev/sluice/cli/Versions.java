package dev.sluice.cli;

import dev.sluice.language.Flow.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The versions of CAPIO-CL as users type them, in their order. */
@SuppressWarnings("serial") // nobody serialises it
final class Versions extends ArrayList<String> {
    private static final List<String> ALL =
            Arrays.stream(Version.values()).map(Version::toString).toList();

    Versions() {
        super(ALL);
    }

    /** Makes a version of what a user types. */
    static final class Converter implements ITypeConverter<Version> {
        @Override
        public Version convert(String typed) {
            for (Version version : Version.values()) {
                if (version.toString().equals(typed)) {
                    return version;
                }
            }
            throw new TypeConversionException(
                    "there is no version " + typed + " of CAPIO-CL; versions are " + String.join(", ", ALL));
        }
    }
}
