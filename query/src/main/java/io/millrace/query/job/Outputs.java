package io.millrace.query.job;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.query.sink.ContextSink;
import io.millrace.query.sink.LateSink;
import io.millrace.query.sink.ResultRows;
import io.millrace.query.sink.SinkPlan;
import io.millrace.query.sink.ViewSink;
import io.millrace.resource.ColumnTemplate;
import io.millrace.resource.QueryOutput;
import io.millrace.resource.QueryResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.jspecify.annotations.Nullable;

/// Makes sinks of what a resource says of its output.
final class Outputs {
    /// Columns that say when a result happened, the first that is there.
    private static final List<String> TIMES = List.of("event_time", "window_time", "window_end");

    private final String door;
    private final QueryResource query;
    private final String mark;
    private final Map<String, Long> written;

    /// @param incarnation of the query
    /// @param written offsets when it began, of all partitions that it may write to
    Outputs(String door, QueryResource query, int incarnation, Map<String, Long> written) {
        this.door = door;
        this.query = query;
        this.mark = query.name() + "." + Integer.toString(incarnation, 36);
        this.written = written;
    }

    /// A pattern of all contexts that results may go to.
    static String reached(QueryOutput output) {
        if (!(output instanceof QueryOutput.ToContext to)) {
            return "/**";
        }
        String beginning = to.context().texts().getFirst();
        if (to.context().columns().isEmpty()) {
            return beginning;
        }
        String parent = beginning.substring(0, beginning.lastIndexOf('/'));
        return parent + "/**";
    }

    @Nullable LateSink late() {
        var context = query.eventTime().lateContext();
        return context == null
                ? null
                : new LateSink(new SinkPlan(door, mark, context.path(), written), context.path());
    }

    /// @throws MillraceException QUERY_INVALID naming the field of the output
    Sink<RowData> sink(ResultRows rows, boolean changesRows) {
        return switch (query.output()) {
            case QueryOutput.ToContext to ->
                    new ContextSink(
                            new SinkPlan(door, mark, reached(to), written),
                            new SinkPlan.EventTexts(
                                    text(rows, "output.context", to.context()),
                                    text(rows, "output.type", to.type()),
                                    text(rows, "output.source", to.source()),
                                    optional(rows, "output.subject", to.subject()),
                                    optional(rows, "output.partitionKey", to.partitionKey()),
                                    time(rows),
                                    changesRows),
                            rows);
            case QueryOutput.ToView(String view, ColumnTemplate key) -> {
                if (key == null) {
                    throw new MillraceException(
                            ErrorCode.QUERY_INVALID,
                            "output.key",
                            "is needed, such as \"{%s}\": it says which row of the view a result is"
                                    .formatted(rows.type().getFieldNames().getFirst()));
                }
                yield new ViewSink(
                        door, view, query.name(), text(rows, "output.key", key), time(rows), rows);
            }
        };
    }

    private static int time(ResultRows rows) {
        for (String name : TIMES) {
            int column = rows.type().getFieldIndex(name);
            if (column >= 0
                    && rows.type().getTypeAt(column).getTypeRoot()
                            == LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE) {
                return column;
            }
            if (column >= 0
                    && rows.type().getTypeAt(column).getTypeRoot()
                            == LogicalTypeRoot.TIMESTAMP_WITHOUT_TIME_ZONE) {
                return column;
            }
        }
        return -1;
    }

    private static SinkPlan.@Nullable Text optional(
            ResultRows rows, String field, @Nullable ColumnTemplate template) {
        return template == null ? null : text(rows, field, template);
    }

    private static SinkPlan.Text text(ResultRows rows, String field, ColumnTemplate template) {
        List<Integer> columns = new ArrayList<>();
        for (String name : template.columns()) {
            int column = rows.type().getFieldIndex(name);
            if (column < 0) {
                throw new MillraceException(
                        ErrorCode.QUERY_INVALID,
                        field,
                        "names the column %s, but the result has %s"
                                .formatted(name, String.join(", ", rows.type().getFieldNames())));
            }
            columns.add(column);
        }
        return new SinkPlan.Text(new ArrayList<>(template.texts()), columns);
    }
}
