package io.millrace.stream;

import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Goes through the known contexts that a pattern covers, each before those below it, and those
/// side by side in the order of their names. Only the branches are entered that the pattern
/// reaches. Owned by one thread; the tree may grow meanwhile.
final class ContextWalk {
    private final List<String> segments;
    private final boolean subtree;
    private final List<String> after;
    private final Predicate<ContextNode> visitor;

    /// @param after the walk begins behind it, whether it is known or not; `null` for the beginning
    /// @param visitor returns false to end the walk
    ContextWalk(ContextPattern pattern, @Nullable Context after, Predicate<ContextNode> visitor) {
        this.segments = pattern.segments();
        this.subtree = pattern.subtree();
        this.after = after == null ? List.of() : names(after);
        this.visitor = visitor;
    }

    /// The way from the root to a context.
    private static List<String> names(Context context) {
        ArrayDeque<String> names = new ArrayDeque<>();
        Context below = context;
        for (Context above = below.parent(); above != null; above = below.parent()) {
            names.addFirst(ContextTable.below(above, below));
            below = above;
        }
        return List.copyOf(names);
    }

    /// @param isRootDone whether it begins behind the root
    void from(ContextNode root, boolean isRootDone) {
        boolean _ = walk(root, 0, isRootDone ? 0 : -1);
    }

    /// @param depth how many segments the node has
    /// @param onWay how many names of the way to where the walk begins led to the node; -1 if it is
    ///   behind that
    /// @return false if the walk has ended
    private boolean walk(ContextNode node, int depth, int onWay) {
        boolean isCovered = subtree ? depth >= segments.size() : depth == segments.size();
        if (onWay < 0 && isCovered && !visitor.test(node)) {
            return false;
        }
        if (!subtree && depth >= segments.size()) {
            return true;
        }
        String begin = onWay >= 0 && onWay < after.size() ? after.get(onWay) : null;
        String only = depth < segments.size() ? segments.get(depth) : "*";
        if (!only.equals("*") && !only.isEmpty()) {
            ContextNode child = node.children().get(only);
            boolean isPast = begin != null && only.compareTo(begin) < 0;
            return child == null
                    || isPast
                    || walk(child, depth + 1, only.equals(begin) ? onWay + 1 : -1);
        }
        NavigableMap<String, ContextNode> children =
                begin == null ? node.children() : node.children().tailMap(begin, true);
        for (Map.Entry<String, ContextNode> child : children.entrySet()) {
            String name = child.getKey();
            int way = name.equals(begin) ? onWay + 1 : -1;
            int length = depth == 0 && name.startsWith("/") ? 2 : 1;
            if (fits(name, depth, length) && !walk(child.getValue(), depth + length, way)) {
                return false;
            }
        }
        return true;
    }

    /// Below the root a name may have two segments, of which the first is empty.
    private boolean fits(String name, int depth, int length) {
        return length == 1
                ? fits(name, depth)
                : fits("", depth) && fits(name.substring(1), depth + 1);
    }

    private boolean fits(String segment, int depth) {
        if (depth >= segments.size()) {
            return subtree;
        }
        String wanted = segments.get(depth);
        return wanted.equals("*") || wanted.equals(segment);
    }
}
