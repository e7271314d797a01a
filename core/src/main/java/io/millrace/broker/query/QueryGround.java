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
/// @param address where queries that run elsewhere reach this server
public record QueryGround(
        Path folder,
        Clock clock,
        Feeds feeds,
        Publishing publisher,
        QueryViews views,
        int eventBytesMax,
        ServerAddress address) {
    /// Publishes for queries. Never blocks.
    @FunctionalInterface
    public interface Publishing {
        /// @param context where the event goes
        /// @throws io.millrace.error.MillraceException as `Broker.publish` does; OVERLOADED means
        ///   that the same may be published later
        void publish(String context, Event event, Stored stored);

        /// Publishes in a name. What others have published in it before is stored when this
        /// returns, or never will be: so whoever reads back then finds everything.
        ///
        /// @param writer letters, digits, `.`, `_` and `-`
        default Publishing as(String writer) {
            return this;
        }

        /// Publishes no more. What is under way is broken off where others do it.
        default void close() {
            // The broker's stays open.
        }
    }

    /// Hears what became of an event, on a shard's thread, which must not be kept waiting.
    public interface Stored {
        /// It is as durable as its stream promises.
        void stored();

        void failed(MillraceException problem);
    }
}
