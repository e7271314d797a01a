package io.millrace.event;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;

/// What contexts and context patterns have in common.
final class PathRules {
    private PathRules() {}

    static void check(String path, ErrorCode code, String field, boolean pattern) {
        if (!path.startsWith("/")) {
            throw wrong(code, field, path, "must begin with /");
        }
        if (path.length() > Context.BYTES_MAX || utf8Length(path) > Context.BYTES_MAX) {
            throw wrong(code, field, path, "is longer than %d bytes".formatted(Context.BYTES_MAX));
        }
        int segments = 0;
        int from = 1;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            segment(path, from, to, code, field, pattern);
            segments++;
            from = to + 1;
        }
        if (segments > Context.SEGMENTS_MAX) {
            throw wrong(
                    code, field, path, "has more than %d segments".formatted(Context.SEGMENTS_MAX));
        }
    }

    private static void segment(
            String path, int from, int to, ErrorCode code, String field, boolean pattern) {
        int length = to - from;
        if (pattern && length == 1 && path.charAt(from) == '*') {
            return;
        }
        if (pattern && length == 2 && path.startsWith("**", from)) {
            if (to != path.length()) {
                throw wrong(code, field, path, "has ** before its last segment");
            }
            return;
        }
        boolean dots =
                length > 0 && length <= 2 && path.charAt(from) == '.' && path.charAt(to - 1) == '.';
        if (dots) {
            throw wrong(code, field, path, "must not have the segments . or ..");
        }
        for (int i = from; i < to; i++) {
            char c = path.charAt(i);
            if (c == '*' || c == '+' || c == '#') {
                String detail =
                        pattern
                                ? "has %c inside a segment; * and ** stand alone in theirs"
                                : "has the character %c, which only patterns may have";
                throw wrong(code, field, path, detail.formatted(c));
            }
            boolean lone = Character.isSurrogate(c) && !isPair(path, i, to);
            if (Character.isISOControl(c) || lone) {
                throw wrong(code, field, path, "has the character U+%04X".formatted((int) c));
            }
        }
    }

    private static boolean isPair(String path, int at, int to) {
        char c = path.charAt(at);
        return Character.isHighSurrogate(c)
                ? at + 1 < to && Character.isLowSurrogate(path.charAt(at + 1))
                : Character.isHighSurrogate(path.charAt(at - 1));
    }

    private static int utf8Length(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair stands for two of the four bytes.
            length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return length;
    }

    private static MillraceException wrong(
            ErrorCode code, String field, String path, String detail) {
        return new MillraceException(
                code, field, "\"%s\" %s".formatted(Quoted.shortened(path), detail));
    }
}
