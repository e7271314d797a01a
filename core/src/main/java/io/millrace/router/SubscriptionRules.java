package io.millrace.router;

import io.millrace.event.AttributeValue.TimestampValue;
import io.millrace.event.ContextPattern;
import io.millrace.event.Timestamp;
import io.millrace.event.filter.EventView;
import io.millrace.group.EventRules;
import io.millrace.group.KeyHash;
import io.millrace.stream.StoredEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a subscription treats events.
///
/// @param isOrdered whether events of one `partitionkey`, or else of one context, are delivered one
///   at a time
public record SubscriptionRules(Interest interest, boolean isOrdered) implements EventRules {
    private static final String EXPIRY = "expirytime";

    @Override
    public @Nullable ContextPattern pattern() {
        return interest.pattern();
    }

    @Override
    public @Nullable List<String> decisiveExtensions() {
        return interest.isOfAll() && !isOrdered ? List.of(EXPIRY) : null;
    }

    @Override
    public boolean wants(StoredEvent event) {
        return interest.wants(event.context(), new EventView(event.event()));
    }

    @Override
    public long key(StoredEvent event) {
        if (!isOrdered) {
            return 0;
        }
        String key = event.event().partitionKey();
        return KeyHash.of(key == null ? event.context().path() : key);
    }

    @Override
    public long dueMillis(StoredEvent event) {
        return 0;
    }

    @Override
    public long expiryMillis(StoredEvent event) {
        return event.event().extensions().get(EXPIRY) instanceof TimestampValue(Timestamp time)
                ? time.instant().toEpochMilli()
                : Long.MAX_VALUE;
    }
}
