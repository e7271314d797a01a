package io.millrace.broker.stream;

import io.millrace.event.Context;
import io.millrace.stream.ContextNode;
import io.millrace.stream.ContextTable;
import io.millrace.stream.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tree of contexts for people to look at. Thread-safe.
public final class ContextReading {
    private final ContextTable contexts;
    private final EventsInPlace events;

    public ContextReading(ContextTable contexts, StreamSet streams) {
        this.contexts = contexts;
        this.events = new EventsInPlace(streams);
    }

    public ContextListing list(Context parent, int limit, @Nullable String after) {
        ContextNode node = contexts.find(parent);
        if (node == null) {
            return new ContextListing(parent.path(), 0, List.of());
        }
        List<ContextListing.Child> children = new ArrayList<>();
        for (ContextNode child : contexts.children(node, limit, after)) {
            ContextTable.Sum sum = contexts.sum(child);
            Context context = child.context();
            children.add(
                    new ContextListing.Child(
                            ContextTable.below(parent, context),
                            context.path(),
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
        ContextNode.Newest newest = node.newest();
        if (newest == null) {
            return null;
        }
        StoredEvent event = events.one(node.context(), newest);
        if (event != null && newest instanceof ContextNode.Place place) {
            contexts.readBack(node, place, event);
        }
        return event;
    }

    EventsInPlace events() {
        return events;
    }
}
