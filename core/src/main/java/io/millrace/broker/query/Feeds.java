package io.millrace.broker.query;

import io.millrace.event.ContextPattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The streams as queries read them. Thread-safe.
public interface Feeds {
    /// All partitions that may hold events of a pattern, or of those only that one stream has.
    ///
    /// @param stream the only one that counts; `null` for all
    List<Feed> of(ContextPattern pattern, @Nullable String stream);

    /// Whether there is a stream of that name.
    boolean has(String stream);
}
