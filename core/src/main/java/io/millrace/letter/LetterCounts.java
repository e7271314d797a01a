package io.millrace.letter;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// How many dead letters there are, and what became of the others since the data folder was made.
///
/// Exact across restarts: what became of letters is recorded together with that.
///
/// @param kept that can be searched now
/// @param ended how many went for each reason; every reason is in it
public record LetterCounts(long kept, Map<LetterEnd, Long> ended) {
    public LetterCounts {
        EnumMap<LetterEnd, Long> all = new EnumMap<>(LetterEnd.class);
        for (LetterEnd end : LetterEnd.values()) {
            all.put(end, ended.getOrDefault(end, 0L));
        }
        ended = Map.copyOf(all);
    }

    /// How many went for that reason.
    public long ended(LetterEnd end) {
        return ended.getOrDefault(end, 0L);
    }

    LetterCounts plus(LetterEnd end, int count) {
        EnumMap<LetterEnd, Long> sum = new EnumMap<>(LetterEnd.class);
        sum.putAll(ended);
        sum.merge(end, (long) count, Long::sum);
        return new LetterCounts(kept, sum);
    }

    /// As it is recorded: `resubmitted=3,discarded=0,…`. What is kept is known without.
    String recorded() {
        List<String> parts = new ArrayList<>();
        for (LetterEnd end : LetterEnd.values()) {
            parts.add(end.slug() + "=" + ended(end));
        }
        return String.join(",", parts);
    }

    static LetterCounts ofRecorded(String recorded) {
        EnumMap<LetterEnd, Long> ended = new EnumMap<>(LetterEnd.class);
        for (LetterEnd end : LetterEnd.values()) {
            for (String part : recorded.split(",", -1)) {
                if (part.startsWith(end.slug() + "=")) {
                    ended.put(end, Long.valueOf(part.substring(end.slug().length() + 1)));
                }
            }
        }
        return new LetterCounts(0, ended);
    }
}
