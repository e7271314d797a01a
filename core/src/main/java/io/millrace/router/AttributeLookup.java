package io.millrace.router;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Buckets by what one attribute's text is, begins with or ends with. A text is looked up once, and
/// once more for each length that a beginning or an end has, up to its own. Owned by the index's
/// thread.
final class AttributeLookup<T> {
    private final Map<String, InterestBucket<T>> whole = new HashMap<>(2);

    /// By length, then by text.
    private final NavigableMap<Integer, Map<String, InterestBucket<T>>> beginnings =
            new TreeMap<>();

    private final NavigableMap<Integer, Map<String, InterestBucket<T>>> ends = new TreeMap<>();

    boolean isEmpty() {
        return whole.isEmpty() && beginnings.isEmpty() && ends.isEmpty();
    }

    @Nullable InterestBucket<T> find(Condition condition) {
        String text = condition.text();
        Map<String, InterestBucket<T>> buckets =
                switch (condition.comparison()) {
                    case EXACT -> whole;
                    case PREFIX -> beginnings.getOrDefault(text.length(), Map.of());
                    case SUFFIX -> ends.getOrDefault(text.length(), Map.of());
                };
        return buckets.get(text);
    }

    /// Puts an empty bucket where [#find] has found none.
    InterestBucket<T> create(Condition condition) {
        String text = condition.text();
        Map<String, InterestBucket<T>> buckets =
                switch (condition.comparison()) {
                    case EXACT -> whole;
                    case PREFIX -> beginnings.computeIfAbsent(text.length(), _ -> new HashMap<>(2));
                    case SUFFIX -> ends.computeIfAbsent(text.length(), _ -> new HashMap<>(2));
                };
        InterestBucket<T> bucket = new InterestBucket<>(condition);
        buckets.put(text, bucket);
        return bucket;
    }

    void drop(Condition condition) {
        switch (condition.comparison()) {
            case EXACT -> whole.remove(condition.text());
            case PREFIX -> drop(beginnings, condition.text());
            case SUFFIX -> drop(ends, condition.text());
        }
    }

    private void drop(Map<Integer, Map<String, InterestBucket<T>>> lengths, String text) {
        Map<String, InterestBucket<T>> buckets = lengths.get(text.length());
        if (buckets != null) {
            buckets.remove(text);
            if (buckets.isEmpty()) {
                lengths.remove(text.length());
            }
        }
    }

    /// Hands over the buckets whose conditions the text fulfils.
    void visit(String text, Consumer<InterestBucket<T>> each) {
        InterestBucket<T> exact = whole.get(text);
        if (exact != null) {
            each.accept(exact);
        }
        if (!beginnings.isEmpty()) {
            beginnings
                    .headMap(text.length(), true)
                    .forEach((length, buckets) -> visit(buckets, text.substring(0, length), each));
        }
        if (!ends.isEmpty()) {
            ends.headMap(text.length(), true)
                    .forEach((length, buckets) ->
                            visit(buckets, text.substring(text.length() - length), each));
        }
    }

    private void visit(
            Map<String, InterestBucket<T>> buckets, String part, Consumer<InterestBucket<T>> each) {
        InterestBucket<T> bucket = buckets.get(part);
        if (bucket != null) {
            each.accept(bucket);
        }
    }
}
