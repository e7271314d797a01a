package io.millrace.query.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who is silent is told while others go on, and when nobody says anything any more.
class AbsenceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SILENT =
            """
            kind: Query
            name: silent
            inputs:
              beats: {pattern: "/beats/*", schema: {}}
            sql: >
              SELECT sensor, window_end AS told_at FROM (
                SELECT context_segment(context, 'beats') AS sensor, window_start, window_end
                FROM TABLE(SESSION(TABLE beats PARTITION BY context, DESCRIPTOR(event_time),
                                   INTERVAL '3' SECOND))
                GROUP BY context, window_start, window_end)
            output: {context: "/silent/{sensor}", type: silent}
            start: earliest
            eventTime: {delay: 1s, idle: 500ms}
            checkpointEvery: 500ms
            """;

    private static List<String> silent(QueryRoom room) {
        return room.stored("events", "/silent/*").stream()
                .map(StoredEvent::context)
                .map(Object::toString)
                .toList();
    }

    private static void beat(QueryRoom room, String sensor, Instant time) {
        room.publish("/beats/" + sensor, "beat", time, "{}");
    }

    @Test
    void silenceIsToldOfOneAndOfAll(@TempDir Path data) throws IOException {
        try (QueryRoom room = new QueryRoom(data)) {
            room.apply(SILENT);
            beat(room, "a", Instant.now());
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> {
                        beat(room, "b", Instant.now());
                        return silent(room).contains("/silent/a");
                    });
            assertThat(silent(room)).containsExactly("/silent/a");
            // Now b, too, has nothing more to say; only the clock goes on.
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(silent(room)).containsExactly("/silent/a", "/silent/b"));
            beat(room, "a", Instant.now());
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(silent(room))
                                    .containsExactly("/silent/a", "/silent/b", "/silent/a"));
        }
    }
}
