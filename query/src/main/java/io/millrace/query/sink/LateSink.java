package io.millrace.query.sink;

import io.millrace.broker.query.Feed;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.log.EventRecords;
import io.millrace.log.LogRecord;
import io.millrace.log.ReadBuffer;
import io.millrace.query.door.Doors;
import io.millrace.query.source.LateEvent;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/// Publishes what came too late in a context of its own: the event as it was, with the extensions
/// `latequery`, `latereason` and `lateorigin` (stream, partition and offset). Each once.
public final class LateSink
        implements Sink<LateEvent>, SupportsWriterState<LateEvent, WrittenUpTo> {
    private static final long serialVersionUID = 1;
    private static final String QUERY = "latequery";
    private static final String REASON = "latereason";
    private static final String ORIGIN = "lateorigin";

    private final SinkPlan plan;
    private final String context;

    /// @param context where they go
    public LateSink(SinkPlan plan, String context) {
        this.plan = plan;
        this.context = context;
    }

    @Override
    public SinkWriter<LateEvent> createWriter(WriterInitContext init) throws IOException {
        return restoreWriter(init, List.of());
    }

    @Override
    public StatefulSinkWriter<LateEvent, WrittenUpTo> restoreWriter(
            WriterInitContext init, Collection<WrittenUpTo> states) throws IOException {
        Writer writer = new Writer(init);
        writer.events.restore(states.isEmpty() ? null : states.iterator().next(), writer::mark);
        return writer;
    }

    @Override
    public SimpleVersionedSerializer<WrittenUpTo> getWriterStateSerializer() {
        return new WrittenUpTo.Serializer();
    }

    private final class Writer implements StatefulSinkWriter<LateEvent, WrittenUpTo> {
        private final EventWriter events;
        private final ReadBuffer buffer = ReadBuffer.reused(64 << 10);
        private final Map<String, Feed> known = new HashMap<>();

        Writer(WriterInitContext init) {
            this.events = new EventWriter(plan, init);
        }

        private @Nullable String mark(LogRecord record) {
            Bytes query = record.header(EventRecords.headerOf(QUERY));
            Bytes origin = record.header(EventRecords.headerOf(ORIGIN));
            return query == null || origin == null || !query.toUtf8().equals(plan.query())
                    ? null
                    : origin.toUtf8();
        }

        @Override
        public void write(LateEvent late, Context sinkContext) throws IOException {
            String origin = late.feed() + "/" + late.offset();
            if (events.isPublished(origin)) {
                return;
            }
            Event event = find(late);
            if (event == null) {
                // Retention was faster: there is nothing left to send.
                return;
            }
            EventBuilder copy =
                    Event.builder()
                            .id(event.id())
                            .source(event.source())
                            .type(event.type())
                            .subject(event.subject())
                            .time(event.time())
                            .dataContentType(event.dataContentType())
                            .dataSchema(event.dataSchema())
                            .data(event.data());
            event.extensions().forEach(copy::extension);
            copy.extension(QUERY, plan.query())
                    .extension(REASON, late.reason())
                    .extension(ORIGIN, origin);
            events.publish(context, copy.buildRecorded());
        }

        private @Nullable Event find(LateEvent late) {
            Feed feed = known.get(late.feed());
            if (feed == null) {
                Doors.of(plan.door())
                        .feeds()
                        .of(ContextPattern.of("/**"), null)
                        .forEach(each -> known.putIfAbsent(each.id(), each));
                feed = known.get(late.feed());
            }
            return feed == null ? null : read(feed, late.offset());
        }

        private @Nullable Event read(Feed feed, long offset) {
            AtomicReference<@Nullable Event> found = new AtomicReference<>();
            try {
                feed.read(offset, buffer)
                        .forEach(record -> {
                            if (record.offset() == offset) {
                                found.set(EventRecords.decode(record, feed.origin()).event());
                            }
                        });
            } catch (MillraceException _) {
                return null;
            }
            return found.get();
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
}
