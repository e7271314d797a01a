package io.millrace.query.sink;

import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.Timestamp;
import io.millrace.log.LogRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Makes events of rows and publishes each once. To run with one writer: the order of results is
/// theirs, and so are their numbers.
public final class ContextSink implements Sink<RowData>, SupportsWriterState<RowData, WrittenUpTo> {
    private static final long serialVersionUID = 1;

    private final SinkPlan plan;
    private final SinkPlan.EventTexts texts;
    private final ResultRows rows;

    public ContextSink(SinkPlan plan, SinkPlan.EventTexts texts, ResultRows rows) {
        this.plan = plan;
        this.texts = texts;
        this.rows = rows;
    }

    @Override
    public SinkWriter<RowData> createWriter(WriterInitContext context) throws IOException {
        return restoreWriter(context, List.of());
    }

    @Override
    public StatefulSinkWriter<RowData, WrittenUpTo> restoreWriter(
            WriterInitContext context, Collection<WrittenUpTo> states) throws IOException {
        Writer writer = new Writer(context);
        writer.events.restore(states.isEmpty() ? null : states.iterator().next(), writer::mark);
        return writer;
    }

    @Override
    public SimpleVersionedSerializer<WrittenUpTo> getWriterStateSerializer() {
        return new WrittenUpTo.Serializer();
    }

    private final class Writer implements StatefulSinkWriter<RowData, WrittenUpTo> {
        private final EventWriter events;
        private final Counter sent;
        private final String prefix = plan.query() + ".";

        Writer(WriterInitContext context) {
            this.events = new EventWriter(plan, context);
            this.sent = context.metricGroup().getNumRecordsSendCounter();
        }

        /// What is the same in an event that is made again: the beginning of its id.
        private @Nullable String mark(LogRecord record) {
            Bytes id = record.header("ce_id");
            if (id == null || id.length() < prefix.length()) {
                return null;
            }
            String text = id.toUtf8();
            int end = text.lastIndexOf('.');
            return text.startsWith(prefix) && end > prefix.length()
                    ? text.substring(prefix.length(), end)
                    : null;
        }

        @Override
        public void write(RowData row, Context context) throws IOException {
            if (row.getRowKind() == RowKind.UPDATE_BEFORE) {
                return;
            }
            ObjectNode data = rows.json(row);
            byte[] bytes = data.toString().getBytes(StandardCharsets.UTF_8);
            String path = required(texts.context(), row, "output.context");
            String change = change(row.getRowKind());
            String mark = digest(path, change, bytes);
            if (events.isPublished(mark)) {
                return;
            }
            EventBuilder event =
                    Event.builder()
                            .id(prefix + mark + "." + events.nextSequence())
                            .source(required(texts.source(), row, "output.source"))
                            .type(required(texts.type(), row, "output.type"))
                            .subject(text(texts.subject(), row))
                            .time(time(row))
                            .dataContentType("application/json")
                            .data(Bytes.wrap(bytes));
            String key = text(texts.partitionKey(), row);
            if (key != null) {
                event.extension("partitionkey", key);
            }
            if (texts.marksChanges()) {
                event.extension("change", change);
            }
            events.publish(path, event.build());
            sent.inc();
        }

        private static String change(RowKind kind) {
            return switch (kind) {
                case INSERT -> "insert";
                case UPDATE_BEFORE, UPDATE_AFTER -> "update";
                case DELETE -> "delete";
            };
        }

        private @Nullable Timestamp time(RowData row) {
            Instant moment = texts.timeColumn() < 0 ? null : rows.moment(row, texts.timeColumn());
            return moment == null ? null : Timestamp.of(moment);
        }

        private String required(SinkPlan.Text template, RowData row, String field)
                throws IOException {
            String text = text(template, row);
            if (text == null || text.isEmpty()) {
                throw new IOException(
                        "%s: the row %s gives no value for it".formatted(field, rows.json(row)));
            }
            return text;
        }

        private @Nullable String text(SinkPlan.@Nullable Text template, RowData row) {
            return template == null ? null : Texts.fill(template, rows, row);
        }

        @Override
        public void flush(boolean endOfInput) throws IOException {
            events.flush();
        }

        @Override
        public List<WrittenUpTo> snapshotState(long checkpoint) {
            return List.of(events.state());
        }

        @Override
        public void close() {
            events.close();
        }
    }

    private static String digest(String path, String change, byte[] data) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(path.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(change.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            byte[] whole = digest.digest(data);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(whole).substring(0, 22);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
