package io.millrace.event;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Many patterns, matched against one context in one walk over its segments.
///
/// The cost of a match depends on the context's depth and on how many patterns match, not on how
/// many there are; adding and removing does not depend on that either. Owned by one thread.
public final class PatternTrie<T> {
    private static final class Node<T> {
        final Map<String, Node<T>> children = new HashMap<>(2);
        @Nullable Node<T> any;
        @Nullable Bag<T> here;
        @Nullable Bag<T> subtree;

        Bag<T> bag(boolean below) {
            Bag<T> bag = below ? subtree : here;
            if (bag != null) {
                return bag;
            }
            Bag<T> first = new Bag<>();
            if (below) {
                subtree = first;
            } else {
                here = first;
            }
            return first;
        }

        boolean remove(boolean below, T value) {
            Bag<T> bag = below ? subtree : here;
            if (bag == null || !bag.remove(value)) {
                return false;
            }
            if (bag.isEmpty() && below) {
                subtree = null;
            } else if (bag.isEmpty()) {
                here = null;
            }
            return true;
        }

        boolean isEmpty() {
            return children.isEmpty() && any == null && here == null && subtree == null;
        }
    }

    /// Values with the number of their occurrences, in the order of their first ones: not that of
    /// hashes, so that the same seed gives the same run.
    private static final class Bag<T> {
        private final Map<T, Integer> counts = new LinkedHashMap<>(2);

        void add(T value) {
            counts.merge(value, 1, Integer::sum);
        }

        boolean remove(T value) {
            Integer count = counts.get(value);
            if (count == null) {
                return false;
            }
            if (count == 1) {
                counts.remove(value);
            } else {
                counts.put(value, count - 1);
            }
            return true;
        }

        boolean isEmpty() {
            return counts.isEmpty();
        }

        void forEach(Consumer<? super T> each) {
            for (Map.Entry<T, Integer> entry : counts.entrySet()) {
                for (int i = entry.getValue(); i > 0; i--) {
                    each.accept(entry.getKey());
                }
            }
        }
    }

    private final Node<T> root = new Node<>();
    private int size;

    public void add(ContextPattern pattern, T value) {
        Node<T> node = root;
        for (String segment : pattern.segments()) {
            if (segment.equals("*")) {
                if (node.any == null) {
                    node.any = new Node<>();
                }
                node = node.any;
            } else {
                node = node.children.computeIfAbsent(segment, _ -> new Node<>());
            }
        }
        node.bag(pattern.subtree()).add(value);
        size++;
    }

    /// Removes one occurrence; tells whether there was one. Branches left empty are cut.
    public boolean remove(ContextPattern pattern, T value) {
        boolean removed = remove(root, pattern, 0, value);
        size -= removed ? 1 : 0;
        return removed;
    }

    private boolean remove(Node<T> node, ContextPattern pattern, int depth, T value) {
        if (depth == pattern.segments().size()) {
            return node.remove(pattern.subtree(), value);
        }
        String segment = pattern.segments().get(depth);
        boolean wildcard = segment.equals("*");
        Node<T> child = wildcard ? node.any : node.children.get(segment);
        if (child == null || !remove(child, pattern, depth + 1, value)) {
            return false;
        }
        if (child.isEmpty()) {
            if (wildcard) {
                node.any = null;
            } else {
                node.children.remove(segment);
            }
        }
        return true;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /// Hands every value whose pattern covers the context to `each`; the order is not defined.
    public void match(Context context, Consumer<? super T> each) {
        if (size > 0) {
            match(root, context.path(), context.path().length() == 1 ? 1 : 0, each);
        }
    }

    private void match(Node<T> node, String path, int at, Consumer<? super T> each) {
        if (node.subtree != null) {
            node.subtree.forEach(each);
        }
        if (at >= path.length()) {
            if (node.here != null) {
                node.here.forEach(each);
            }
            return;
        }
        int slash = path.indexOf('/', at + 1);
        int to = slash < 0 ? path.length() : slash;
        if (!node.children.isEmpty()) {
            Node<T> child = node.children.get(path.substring(at + 1, to));
            if (child != null) {
                match(child, path, to, each);
            }
        }
        if (node.any != null) {
            match(node.any, path, to, each);
        }
    }
}
