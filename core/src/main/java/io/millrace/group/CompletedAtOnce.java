package io.millrace.group;

import io.millrace.cursor.CursorRecord;
import java.util.List;

/// Settles what is just given out, for consumers that want each event at most once. The shard's
/// thread.
final class CompletedAtOnce {
    private final GroupCursor cursor;

    CompletedAtOnce(GroupCursor cursor) {
        this.cursor = cursor;
    }

    void settle(List<Leased> taken) {
        List<Long> offsets = taken.stream().map(leased -> leased.event().offset()).toList();
        cursor.apply(new CursorRecord.Settled(offsets));
        cursor.group().countSettled(offsets.size());
    }
}
