package io.millrace.router;

import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Who follows which patterns, asked by the mounts of streams. Owned by one thread.
///
/// Whether a mount is reached at all is remembered: producers' batches ask each time, and there may
/// be ten thousand patterns.
final class FollowedPatterns {
    private final Map<ContextPattern, List<LiveReader>> readers = new HashMap<>();
    private final Map<Context, Boolean> reached = new HashMap<>();

    void add(ContextPattern pattern, LiveReader reader) {
        readers.computeIfAbsent(pattern, _ -> new ArrayList<>(1)).add(reader);
        reached.replaceAll((mount, known) -> known || pattern.reaches(mount));
    }

    void remove(ContextPattern pattern, LiveReader reader) {
        List<LiveReader> all = readers.get(pattern);
        if (all != null && all.remove(reader) && all.isEmpty()) {
            readers.remove(pattern);
            reached.values().removeIf(known -> known);
        }
    }

    /// Whether some pattern reaches what is mounted there.
    boolean reach(Context mount) {
        if (readers.isEmpty()) {
            return false;
        }
        Boolean known = reached.get(mount);
        if (known == null) {
            known = readers.keySet().stream().anyMatch(pattern -> pattern.reaches(mount));
            reached.put(mount, known);
        }
        return known;
    }

    /// Everyone whose pattern reaches what is mounted there; once for each such pattern.
    void forEachReaching(Context mount, Consumer<LiveReader> each) {
        readers.forEach((pattern, all) -> {
            if (pattern.reaches(mount)) {
                all.forEach(each);
            }
        });
    }
}
