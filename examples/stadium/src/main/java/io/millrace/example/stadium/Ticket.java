package io.millrace.example.stadium;

import java.util.Map;

/// A seat for a match.
///
/// @param id chosen by who buys it, so that buying it twice is buying it once
/// @param stand where the seat is; also where the sale is published
/// @param customer who bought it
/// @param cents what was paid
record Ticket(String id, String stand, String customer, long cents) {
    private static final String PLAIN = "[A-Za-z0-9-]{1,40}";

    Ticket {
        if (!id.matches(PLAIN) || !stand.matches(PLAIN) || !customer.matches(PLAIN)) {
            throw new IllegalArgumentException(
                    "id, stand and customer must be letters, digits and hyphens");
        }
        if (cents < 0) {
            throw new IllegalArgumentException("cents must not be negative");
        }
    }

    /// @throws IllegalArgumentException if something is missing or wrong
    static Ticket of(String json) {
        Map<String, Object> members = Json.object(json);
        return of(members);
    }

    static Ticket of(Map<String, Object> members) {
        return new Ticket(
                Json.textIn(members, "ticket"),
                Json.textIn(members, "stand"),
                Json.textIn(members, "customer"),
                Long.parseLong(Json.textIn(members, "cents")));
    }

    String toJson() {
        return "{\"ticket\":%s,\"stand\":%s,\"customer\":%s,\"cents\":%d}"
                .formatted(Json.quote(id), Json.quote(stand), Json.quote(customer), cents);
    }
}
