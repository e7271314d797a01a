package io.millrace.bench.query;

import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;

/// What sensors measure, the same for both sides: one reading every millisecond of event time.
///
/// @param sensors how many there are; each is a key
record Readings(int sensors) {
    private static final long FIRST_MILLIS = Instant.parse("2026-03-01T08:00:00Z").toEpochMilli();

    String sensor(long number) {
        // Neighbours in time are of different sensors, as in a building.
        return "b41-" + (number * 7919 % sensors);
    }

    long millis(long number) {
        return FIRST_MILLIS + number;
    }

    String json(long number) {
        double celsius = 15 + number * 31 % 100 / 10.0;
        return String.format(
                Locale.ROOT,
                "{\"sensor\":\"%s\",\"celsius\":%.1f,\"humidity\":%d,\"battery\":97,\"unit\":\"3J\"}",
                sensor(number),
                celsius,
                40 + number % 20);
    }

    byte[] bytes(long number) {
        return json(number).getBytes(StandardCharsets.UTF_8);
    }

    Event event(long number) {
        return Event.builder()
                .id("e" + number)
                .source("/building/41")
                .type("io.contoso.climate")
                .time(Timestamp.of(Instant.ofEpochMilli(millis(number))))
                .dataContentType("application/json")
                .data(Bytes.wrap(bytes(number)))
                .build();
    }
}
