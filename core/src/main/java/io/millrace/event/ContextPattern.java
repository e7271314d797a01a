package io.millrace.event;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.util.List;

/// A pattern over contexts: `*` stands for one segment; a last `**` for the segment it stands in
/// and everything below, and for the context above it too, so that `/org/contoso/**` covers
/// `/org/contoso` itself.
public final class ContextPattern {
    private final String text;
    private final List<String> segments;
    private final boolean subtree;

    private ContextPattern(String text) {
        this.text = text;
        this.subtree = text.endsWith("/**");
        List<String> all = text.equals("/") ? List.of() : List.of(text.substring(1).split("/", -1));
        this.segments = subtree ? all.subList(0, all.size() - 1) : all;
    }

    /// @throws MillraceException with [ErrorCode#PATTERN_INVALID]
    public static ContextPattern of(String text) {
        if (!text.equals("/")) {
            PathRules.check(text, ErrorCode.PATTERN_INVALID, "pattern", true);
        }
        return new ContextPattern(text);
    }

    /// The segments before a last `**`; `*` among them stands for any one segment.
    public List<String> segments() {
        return segments;
    }

    /// Whether the pattern ends in `**`.
    public boolean subtree() {
        return subtree;
    }

    /// Tells whether the pattern covers the context. To match many patterns at once, use a
    /// [PatternTrie].
    public boolean matches(Context context) {
        String path = context.path();
        int at = 0;
        int length = path.length() == 1 ? 0 : path.length();
        for (String segment : segments) {
            if (at >= length) {
                return false;
            }
            int slash = path.indexOf('/', at + 1);
            int to = slash < 0 ? length : slash;
            boolean same =
                    segment.equals("*")
                            || (segment.length() == to - at - 1
                                    && path.startsWith(segment, at + 1));
            if (!same) {
                return false;
            }
            at = to;
        }
        return subtree || at == length;
    }

    /// Whether some context at or below `mount` can be covered.
    public boolean reaches(Context mount) {
        List<String> below = mount.segments();
        int common = Math.min(below.size(), segments.size());
        for (int i = 0; i < common; i++) {
            String segment = segments.get(i);
            if (!segment.equals("*") && !segment.equals(below.get(i))) {
                return false;
            }
        }
        return subtree || segments.size() >= below.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContextPattern that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
