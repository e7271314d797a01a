package io.millrace.query.sink;

import io.millrace.broker.query.QueryViews;
import io.millrace.event.Bytes;
import io.millrace.query.door.Doors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;

/// Writes rows into a view. A checkpoint waits until they are on disk; what comes again after a
/// restart is the same for the view. To run with one writer.
public final class ViewSink implements Sink<RowData> {
    private static final long serialVersionUID = 1;

    private final String door;
    private final String view;
    private final String query;
    private final SinkPlan.Text key;
    private final int timeColumn;
    private final ResultRows rows;

    /// @param query its name, for whoever asks what fills the view
    /// @param timeColumn whose value is the time of the row; -1 for the clock's
    public ViewSink(
            String door,
            String view,
            String query,
            SinkPlan.Text key,
            int timeColumn,
            ResultRows rows) {
        this.door = door;
        this.view = view;
        this.query = query;
        this.key = key;
        this.timeColumn = timeColumn;
        this.rows = rows;
    }

    @Override
    public SinkWriter<RowData> createWriter(WriterInitContext context) {
        return new Writer(context.metricGroup().getNumRecordsSendCounter());
    }

    private final class Writer implements SinkWriter<RowData> {
        private final QueryViews.Writer target = Doors.of(door).views().writer(view, query);
        private final Counter sent;

        Writer(Counter sent) {
            this.sent = sent;
        }

        @Override
        public void write(RowData row, Context context) throws IOException {
            String name = Texts.fill(key, rows, row);
            if (name == null || name.isEmpty()) {
                throw new IOException(
                        "output.key: the row %s gives no value for it".formatted(rows.json(row)));
            }
            Instant moment = timeColumn < 0 ? null : rows.moment(row, timeColumn);
            long time =
                    moment == null ? Doors.of(door).clock().epochMillis() : moment.toEpochMilli();
            RowKind kind = row.getRowKind();
            if (kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER) {
                byte[] json = rows.json(row).toString().getBytes(StandardCharsets.UTF_8);
                target.upsert(name, Bytes.wrap(json), time);
                sent.inc();
            } else if (kind == RowKind.DELETE) {
                target.delete(name, time);
                sent.inc();
            }
        }

        @Override
        public void flush(boolean endOfInput) {
            target.flush();
        }

        @Override
        public void close() {
            try {
                target.flush();
            } finally {
                target.close();
            }
        }
    }
}
