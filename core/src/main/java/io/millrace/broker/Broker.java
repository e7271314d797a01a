package io.millrace.broker;

import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.router.Tail;
import io.millrace.security.Principal;
import io.millrace.stream.Start;
import io.millrace.stream.StoredEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The one front door: everything that a gateway, a connector or a query asks of the broker, it
/// asks here.
///
/// Thread-safe. [#publish] never blocks and answers through its reply; the other methods may wait
/// for the disk and belong on a virtual thread.
public final class Broker implements AutoCloseable {
    /// Publishes events, all of them or none.
    ///
    /// What is wrong with the request is thrown at once; the reply hears of the rest.
    ///
    /// @param publications at least one
    /// @throws MillraceException CONTEXT_INVALID, CONTEXT_MISSING, CONTEXT_RESERVED, FORBIDDEN,
    ///   EVENT_TOO_LARGE, OVERLOADED, SHUTTING_DOWN; in a batch the field names the member, as in
    ///   `[3].source`
    public void publish(Principal principal, List<Publication> publications, PublishReply reply) {
        throw new UnsupportedOperationException();
    }

    /// Reads a stream's history, waiting for events if there are none yet and the request says so.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND, PARTITION_NOT_FOUND, OFFSET_OUT_OF_RANGE,
    ///   PARTITION_CORRUPT, FORBIDDEN
    public ReadResult read(Principal principal, ReadRequest request) throws InterruptedException {
        throw new UnsupportedOperationException();
    }

    /// Follows contexts.
    public Tail tail(Principal principal, ContextPattern pattern, Start start) {
        throw new UnsupportedOperationException();
    }

    /// The status of one stream.
    public StreamStatus status(Principal principal, String stream) {
        throw new UnsupportedOperationException();
    }

    /// The status of all streams, by name.
    public List<StreamStatus> status(Principal principal) {
        throw new UnsupportedOperationException();
    }

    /// The children of a context, by name, at most `limit`, those behind `after`.
    public ContextListing contexts(
            Principal principal, Context parent, int limit, @Nullable String after) {
        throw new UnsupportedOperationException();
    }

    /// The newest event of exactly this context, or `null` if none is known.
    public @Nullable StoredEvent latest(Principal principal, Context context) {
        throw new UnsupportedOperationException();
    }

    /// How many contexts are known.
    public int contextCount() {
        throw new UnsupportedOperationException();
    }

    /// Events recorded since the server started.
    public long publishedCount() {
        throw new UnsupportedOperationException();
    }

    /// Partitions that take no more events, with their reasons, as `stream/partition: reason`.
    public List<String> failures() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
