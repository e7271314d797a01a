package io.millrace.query.sink;

import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/// Fills columns into texts.
final class Texts {
    private Texts() {}

    /// @return `null` if one of the columns has no value
    static @Nullable String fill(SinkPlan.Text template, ResultRows rows, RowData row) {
        if (template.columns().isEmpty()) {
            return template.texts().getFirst();
        }
        StringBuilder filled = new StringBuilder(template.texts().getFirst());
        for (int i = 0; i < template.columns().size(); i++) {
            String value = rows.text(row, template.columns().get(i));
            if (value == null) {
                return null;
            }
            filled.append(value).append(template.texts().get(i + 1));
        }
        return filled.toString();
    }
}
