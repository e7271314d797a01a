package io.millrace.group;

import io.millrace.event.ContextPattern;
import io.millrace.stream.StoredEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a group treats each event. Immutable, for any thread; the same event always gets the same
/// answers.
public interface EventRules {
    /// Contexts that the group has to do with; `null` for all that is in its partitions.
    @Nullable ContextPattern pattern();

    /// The extensions without which every event of those contexts is treated alike: wanted, without
    /// a key, to be given out at once, and of use for ever. `null` if other things count as well.
    @Nullable List<String> decisiveExtensions();

    /// Whether the group wants an event of such a context.
    boolean wants(StoredEvent event);

    /// Hash of the key within which there is an order; 0 for none.
    long key(StoredEvent event);

    /// When it may be given out at the earliest, in milliseconds since 1970; 0 for at once.
    long dueMillis(StoredEvent event);

    /// When it is of no use any more; [Long#MAX_VALUE] for never.
    long expiryMillis(StoredEvent event);
}
