package io.millrace.query.sink;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where results of a query go. Immutable; travels to wherever the query runs.
///
/// @param door the engine, see `Doors`
/// @param query what events are recognised by: name and incarnation
/// @param reached pattern of all contexts that results may go to
/// @param writtenFrom offsets of those partitions when the query began, by feed: before them there
///   is nothing of it
public record SinkPlan(String door, String query, String reached, Map<String, Long> writtenFrom)
        implements Serializable {
    /// A text with columns in it, see `ColumnTemplate`.
    ///
    /// @param texts around the columns, one more than there are columns
    /// @param columns by their positions
    public record Text(List<String> texts, List<Integer> columns) implements Serializable {}

    /// What makes an event of a row.
    ///
    /// @param timeColumn whose value is the event's time; -1 for none
    /// @param marksChanges whether events say which kind of change they are
    public record EventTexts(
            Text context,
            Text type,
            Text source,
            @Nullable Text subject,
            @Nullable Text partitionKey,
            int timeColumn,
            boolean marksChanges)
            implements Serializable {}
}
