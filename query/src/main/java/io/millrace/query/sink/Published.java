package io.millrace.query.sink;

import java.util.HashMap;
import java.util.Map;

/// Which results were written already that the last checkpoint does not know of: how often each.
///
/// After a restart a query makes them again, and each is left out as often as it is there. So a
/// result is written once, also where several rows are the same. Used by one thread.
final class Published {
    private final Map<String, Integer> times = new HashMap<>();

    void add(String mark) {
        times.merge(mark, 1, Integer::sum);
    }

    void addAll(Map<String, Integer> more) {
        more.forEach((mark, count) -> times.merge(mark, count, Integer::sum));
    }

    /// What has not been made again so far.
    Map<String, Integer> rest() {
        return Map.copyOf(times);
    }

    /// Whether that result is there already; counts it off.
    boolean remove(String mark) {
        if (times.isEmpty()) {
            return false;
        }
        Integer known = times.get(mark);
        if (known == null) {
            return false;
        }
        if (known == 1) {
            times.remove(mark);
        } else {
            times.put(mark, known - 1);
        }
        return true;
    }
}
