package io.millrace.broker.view;

import io.millrace.event.Bytes;
import io.millrace.event.filter.EventView;
import io.millrace.event.format.ByteSink;
import io.millrace.event.format.JsonFormat;
import io.millrace.resource.KeyTemplate;
import io.millrace.resource.Selection;
import io.millrace.router.Interest;
import io.millrace.stream.StoredEvent;
import io.millrace.view.ViewChange;
import io.millrace.view.ViewEntry;
import io.millrace.view.ViewOrigin;
import org.jspecify.annotations.Nullable;

/// What events mean for a view. Owned by one thread.
final class EventEntries {
    private final Interest interest;
    private final KeyTemplate template;
    private final JsonFormat format = new JsonFormat();
    private final ByteSink json = new ByteSink(1 << 10);
    private long skipped;

    EventEntries(Selection from, KeyTemplate template) {
        this.interest = new Interest(from.pattern(), from.types(), from.source(), from.filters());
        this.template = template;
    }

    /// Events so far that were wanted and had no key.
    long skipped() {
        return skipped;
    }

    /// The key of an event; `null` if it is not wanted, or counted because it has none.
    @Nullable String key(StoredEvent stored) {
        EventView view = new EventView(stored.event());
        if (!interest.wants(stored.context(), view)) {
            return null;
        }
        String key = template.of(stored.context(), view);
        if (key == null || !ViewEntry.isKey(key)) {
            skipped++;
            return null;
        }
        return key;
    }

    /// An event without data removes the key.
    ViewChange change(String key, StoredEvent stored) {
        if (stored.event().data() == null) {
            return ViewChange.delete(key, stored.recordedMillis());
        }
        json.clear();
        format.write(stored.event(), json);
        return ViewChange.put(
                new ViewEntry(
                        key,
                        Bytes.wrap(json.toArray()),
                        stored.recordedMillis(),
                        new ViewOrigin(
                                stored.context().path(),
                                stored.stream(),
                                stored.partition(),
                                stored.offset())));
    }
}
