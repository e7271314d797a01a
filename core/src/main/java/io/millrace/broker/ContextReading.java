package io.millrace.broker;

import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.stream.ContextNode;
import io.millrace.stream.ContextTable;
import io.millrace.stream.HistoryReader;
import io.millrace.stream.Receipt;
import io.millrace.stream.StoredEvent;
import io.millrace.stream.Stream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tree of contexts for people to look at. Thread-safe.
final class ContextReading {
    private final ContextTable contexts;
    private final StreamSet streams;

    ContextReading(ContextTable contexts, StreamSet streams) {
        this.contexts = contexts;
        this.streams = streams;
    }

    ContextListing list(Context parent, int limit, @Nullable String after) {
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

    @Nullable StoredEvent latest(Context context) {
        ContextNode node = contexts.find(context);
        return node == null ? null : latest(node);
    }

    private @Nullable StoredEvent latest(ContextNode node) {
        StoredEvent kept = node.latest();
        ContextNode.Place place = node.latestPlace();
        return kept != null || place == null ? kept : readBack(place.receipt());
    }

    private @Nullable StoredEvent readBack(Receipt receipt) {
        Stream stream = streams.named(receipt.stream());
        if (stream == null || receipt.partition() >= stream.partitions().size()) {
            return null;
        }
        HistoryReader history = new HistoryReader();
        history.add(stream.partitions().get(receipt.partition()), receipt.offset(), null);
        try {
            List<StoredEvent> events = history.next(1);
            return events.isEmpty() ? null : events.getFirst();
        } catch (MillraceException _) {
            // Retention took it, or it is damaged: reading the stream tells which.
            return null;
        }
    }
}
