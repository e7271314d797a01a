package io.millrace.query.sink;

import io.millrace.broker.query.QueryViews;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.query.door.Doors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.data.RowData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes rows into a view. A checkpoint waits until they are on disk; what comes again after a
/// restart is the same for the view. To run with one writer.
///
/// A row that goes is held back for a moment. Mostly it comes again at once, changed, and readers
/// are not to see the gap between. Where a filter takes the changed row, as with `WHERE people = 0`
/// over the latest of each room, nothing comes again: the old value before the update is all there
/// is to tell that the row has left.
public final class ViewSink implements Sink<RowData> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(ViewSink.class);

    /// Longer than an old value and its new one lie apart on their way through the network buffers.
    private static final long HOLD_MILLIS = 150;

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
        return new Writer(
                context.metricGroup().getNumRecordsSendCounter(),
                context.getProcessingTimeService());
    }

    private final class Writer implements SinkWriter<RowData> {
        private final QueryViews.Writer target = Doors.of(door).views().writer(view, query);
        private final Counter sent;
        private final ProcessingTimeService timers;

        /// Keys of rows that have gone and not come again yet, with their times.
        private final Map<String, Long> leaving = new LinkedHashMap<>();

        /// When these are let go.
        private long due;

        Writer(Counter sent, ProcessingTimeService timers) {
            this.sent = sent;
            this.timers = timers;
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
            switch (row.getRowKind()) {
                case INSERT, UPDATE_AFTER -> {
                    leaving.remove(name);
                    byte[] json = rows.json(row).toString().getBytes(StandardCharsets.UTF_8);
                    target.upsert(name, Bytes.wrap(json), time);
                    sent.inc();
                }
                case UPDATE_BEFORE, DELETE -> hold(name, time);
            }
        }

        private void hold(String name, long time) {
            if (leaving.isEmpty()) {
                due = timers.getCurrentProcessingTime() + HOLD_MILLIS;
                var _ = timers.registerTimer(due, this::letGo);
            }
            leaving.put(name, time);
        }

        /// A timer of rows that a checkpoint has let go already is nothing to those of now.
        private void letGo(long moment) {
            if (moment >= due) {
                letGo();
            }
        }

        private void letGo() {
            leaving.forEach((name, time) -> {
                target.delete(name, time);
                sent.inc();
            });
            leaving.clear();
        }

        @Override
        public void flush(boolean endOfInput) {
            letGo();
            target.flush();
        }

        /// What has not been flushed comes again after a restart. An exception here would end
        /// Flink's TaskManager with all of its other jobs.
        @Override
        public void close() {
            try {
                target.close();
            } catch (MillraceException e) {
                LOG.warn("The view {} was not closed as it should be: {}", view, e.getMessage());
            }
        }
    }
}
