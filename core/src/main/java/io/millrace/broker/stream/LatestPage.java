package io.millrace.broker.stream;

import io.millrace.event.Context;
import io.millrace.stream.StoredEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some of the [Latest] events.
///
/// @param events none only if there are no more at all
/// @param next where the next page begins; `null` if this is the last. A last page may be empty
public record LatestPage(List<StoredEvent> events, @Nullable Context next) {
    public LatestPage {
        events = List.copyOf(events);
    }
}
