package io.millrace.broker.query;

import io.millrace.error.MillraceException;
import io.millrace.event.Event;
import io.millrace.io.Clock;
import java.nio.file.Path;

/// What a query engine stands on: the broker as queries see it.
///
/// @param folder of the engine's own; it may not be there yet
/// @param feeds the streams to read
/// @param publisher where results go
/// @param views where results of other queries go
/// @param eventBytesMax size of one event as it is stored, at most
public record QueryGround(
        Path folder,
        Clock clock,
        Feeds feeds,
        Publishing publisher,
        QueryViews views,
        int eventBytesMax) {
    /// Publishes for queries. Never blocks.
    @FunctionalInterface
    public interface Publishing {
        /// @param context where the event goes
        /// @throws io.millrace.error.MillraceException as `Broker.publish` does; OVERLOADED means
        ///   that the same may be published later
        void publish(String context, Event event, Stored stored);
    }

    /// Hears what became of an event, on a shard's thread, which must not be kept waiting.
    public interface Stored {
        /// It is as durable as its stream promises.
        void stored();

        void failed(MillraceException problem);
    }
}
