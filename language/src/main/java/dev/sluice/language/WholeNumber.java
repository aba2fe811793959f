package dev.sluice.language;

import java.math.BigDecimal;
import java.util.OptionalLong;

/** Reads whole numbers, however long they are, without calculating with them. */
final class WholeNumber {
    /** A number that is longer, and not only in digits, is no count of anything. */
    private static final int LONGEST = 1000;

    private WholeNumber() {}

    /** The number that JSON text is, also as {@code 1e3}; the nearest one for what is too large; none for a fraction. */
    static OptionalLong of(String text) {
        boolean negative = text.startsWith("-");
        int start = negative ? 1 : 0;
        while (start < text.length() - 1 && text.charAt(start) == '0' && Character.isDigit(text.charAt(start + 1))) {
            start++;
        }
        String digits = text.substring(start);
        if (digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalLong.of(digits.length() > 19 ? end(negative) : near(new BigDecimal(digits), negative));
        }
        if (digits.length() > LONGEST) {
            return OptionalLong.empty();
        }
        try {
            BigDecimal number = new BigDecimal(digits).stripTrailingZeros();
            if (number.scale() > 0) {
                return OptionalLong.empty();
            }
            return OptionalLong.of(number.scale() < -LONGEST ? end(negative) : near(number, negative));
        } catch (NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    private static long near(BigDecimal number, boolean negative) {
        boolean large = number.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0;
        return large ? end(negative) : negative ? -number.longValueExact() : number.longValueExact();
    }

    private static long end(boolean negative) {
        return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
}
