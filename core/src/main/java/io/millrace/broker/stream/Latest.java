package io.millrace.broker.stream;

import io.millrace.event.Context;
import io.millrace.security.Principal;
import io.millrace.stream.StoredEvent;
import org.jspecify.annotations.Nullable;

/// The newest event of each context, and the retained one, see [io.millrace.log.Retain]. Events
/// that the log has no longer, by retention or compaction, are as if they had never been.
///
/// Thread-safe. May wait for the disk: for virtual threads.
public interface Latest {
    /// The newest event of exactly this context, or `null` if none is known. Soon after a start it
    /// may be missing.
    ///
    /// @throws io.millrace.error.MillraceException FORBIDDEN
    @Nullable StoredEvent newest(Principal principal, Context context);

    /// The children of a context, by name, at most `limit`, those behind `after`, with their newest
    /// events. Soon after a start some may be missing.
    ///
    /// @throws io.millrace.error.MillraceException FORBIDDEN
    ContextListing children(Principal principal, Context parent, int limit, @Nullable String after);

    /// The events of contexts that a pattern covers, one of each: a page of them, each context
    /// before those below it, those side by side by name. Waits after a start until all contexts
    /// are known. What is published while somebody turns the pages is on them or not; every other
    /// event is there once.
    ///
    /// @throws io.millrace.error.MillraceException FORBIDDEN, SHUTTING_DOWN
    LatestPage page(Principal principal, LatestRequest request);
}
