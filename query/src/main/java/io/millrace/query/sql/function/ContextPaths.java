package io.millrace.query.sql.function;

import org.jspecify.annotations.Nullable;

/// Reads contexts where they stand, without taking them apart first: a query does this for every
/// event. A text that does not begin with `/` is no context and has to be sorted out before with
/// [#isContext].
final class ContextPaths {
    private ContextPaths() {}

    static boolean isContext(@Nullable String text) {
        return text != null && !text.isEmpty() && text.charAt(0) == '/';
    }

    /// The number of segments; the root has none.
    static int depth(String path) {
        if (path.length() == 1) {
            return 0;
        }
        int depth = 1;
        for (int at = path.indexOf('/', 1); at >= 0; at = path.indexOf('/', at + 1)) {
            depth++;
        }
        return depth;
    }

    /// The segment behind the first one, from the left, that is `name` and has one behind it.
    static @Nullable String segmentBehind(String path, String name) {
        int from = 1;
        for (int to = path.indexOf('/', 1); to >= 0; to = path.indexOf('/', from)) {
            if (to - from == name.length() && path.startsWith(name, from)) {
                int end = path.indexOf('/', to + 1);
                return path.substring(to + 1, end < 0 ? path.length() : end);
            }
            from = to + 1;
        }
        return null;
    }

    /// The segment at a position: 1 is the first, -1 the last.
    static @Nullable String segmentAt(String path, int position) {
        if (path.length() == 1 || position == 0) {
            return null;
        }
        return position > 0 ? fromStart(path, position) : fromEnd(path, position);
    }

    private static @Nullable String fromStart(String path, int position) {
        int slash = 0;
        for (int i = 1; i < position; i++) {
            slash = path.indexOf('/', slash + 1);
            if (slash < 0) {
                return null;
            }
        }
        int end = path.indexOf('/', slash + 1);
        return path.substring(slash + 1, end < 0 ? path.length() : end);
    }

    private static @Nullable String fromEnd(String path, int position) {
        int end = path.length();
        for (int i = -1; i > position; i--) {
            end = path.lastIndexOf('/', end - 1);
            if (end <= 0) {
                return null;
            }
        }
        return path.substring(path.lastIndexOf('/', end - 1) + 1, end);
    }

    /// The context so many levels above; 0 is the context itself, above the root is none.
    static @Nullable String above(String path, int levels) {
        if (levels < 0) {
            return null;
        }
        String root = "/";
        int end = path.length() == 1 ? 0 : path.length();
        for (int i = 0; i < levels; i++) {
            if (end == 0) {
                return null;
            }
            end = path.lastIndexOf('/', end - 1);
        }
        return end == 0 ? root : path.substring(0, end);
    }
}
