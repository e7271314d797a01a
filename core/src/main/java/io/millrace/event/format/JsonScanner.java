package io.millrace.event.format;

/// Decides whether bytes are one JSON value (RFC 8259) in strict UTF-8, without building anything.
///
/// Written by hand because it runs over the data of every event that leaves as JSON: a tokenizer
/// decodes what this only has to walk over.
final class JsonScanner {
    private final byte[] array;
    private final int to;
    private final int depthMax;
    private int at;

    private JsonScanner(byte[] array, int from, int to, int depthMax) {
        this.array = array;
        this.at = from;
        this.to = to;
        this.depthMax = depthMax;
    }

    /// Whether the range is exactly one value, with nothing around it, not even whitespace.
    static boolean isValue(byte[] array, int from, int to, int depthMax) {
        JsonScanner scanner = new JsonScanner(array, from, to, depthMax);
        return scanner.value(0) && scanner.at == to;
    }

    private boolean value(int depth) {
        if (at >= to) {
            return false;
        }
        return switch (array[at]) {
            case '{' -> depth < depthMax && object(depth + 1);
            case '[' -> depth < depthMax && array(depth + 1);
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        };
    }

    private boolean object(int depth) {
        at++;
        if (next('}')) {
            return true;
        }
        do {
            whitespace();
            if (at >= to || array[at] != '"' || !string() || !next(':')) {
                return false;
            }
            whitespace();
            if (!value(depth)) {
                return false;
            }
        } while (next(','));
        return next('}');
    }

    private boolean array(int depth) {
        at++;
        if (next(']')) {
            return true;
        }
        do {
            whitespace();
            if (!value(depth)) {
                return false;
            }
        } while (next(','));
        return next(']');
    }

    private boolean string() {
        at++;
        while (at < to) {
            byte b = array[at];
            if (b == '"') {
                at++;
                return true;
            }
            if (b == '\\') {
                if (!escape()) {
                    return false;
                }
            } else if (b >= ' ') {
                at++;
            } else {
                int length = b < 0 ? Utf8.sequence(array, at, to) : 0;
                if (length == 0) {
                    return false;
                }
                at += length;
            }
        }
        return false;
    }

    private boolean escape() {
        if (at + 1 >= to) {
            return false;
        }
        at += 2;
        return switch (array[at - 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> true;
            case 'u' -> fourHexDigits();
            default -> false;
        };
    }

    private boolean fourHexDigits() {
        for (int end = at + 4; at < end; at++) {
            if (at >= to || Character.digit(array[at], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean number() {
        if (array[at] == '-') {
            at++;
        }
        if (at < to && array[at] == '0') {
            at++;
        } else if (!digits()) {
            return false;
        }
        if (at < to && array[at] == '.') {
            at++;
            if (!digits()) {
                return false;
            }
        }
        if (at < to && (array[at] == 'e' || array[at] == 'E')) {
            at++;
            if (at < to && (array[at] == '+' || array[at] == '-')) {
                at++;
            }
            return digits();
        }
        return true;
    }

    private boolean digits() {
        int from = at;
        while (at < to && array[at] >= '0' && array[at] <= '9') {
            at++;
        }
        return at > from;
    }

    private boolean literal(String word) {
        if (to - at < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (array[at + i] != word.charAt(i)) {
                return false;
            }
        }
        at += word.length();
        return true;
    }

    /// Steps over whitespace and then over `wanted`, if it is there.
    private boolean next(char wanted) {
        whitespace();
        if (at < to && array[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void whitespace() {
        while (at < to
                && (array[at] == ' '
                        || array[at] == '\n'
                        || array[at] == '\r'
                        || array[at] == '\t')) {
            at++;
        }
    }
}
