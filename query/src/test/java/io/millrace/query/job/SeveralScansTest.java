package io.millrace.query.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.broker.query.QueryStatus;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A statement that names a table several times, for other columns and other events each time,
/// reads and counts each event once.
class SeveralScansTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final String SIZES =
            """
            kind: Query
            name: sizes
            inputs:
              numbers: {pattern: "/numbers/*", schema: {n: INT, m: INT}}
            sql: >
              SELECT 'a' AS what, window_end, COUNT(*) AS n
              FROM TABLE(TUMBLE(TABLE numbers, DESCRIPTOR(event_time), INTERVAL '10' SECOND))
              WHERE type = 'a' GROUP BY window_start, window_end
              UNION ALL
              SELECT 'b' AS what, window_end, COUNT(m) AS n
              FROM TABLE(TUMBLE(TABLE numbers, DESCRIPTOR(event_time), INTERVAL '20' SECOND))
              WHERE type = 'b' AND n > 0 GROUP BY window_start, window_end
              UNION ALL
              SELECT 'x' AS what, window_end, COUNT(n) AS n
              FROM TABLE(TUMBLE(TABLE numbers, DESCRIPTOR(event_time), INTERVAL '10' SECOND))
              WHERE context = '/numbers/x' GROUP BY window_start, window_end
            output: {context: /out}
            start: earliest
            eventTime: {delay: 1s, idle: never}
            checkpointEvery: 500ms
            """;

    private static void number(
            QueryRoom room, String context, String type, int second, int n, int m) {
        room.publish(
                "/numbers/" + context,
                type,
                START.plusSeconds(second),
                "{\"n\":%d,\"m\":%d}".formatted(n, m));
    }

    private static List<String> data(List<StoredEvent> events) {
        return events.stream()
                .map(event -> Objects.requireNonNull(event.event().data()).toUtf8())
                .toList();
    }

    private static String result(String what, int end, int n) {
        return "{\"what\":\"%s\",\"window_end\":\"2026-03-01T12:00:%d\",\"n\":%d}"
                .formatted(what, end, n);
    }

    @Test
    void eachEventIsReadAndCountedOnce(@TempDir Path data) throws IOException {
        try (QueryRoom room = new QueryRoom(data)) {
            number(room, "x", "a", 1, 5, 0);
            number(room, "y", "a", 2, 9, 0);
            number(room, "y", "b", 3, 1, 40);
            number(room, "x", "b", 12, 7, 2);
            number(room, "y", "c", 25, 0, 0);
            number(room, "x", "c", 26, 0, 0);
            number(room, "y", "a", 4, 1, 1);
            number(room, "x", "b", 5, 2, 2);
            room.apply(SIZES);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> {
                        assertThat(data(room.stored("events", "/out")))
                                .as("%s", room.status("sizes"))
                                .containsExactlyInAnyOrder(
                                        result("a", 10, 2),
                                        result("b", 20, 2),
                                        result("x", 10, 1),
                                        result("x", 20, 1));
                        assertThat(data(room.stored("events", "/late/sizes")))
                                .containsExactlyInAnyOrder(
                                        "{\"n\":1,\"m\":1}", "{\"n\":2,\"m\":2}");
                        assertThat(room.status("sizes").counts())
                                .isEqualTo(new QueryStatus.Counts(8, 6, 0, 2, 0, 4));
                    });
        }
    }
}
