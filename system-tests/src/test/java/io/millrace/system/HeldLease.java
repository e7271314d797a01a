package io.millrace.system;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/// A lease as a consumer gets it.
///
/// @param id of the job; of an event, where it is stored, as publishing again may store it again
/// @param event the event's own id
/// @param number of a job; empty without one
/// @param gotMillis when the answer was there
record HeldLease(
        String token,
        String id,
        String event,
        String number,
        int deliveries,
        int failures,
        long deadlineMillis,
        long gotMillis) {

    static HeldLease of(JsonNode lease, long gotMillis) {
        String event = lease.path("event").path("id").asString();
        JsonNode position = lease.path("position");
        String partition = position.path("partition").asString();
        String offset = position.path("offset").asString();
        String place = partition + "/" + offset;
        // That of an event names its stream before.
        String given = lease.path("number").asString();
        String number = given.equals(partition + "-" + offset) ? given : "";
        return new HeldLease(
                lease.path("token").asString(),
                number.isEmpty() ? place : event,
                event,
                number,
                lease.path("deliveries").asInt(),
                lease.path("failures").asInt(),
                Instant.parse(lease.path("deadline").asString()).toEpochMilli(),
                gotMillis);
    }
}
