package io.millrace.event.filter.cesql;

import io.millrace.event.Event;
import io.millrace.event.Quoted;
import org.jspecify.annotations.Nullable;

/// One evaluation of an expression over an event: the first error, and the casts of section 3.7.
///
/// It fails fast (section 4.1): whoever finds an error in an operand gives back the zero value of
/// its own type. Owned by one thread.
final class Evaluation {
    private final Event event;
    private @Nullable CesqlErrorKind error;
    private String detail = "";

    Evaluation(Event event) {
        this.event = event;
    }

    Event event() {
        return event;
    }

    boolean failed() {
        return error != null;
    }

    /// Notes an error; only the first one counts.
    void fail(CesqlErrorKind kind, String what) {
        if (error == null) {
            error = kind;
            detail = what;
        }
    }

    CesqlResult result(Object value) {
        return new CesqlResult(value, error, error == null ? null : detail);
    }

    /// The value as a boolean; `false` and an error if it is none.
    boolean bool(Object value) {
        if (value instanceof Boolean bool) {
            return bool;
        }
        if (value instanceof Integer number) {
            return number != 0;
        }
        String text = (String) value;
        if (text.equalsIgnoreCase("true")) {
            return true;
        }
        if (!text.equalsIgnoreCase("false")) {
            fail(CesqlErrorKind.CAST, "\"%s\" is no boolean".formatted(Quoted.shortened(text)));
        }
        return false;
    }

    /// The value as an integer; 0 and an error if it is none of 32 bits.
    int integer(Object value) {
        if (value instanceof Integer number) {
            return number;
        }
        if (value instanceof Boolean bool) {
            return bool ? 1 : 0;
        }
        String text = (String) value;
        Integer number = parsed(text);
        if (number == null) {
            fail(
                    CesqlErrorKind.CAST,
                    "\"%s\" is no integer of 32 bits".formatted(Quoted.shortened(text)));
            return 0;
        }
        return number;
    }

    /// The value as text; every value has one.
    static String string(Object value) {
        return value instanceof String text ? text : value.toString();
    }

    /// A number with ASCII digits and an optional sign; `null` if the text is none or too large.
    static @Nullable Integer parsed(String text) {
        int first = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        long number = 0;
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return null;
            }
            number = number * 10 + (c - '0');
            if (number > 1L << 31) {
                return null;
            }
        }
        long signed = text.startsWith("-") ? -number : number;
        return text.length() == first || signed > Integer.MAX_VALUE ? null : (Integer) (int) signed;
    }
}
