package io.millrace.event.filter.cesql;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The functions that every engine has (CESQL, sections 3.5 and 3.7). Characters are Unicode code
/// points.
enum Function {
    INT(1, 1),
    BOOL(1, 1),
    STRING(1, 1),
    ABS(1, 1),
    LENGTH(1, 1),
    CONCAT(0, Integer.MAX_VALUE),
    CONCAT_WS(1, Integer.MAX_VALUE),
    LOWER(1, 1),
    UPPER(1, 1),
    TRIM(1, 1),
    LEFT(2, 2),
    RIGHT(2, 2),
    SUBSTRING(2, 3);

    private final int argumentsMin;
    private final int argumentsMax;

    Function(int argumentsMin, int argumentsMax) {
        this.argumentsMin = argumentsMin;
        this.argumentsMax = argumentsMax;
    }

    /// The function of this name, in any case, that takes so many arguments; `null` if there is
    /// none.
    static @Nullable Function of(String name, int arguments) {
        for (Function each : values()) {
            if (each.name().equalsIgnoreCase(name)
                    && arguments >= each.argumentsMin
                    && arguments <= each.argumentsMax) {
                return each;
            }
        }
        return null;
    }

    Object call(Evaluation evaluation, List<Node> arguments) {
        Object[] values = new Object[arguments.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments.get(i).evaluate(evaluation);
            if (evaluation.failed()) {
                return zero();
            }
        }
        return applied(evaluation, values);
    }

    /// What it gives when an argument has failed.
    private Object zero() {
        return switch (this) {
            case INT, ABS, LENGTH -> 0;
            case BOOL -> false;
            case STRING, CONCAT, CONCAT_WS, LOWER, UPPER, TRIM, LEFT, RIGHT, SUBSTRING -> "";
        };
    }

    private Object applied(Evaluation evaluation, Object[] values) {
        return switch (this) {
            case INT -> evaluation.integer(values[0]);
            case BOOL -> evaluation.bool(values[0]);
            case STRING -> string(values, 0);
            case ABS -> absolute(evaluation, evaluation.integer(values[0]));
            case LENGTH -> length(string(values, 0));
            case CONCAT -> joined("", values, 0);
            case CONCAT_WS -> joined(string(values, 0), values, 1);
            case LOWER -> string(values, 0).toLowerCase(Locale.ROOT);
            case UPPER -> string(values, 0).toUpperCase(Locale.ROOT);
            case TRIM -> trimmed(string(values, 0));
            case LEFT, RIGHT -> side(evaluation, string(values, 0), evaluation.integer(values[1]));
            case SUBSTRING -> substring(evaluation, values);
        };
    }

    private static String string(Object[] values, int index) {
        return Evaluation.string(values[index]);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static int absolute(Evaluation evaluation, int number) {
        if (number == Integer.MIN_VALUE) {
            evaluation.fail(CesqlErrorKind.MATH, "ABS(-2147483648) does not fit into 32 bits");
            return Integer.MAX_VALUE;
        }
        return Math.abs(number);
    }

    private static String joined(String delimiter, Object[] values, int from) {
        StringBuilder joined = new StringBuilder();
        for (int i = from; i < values.length; i++) {
            joined.append(i > from ? delimiter : "").append(string(values, i));
        }
        return joined.toString();
    }

    private static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isWhiteSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isWhiteSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /// Unicode's property White_Space, which Java has no method for; all of it is in the BMP.
    private static boolean isWhiteSpace(char c) {
        return (c >= '\t' && c <= '\r') || c == '\u0085' || Character.isSpaceChar(c);
    }

    private Object side(Evaluation evaluation, String text, int count) {
        if (evaluation.failed()) {
            return zero();
        }
        if (count < 0) {
            evaluation.fail(
                    CesqlErrorKind.FUNCTION_EVALUATION, name() + " of fewer than 0 characters");
            return text;
        }
        int length = length(text);
        if (count >= length) {
            return text;
        }
        return this == LEFT
                ? text.substring(0, text.offsetByCodePoints(0, count))
                : text.substring(text.offsetByCodePoints(0, length - count));
    }

    private Object substring(Evaluation evaluation, Object[] values) {
        String text = string(values, 0);
        int position = evaluation.integer(values[1]);
        int length = length(text);
        int wanted = values.length == 3 ? evaluation.integer(values[2]) : length;
        if (evaluation.failed()) {
            return zero();
        }
        if (position > length || position < -length) {
            evaluation.fail(
                    CesqlErrorKind.FUNCTION_EVALUATION,
                    "position %d is outside a text of %d characters".formatted(position, length));
            return zero();
        }
        if (wanted < 0) {
            evaluation.fail(
                    CesqlErrorKind.FUNCTION_EVALUATION, "SUBSTRING of fewer than 0 characters");
            return zero();
        }
        if (position == 0) {
            return "";
        }
        int first = position > 0 ? position - 1 : length + position;
        int from = text.offsetByCodePoints(0, first);
        int count = Math.min(wanted, length - first);
        return text.substring(from, text.offsetByCodePoints(from, count));
    }
}
