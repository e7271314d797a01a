package io.millrace.query.source;

import io.millrace.broker.query.QueryViews;
import io.millrace.query.door.Doors;
import io.millrace.view.ViewEntry;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.LookupFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks rows up in a view, by its key, as it is at that moment. Used by one thread.
public final class ViewLookup extends LookupFunction {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(ViewLookup.class);

    private final String door;
    private final String view;
    private final List<SourceColumn> columns;

    /// Columns that are compared, in the order of the values that are asked with.
    private final List<Integer> asked;

    private transient @Nullable EntryRows rows;
    private transient @Nullable QueryViews views;
    private transient boolean warned;

    /// @param columns of the rows
    /// @param asked positions of the columns by which rows are looked up; the key is one of them
    public ViewLookup(String door, String view, List<SourceColumn> columns, List<Integer> asked) {
        this.door = door;
        this.view = view;
        this.columns = List.copyOf(columns);
        this.asked = List.copyOf(asked);
    }

    @Override
    public void open(FunctionContext context) {
        rows = new EntryRows(columns);
        views = Doors.of(door).views();
    }

    @Override
    public Collection<RowData> lookup(RowData wanted) {
        String key = null;
        for (int i = 0; i < asked.size(); i++) {
            if (columns.get(asked.get(i)).kind() == SourceColumn.Kind.VIEW_KEY) {
                key = wanted.isNullAt(i) ? null : wanted.getString(i).toString();
            }
        }
        if (key == null || !ViewEntry.isKey(key)) {
            return List.of();
        }
        ViewEntry entry = Objects.requireNonNull(views).get(view, key);
        GenericRowData row = entry == null ? null : row(entry);
        return row == null || !fits(row, wanted) ? List.of() : List.of(row);
    }

    private @Nullable GenericRowData row(ViewEntry entry) {
        EntryRows made = Objects.requireNonNull(rows);
        GenericRowData row = made.row(entry);
        if (row == null && !warned) {
            warned = true;
            LOG.warn(
                    "A query takes the key {} of the view {}, and maybe others, as absent: {}",
                    entry.key(),
                    view,
                    made.problem());
        }
        return row;
    }

    /// Whether the other columns that are asked for are the same too.
    private boolean fits(GenericRowData row, RowData wanted) {
        for (int i = 0; i < asked.size(); i++) {
            SourceColumn column = columns.get(asked.get(i));
            if (column.kind() != SourceColumn.Kind.VIEW_KEY) {
                Object value = RowData.createFieldGetter(column.type(), i).getFieldOrNull(wanted);
                if (value == null || !value.equals(row.getField(asked.get(i)))) {
                    return false;
                }
            }
        }
        return true;
    }
}
