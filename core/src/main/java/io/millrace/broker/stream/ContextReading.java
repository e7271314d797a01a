package io.millrace.broker.stream;

import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.log.EventRecords;
import io.millrace.log.LogRecord;
import io.millrace.shard.Partition;
import io.millrace.stream.ContextNode;
import io.millrace.stream.ContextTable;
import io.millrace.stream.Receipt;
import io.millrace.stream.StoredEvent;
import io.millrace.stream.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The tree of contexts for people to look at. Thread-safe.
public final class ContextReading {
    private final ContextTable contexts;
    private final StreamSet streams;

    public ContextReading(ContextTable contexts, StreamSet streams) {
        this.contexts = contexts;
        this.streams = streams;
    }

    public ContextListing list(Context parent, int limit, @Nullable String after) {
        ContextNode node = contexts.find(parent);
        if (node == null) {
            return new ContextListing(parent.path(), 0, List.of());
        }
        List<ContextListing.Child> children = new ArrayList<>();
        for (ContextNode child : contexts.children(node, limit, after)) {
            ContextTable.Sum sum = contexts.sum(child);
            String path = child.context().path();
            children.add(
                    new ContextListing.Child(
                            path.substring(path.lastIndexOf('/') + 1),
                            path,
                            contexts.childCount(child),
                            sum.contexts(),
                            sum.published(),
                            latest(child)));
        }
        return new ContextListing(parent.path(), contexts.childCount(node), children);
    }

    public @Nullable StoredEvent latest(Context context) {
        ContextNode node = contexts.find(context);
        return node == null ? null : latest(node);
    }

    private @Nullable StoredEvent latest(ContextNode node) {
        return switch (node.newest()) {
            case null -> null;
            case StoredEvent kept -> kept;
            case ContextNode.Place place -> readBack(node, place);
        };
    }

    private @Nullable StoredEvent readBack(ContextNode node, ContextNode.Place place) {
        Receipt receipt = place.receipt();
        Stream stream = streams.named(receipt.stream());
        if (stream == null || receipt.partition() >= stream.partitions().size()) {
            return null;
        }
        Partition partition = stream.partitions().get(receipt.partition());
        AtomicReference<@Nullable StoredEvent> found = new AtomicReference<>();
        try {
            partition
                    .log()
                    .read(receipt.offset(), 1)
                    .forEach(record -> {
                        if (record.offset() == receipt.offset()) {
                            found.set(stored(partition, receipt, record));
                        }
                    });
        } catch (MillraceException _) {
            // Retention took it, or it is damaged: reading the stream tells which.
            return null;
        }
        StoredEvent event = found.get();
        if (event == null || !event.context().equals(node.context())) {
            // Compacted away, or of an earlier stream of that name.
            return null;
        }
        contexts.readBack(node, place, event);
        return event;
    }

    private static StoredEvent stored(Partition partition, Receipt receipt, LogRecord record) {
        EventRecords.Recorded recorded = EventRecords.decode(record, partition.origin());
        return new StoredEvent(
                receipt.stream(),
                receipt.partition(),
                receipt.offset(),
                record.timestampMillis(),
                recorded.context(),
                recorded.event(),
                recorded.retain());
    }
}
