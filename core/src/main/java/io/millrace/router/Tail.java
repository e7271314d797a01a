package io.millrace.router;

import io.millrace.error.MillraceException;
import io.millrace.stream.StoredEvent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A reader of everything that a pattern covers: first history, from where it was told to start,
/// then live, without a gap or a repetition at the seam.
///
/// One thread calls [#next]; it should be a virtual one, since it waits. The others may be called
/// from anywhere.
public interface Tail extends AutoCloseable {
    /// An event and where to resume behind it.
    ///
    /// @param position `null` if the pattern reaches too many partitions to resume
    record Item(StoredEvent event, @Nullable String position) {}

    /// Waits for events.
    ///
    /// @return at least one event, or none after `wait`
    /// @throws MillraceException SLOW_CONSUMER if events came faster than they were taken for too
    ///   long; the tail is closed then
    /// @throws MillraceException PARTITION_CORRUPT or SHUTTING_DOWN
    List<Item> next(Duration wait) throws InterruptedException;

    /// Whether the reader has fallen too far behind, so that [#next] is going to throw.
    boolean overrun();

    /// Whether items carry positions.
    boolean resumable();

    /// Where to resume now, also if no event came for a while; `null` if not [#resumable].
    @Nullable String position();

    @Override
    void close();
}
