package io.millrace.query.sql;

import io.millrace.query.source.SourceColumn;
import java.util.List;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;

/// Some of the columns of what was read for several scans. Rows are new ones, as others look at the
/// same row. Used by one task.
final class ColumnChoice implements MapFunction<RowData, RowData> {
    private static final long serialVersionUID = 1;

    private final RowData.FieldGetter[] getters;

    ColumnChoice(List<SourceColumn> all, List<SourceColumn> wanted) {
        getters =
                wanted.stream()
                        .map(column ->
                                RowData.createFieldGetter(column.type(), all.indexOf(column)))
                        .toArray(RowData.FieldGetter[]::new);
    }

    @Override
    public RowData map(RowData row) {
        GenericRowData chosen = new GenericRowData(getters.length);
        for (int i = 0; i < getters.length; i++) {
            chosen.setField(i, getters[i].getFieldOrNull(row));
        }
        chosen.setRowKind(row.getRowKind());
        return chosen;
    }
}
