package io.millrace.query.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.broker.query.QueryStatus;
import io.millrace.security.Principal;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Queries that go on: their results, late events, pauses and restarts.
class QueryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String COUNTS =
            """
            kind: Query
            name: counts
            inputs:
              climate: {pattern: "/rooms/**", types: [climate], schema: {celsius: DOUBLE}}
            sql: >
              SELECT context_segment(context, 'rooms') AS room, window_start, window_end,
                     COUNT(*) AS n, AVG(celsius) AS average
              FROM TABLE(TUMBLE(TABLE climate, DESCRIPTOR(event_time), INTERVAL '10' SECOND))
              GROUP BY context_segment(context, 'rooms'), window_start, window_end
            output: {context: "/averages/{room}", type: average, subject: "{room}"}
            start: earliest
            eventTime: {delay: 1s, idle: never}
            checkpointEvery: 500ms
            """;

    private static Instant at(int second) {
        return Instant.parse("2026-03-01T12:00:00Z").plusSeconds(second);
    }

    private static void measure(QueryRoom room, int second) {
        room.publish("/rooms/a", "climate", at(second), "{\"celsius\": %d}".formatted(second));
    }

    private static List<String> results(QueryRoom room) {
        return room.stored("events", "/averages/**").stream()
                .map(StoredEvent::event)
                .map(event -> String.valueOf(event.data() == null ? "" : event.data().toUtf8()))
                .toList();
    }

    private static String result(int window, int n, double average) {
        return "{\"room\":\"a\",\"window_start\":\"%s\",\"window_end\":\"%s\",\"n\":%d,\"average\":%s}"
                .formatted(text(window * 10), text(window * 10 + 10), n, average);
    }

    private static String text(int second) {
        String text = at(second).toString();
        return text.substring(0, 19);
    }

    @Test
    void resultsComeOnceOverPausesAndRestarts(@TempDir Path data) throws IOException {
        try (QueryRoom room = new QueryRoom(data)) {
            for (int second = 0; second < 15; second++) {
                measure(room, second);
            }
            room.apply(COUNTS);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(results(room)).containsExactly(result(0, 10, 4.5)));
            await().atMost(PATIENCE)
                    .until(() -> room.status("counts").state() == QueryStatus.State.RUNNING);
            // Behind the watermark by more than the delay: late, with its reason.
            measure(room, 3);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(room.stored("events", "/late/counts"))
                                    .as(room.status("counts").toString())
                                    .hasSize(1));
            StoredEvent late = room.stored("events", "/late/counts").getFirst();
            assertThat(late.event().extensions().get("latereason")).isNotNull();
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(room.status("counts").counts())
                                    .isEqualTo(new QueryStatus.Counts(16, 15, 0, 1, 0, 1)));
            room.broker().queries().pause(Principal.LOCAL, "counts");
            assertThat(room.status("counts").state()).isEqualTo(QueryStatus.State.PAUSED);
            for (int second = 15; second < 25; second++) {
                measure(room, second);
            }
            room.broker().queries().resume(Principal.LOCAL, "counts");
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(results(room))
                                    .containsExactly(result(0, 10, 4.5), result(1, 10, 14.5)));
        }
        try (QueryRoom room = new QueryRoom(data)) {
            for (int second = 25; second < 35; second++) {
                measure(room, second);
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(results(room))
                                    .containsExactly(
                                            result(0, 10, 4.5),
                                            result(1, 10, 14.5),
                                            result(2, 10, 24.5)));
            assertThat(room.stored("events", "/late/counts")).hasSize(1);
        }
    }
}
