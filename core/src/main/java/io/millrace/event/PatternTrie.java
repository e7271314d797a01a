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
    /// Most nodes have one child, and most bags one value: only where there are more, there is a
    /// map. With 100,000 patterns that is the larger part of the memory.
    private static final class Node<T> {
        @Nullable String onlySegment;
        @Nullable Node<T> onlyChild;
        @Nullable Map<String, Node<T>> children;
        @Nullable Node<T> any;
        @Nullable Bag<T> here;
        @Nullable Bag<T> subtree;

        boolean hasChildren() {
            return onlyChild != null || children != null;
        }

        @Nullable Node<T> child(String segment) {
            if (children != null) {
                return children.get(segment);
            }
            return segment.equals(onlySegment) ? onlyChild : null;
        }

        Node<T> childOrNew(String segment) {
            Node<T> known = child(segment);
            if (known != null) {
                return known;
            }
            Node<T> added = new Node<>();
            if (!hasChildren()) {
                onlySegment = segment;
                onlyChild = added;
                return added;
            }
            if (children == null) {
                children = new HashMap<>();
                if (onlySegment != null && onlyChild != null) {
                    children.put(onlySegment, onlyChild);
                }
                onlySegment = null;
                onlyChild = null;
            }
            children.put(segment, added);
            return added;
        }

        void drop(String segment) {
            if (children == null) {
                onlySegment = null;
                onlyChild = null;
                return;
            }
            children.remove(segment);
            if (children.isEmpty()) {
                children = null;
            }
        }

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
            return !hasChildren() && any == null && here == null && subtree == null;
        }
    }

    /// Values with the number of their occurrences, in the order of their first ones: not that of
    /// hashes, so that the same seed gives the same run.
    private static final class Bag<T> {
        private @Nullable T first;
        private int firstCount;
        private @Nullable Map<T, Integer> others;

        void add(T value) {
            if (first == null) {
                first = value;
                firstCount = 1;
            } else if (first.equals(value)) {
                firstCount++;
            } else {
                if (others == null) {
                    others = new LinkedHashMap<>();
                }
                others.merge(value, 1, Integer::sum);
            }
        }

        boolean remove(T value) {
            if (value.equals(first)) {
                firstCount--;
                if (firstCount == 0) {
                    promote();
                }
                return true;
            }
            Integer count = others == null ? null : others.get(value);
            if (others == null || count == null) {
                return false;
            }
            if (count > 1) {
                others.put(value, count - 1);
                return true;
            }
            others.remove(value);
            if (others.isEmpty()) {
                others = null;
            }
            return true;
        }

        /// The oldest of the others takes the place of the first.
        private void promote() {
            first = null;
            if (others == null) {
                return;
            }
            Map.Entry<T, Integer> next = others.entrySet().iterator().next();
            first = next.getKey();
            firstCount = next.getValue();
            others.remove(first);
            if (others.isEmpty()) {
                others = null;
            }
        }

        boolean isEmpty() {
            return first == null;
        }

        void forEach(Consumer<? super T> each) {
            if (first == null) {
                return;
            }
            for (int i = firstCount; i > 0; i--) {
                each.accept(first);
            }
            if (others != null) {
                others.forEach((value, count) -> {
                    for (int i = count; i > 0; i--) {
                        each.accept(value);
                    }
                });
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
                node = node.childOrNew(segment);
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
        Node<T> child = wildcard ? node.any : node.child(segment);
        if (child == null || !remove(child, pattern, depth + 1, value)) {
            return false;
        }
        if (child.isEmpty()) {
            if (wildcard) {
                node.any = null;
            } else {
                node.drop(segment);
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
        if (node.hasChildren()) {
            Node<T> child = node.child(path.substring(at + 1, to));
            if (child != null) {
                match(child, path, to, each);
            }
        }
        if (node.any != null) {
            match(node.any, path, to, each);
        }
    }
}
