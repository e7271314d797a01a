package io.millrace.example.stadium;

import java.util.Map;

/// What happened to a ticket, as it travels.
record TicketEvent(Kind kind, Ticket ticket) {
    enum Kind {
        SOLD("io.arena.ticket.sold"),
        CANCELLED("io.arena.ticket.cancelled");

        private final String type;

        Kind(String type) {
            this.type = type;
        }

        /// The type of the CloudEvent.
        String type() {
            return type;
        }

        static Kind of(String type) {
            for (Kind kind : values()) {
                if (kind.type.equals(type)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no event of the arena has the type " + type);
        }
    }

    /// As a CloudEvent in the JSON format. Its id depends on nothing but what happened, so that
    /// publishing it twice is publishing it once. The source is a context: there it is published.
    String toCloudEvent() {
        return """
        {"specversion":"1.0","id":"%s-%s","source":"/org/arena/stand/%s/sales","type":"%s",\
        "subject":"%s","datacontenttype":"application/json","data":%s}\
        """
                .formatted(
                        ticket.id(),
                        kind,
                        ticket.stand(),
                        kind.type(),
                        ticket.id(),
                        ticket.toJson());
    }

    /// Reads a CloudEvent in the JSON format.
    ///
    /// @throws IllegalArgumentException if it is none of these
    static TicketEvent of(Map<String, Object> event) {
        return new TicketEvent(
                Kind.of(Json.textIn(event, "type")), Ticket.of(Json.objectIn(event, "data")));
    }
}
