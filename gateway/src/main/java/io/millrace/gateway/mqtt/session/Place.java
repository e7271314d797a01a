package io.millrace.gateway.mqtt.session;

import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Where a session stands in a partition that it does not follow live. Owned by the session's
/// thread.
final class Place {
    private final PartitionName partition;
    private final ArrayDeque<StoredEvent> ahead = new ArrayDeque<>();

    /// Where reading goes on, behind what is ahead.
    private long next;

    boolean isReading;

    /// Whether what is being read was asked for before a subscription came that may want more of
    /// it.
    boolean isStale;

    /// Whether nothing was there when it was read last.
    boolean isDry;

    /// From which offset on live events were left out; they cannot be relied on before it is told
    /// how far that goes. -1 for none.
    private long tornAt = -1;

    /// Whether it was read beyond what has been handed over live, which it ignores until then.
    boolean isAhead;

    Place(PartitionName partition, long next) {
        this.partition = partition;
        this.next = next;
    }

    /// Live events from an offset on were left out.
    void torn(long fromOffset) {
        tornAt = fromOffset;
        isAhead = false;
        isDry = false;
    }

    /// Whether it is not known yet how many were left out.
    boolean isTorn(long dispatched) {
        return dispatched <= tornAt;
    }

    PartitionName partition() {
        return partition;
    }

    long next() {
        return next;
    }

    /// The first offset that has not been sent.
    long offset() {
        StoredEvent first = ahead.peek();
        return first == null ? next : first.offset();
    }

    @Nullable StoredEvent peek() {
        return ahead.peek();
    }

    void take() {
        ahead.remove();
    }

    /// What was taken cannot be sent yet.
    void putBack(StoredEvent event) {
        ahead.addFirst(event);
    }

    /// A piece of the log was read.
    void read(Iterable<StoredEvent> events, long behind) {
        events.forEach(ahead::add);
        isDry = ahead.isEmpty();
        next = behind;
    }
}
