package io.millrace.query.remote;

import io.millrace.broker.query.QueryGround;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.log.EventRecords;

/// Publishes results in one name.
final class RemoteEvents implements QueryGround.Publishing {
    private final Outbox outbox;

    /// Takes the name over.
    RemoteEvents(ServerCalls calls, String writer) {
        this.outbox = new Outbox(calls, writer, "events", "");
    }

    @Override
    public void publish(String context, Event event, QueryGround.Stored stored) {
        outbox.add(
                EventRecords.encodeAsIs(event, Context.of(context), false),
                problem -> {
                    if (problem == null) {
                        stored.stored();
                    } else {
                        stored.failed(problem);
                    }
                });
    }

    @Override
    public void close() {
        outbox.close();
    }
}
