package io.millrace.cli.replay;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/// Which texts become JSON numbers.
enum Numbers {
    /// Those that any reader of JSON writes back exactly as they were: `21`, `0.0047`, `3.8E-5`,
    /// but not `1.50`, `007` or twenty digits.
    EXACT,
    /// Everything that has the form of a JSON number, whatever becomes of its last digits.
    ALL,
    /// None.
    NONE;

    private static final Pattern JSON_NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    /// The integers that a double holds exactly (RFC 8259, section 6).
    private static final long INTEGER_MAX = (1L << 53) - 1;

    private static final int LENGTH_MAX = 32;

    /// Whether the text becomes a number.
    boolean isNumber(String text) {
        return switch (this) {
            case EXACT -> isForm(text) && isExact(text);
            case ALL -> isForm(text);
            case NONE -> false;
        };
    }

    private static boolean isForm(String text) {
        if (text.isEmpty() || text.length() > LENGTH_MAX) {
            return false;
        }
        char first = text.charAt(0);
        return (first == '-' || (first >= '0' && first <= '9'))
                && JSON_NUMBER.matcher(text).matches();
    }

    private static boolean isExact(String text) {
        if (text.length() <= 16 && text.chars().allMatch(c -> c != '.' && c != 'e' && c != 'E')) {
            long integer = Long.parseLong(text);
            return Math.abs(integer) <= INTEGER_MAX && Long.toString(integer).equals(text);
        }
        double number = Double.parseDouble(text);
        if (!Double.isFinite(number)) {
            return false;
        }
        String written = Double.toString(number);
        if (written.equals(text)) {
            return true;
        }
        BigDecimal shortest = new BigDecimal(written).stripTrailingZeros();
        boolean fraction = text.indexOf('.') >= 0;
        return fraction && shortest.toPlainString().equals(text);
    }
}
