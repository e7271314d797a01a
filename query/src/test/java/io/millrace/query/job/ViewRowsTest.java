package io.millrace.query.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.security.Principal;
import io.millrace.view.ViewEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows that come into a view and leave it again.
class ViewRowsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String EMPTY =
            """
            kind: View
            name: empty
            ---
            kind: Query
            name: empty
            inputs:
              people: {pattern: "/rooms/**", types: [people], schema: {people: INT}}
            sql: >
              SELECT room, `at` FROM (
                SELECT context_segment(context, 'rooms') AS room, people, SECOND(event_time) AS `at`,
                       ROW_NUMBER() OVER (PARTITION BY context ORDER BY event_time DESC) AS place
                FROM people)
              WHERE place = 1 AND people = 0
            output: {view: empty, key: "{room}"}
            eventTime: {delay: 1h}
            start: earliest
            """;

    private static void count(QueryRoom room, String name, int second, int people) {
        Instant time = Instant.parse("2026-03-01T12:00:00Z").plusSeconds(second);
        room.publish("/rooms/" + name, "people", time, "{\"people\": %d}".formatted(people));
    }

    private static @Nullable String row(QueryRoom room, String name) {
        ViewEntry entry = room.broker().views().get(Principal.LOCAL, "empty", name);
        return entry == null ? null : entry.value().toUtf8();
    }

    private static void awaitRow(QueryRoom room, String name, @Nullable String row) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(row(room, name)).isEqualTo(row));
    }

    @Test
    void aRowThatAFilterTakesAwayLeavesItsView(@TempDir Path data) throws IOException {
        try (QueryRoom room = new QueryRoom(data)) {
            room.apply(EMPTY);
            count(room, "a", 0, 0);
            count(room, "b", 0, 0);
            awaitRow(room, "a", "{\"room\":\"a\",\"at\":0}");
            awaitRow(room, "b", "{\"room\":\"b\",\"at\":0}");
            count(room, "a", 1, 2);
            awaitRow(room, "a", null);
            count(room, "a", 2, 0);
            awaitRow(room, "a", "{\"room\":\"a\",\"at\":2}");
            // One that changes and stays is held back only until its new value comes.
            count(room, "a", 3, 0);
            awaitRow(room, "a", "{\"room\":\"a\",\"at\":3}");
            assertThat(row(room, "b")).isEqualTo("{\"room\":\"b\",\"at\":0}");
        }
    }
}
