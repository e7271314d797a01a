package io.millrace.query.source;

import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.types.RowKind;

/// Events that are not among the rows of their table, as rows: they go from the reader to the
/// [LateGate] that stands next to it in the same thread, and no further. No table has rows that say
/// what was before an update, so that kind is the mark.
final class LateRows {
    private LateRows() {}

    static RowData of(String feed, long offset, String reason) {
        return GenericRowData.ofKind(
                RowKind.UPDATE_BEFORE,
                StringData.fromString(feed),
                offset,
                StringData.fromString(reason));
    }

    static boolean isLate(RowData row) {
        return row.getRowKind() == RowKind.UPDATE_BEFORE;
    }

    static LateEvent event(RowData row) {
        return new LateEvent(
                row.getString(0).toString(), row.getLong(1), row.getString(2).toString());
    }
}
