package io.millrace.broker;

import io.millrace.broker.query.QueryGround;
import io.millrace.error.MillraceException;
import io.millrace.event.Event;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import java.util.List;

/// Publishes what queries give, as the server itself. Thread-safe.
record QueryPublishing(Door door) implements QueryGround.Publishing {
    /// As [Broker#publish].
    @FunctionalInterface
    interface Door {
        void publish(Principal principal, List<Publication> publications, PublishReply reply);
    }

    /// Passes on what became of an event.
    private record Reply(QueryGround.Stored stored) implements PublishReply {
        @Override
        public void stored(List<Receipt> receipts) {
            stored.stored();
        }

        @Override
        public void failed(MillraceException problem) {
            stored.failed(problem);
        }
    }

    @Override
    public void publish(String context, Event event, QueryGround.Stored stored) {
        door.publish(Principal.LOCAL, List.of(new Publication(context, event)), new Reply(stored));
    }
}
