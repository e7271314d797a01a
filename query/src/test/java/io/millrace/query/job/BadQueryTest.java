package io.millrace.query.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.broker.query.QueryStatus;
import io.millrace.error.MillraceException;
import io.millrace.event.AttributeValue;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Queries that cannot run, and events that do not fit: each says why, and the broker goes on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class BadQueryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final String TO_CONTEXT = "{context: /out/%s}";

    @SuppressWarnings("NullAway.Init") // opened before the tests
    private QueryRoom room;

    @BeforeAll
    void open(@TempDir Path data) throws IOException {
        room = new QueryRoom(data);
    }

    @AfterAll
    void close() {
        room.close();
    }

    private static String document(String name, String sql, String output, String eventTime) {
        return """
        kind: Query
        name: %1$s
        inputs:
          numbers: {pattern: "/%1$s/**", types: [number], schema: {n: INT}}
        sql: "%2$s"
        output: %3$s
        start: earliest
        eventTime: %4$s
        checkpointEvery: 500ms
        """
                .formatted(name, sql, output.formatted(name), eventTime);
    }

    private void refused(String sql, String output, String eventTime, String... told) {
        assertThatThrownBy(() -> room.apply(document("refused", sql, output, eventTime)))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.problems().toString()).contains(told));
    }

    private void number(String query, int second, String json) {
        room.publish("/" + query + "/a", "number", START.plusSeconds(second), json);
    }

    private List<StoredEvent> stored(String context) {
        return room.stored("events", context);
    }

    private static String data(StoredEvent stored) {
        return Objects.requireNonNull(stored.event().data()).toUtf8();
    }

    @Test
    void statementsThatAreWrongAreRefusedWithTheirPlace() {
        refused("SELECT n,, n FROM numbers", TO_CONTEXT, "{}", "sql", "line 1, column");
        refused("SELECT n AS floor FROM numbers", TO_CONTEXT, "{}", "sql", "backquotes: `floor`");
        refused("SELECT m FROM numbers", TO_CONTEXT, "{}", "line 1, column 8", "'m'");
    }

    @Test
    void windowsOverAnotherColumnThanTheEventTimeAreRefused() {
        refused(
                "SELECT window_end, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE numbers,"
                        + " DESCRIPTOR(recorded_at), INTERVAL '10' SECOND)) GROUP BY window_start,"
                        + " window_end",
                TO_CONTEXT,
                "{}",
                "sql",
                "event_time");
    }

    @Test
    void outputsThatDoNotGoWithTheResultAreRefused() {
        refused(
                "SELECT n FROM numbers",
                "{context: '/out/{room}'}",
                "{}",
                "output.context",
                "room",
                "has n");
        room.apply("{kind: View, name: latest, from: {pattern: /nothing/**}, key: '{subject}'}");
        refused("SELECT n FROM numbers", "{view: latest}", "{}", "output.key");
    }

    @Test
    void latenessGoesOnlyWithWindowsThatCanBeCorrected() {
        refused(
                "SELECT window_end, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE numbers,"
                        + " DESCRIPTOR(event_time), INTERVAL '10' SECOND)) GROUP BY window_start,"
                        + " window_end",
                TO_CONTEXT,
                "{lateness: 1m}",
                "eventTime.lateness",
                "GROUP BY TUMBLE");
    }

    @Test
    void lateEventsWithinTheLatenessCorrectResults() {
        room.apply(
                document(
                        "corrected",
                        "SELECT TUMBLE_END(event_time, INTERVAL '10' SECOND) AS window_end, SUM(n)"
                                + " AS s FROM numbers GROUP BY TUMBLE(event_time, INTERVAL '10'"
                                + " SECOND)",
                        TO_CONTEXT,
                        "{delay: 1s, idle: never, lateness: 1m}"));
        number("corrected", 1, "{\"n\":1}");
        number("corrected", 15, "{\"n\":2}");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(stored("/out/corrected")).hasSize(1));
        number("corrected", 2, "{\"n\":40}");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(stored("/out/corrected")).hasSize(2));
        StoredEvent second = stored("/out/corrected").getLast();
        assertThat(data(second)).contains("\"s\":41");
        assertThat(second.event().extensions().get("change"))
                .extracting(AttributeValue::canonical)
                .isEqualTo("update");
        assertThat(stored("/late/corrected")).isEmpty();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(room.status("corrected").counts())
                                .isEqualTo(new QueryStatus.Counts(3, 2, 1, 0, 0, 2)));
    }

    @Test
    void dataThatBreaksItsSchemaGoesToTheLateContext() {
        room.apply(document("broken", "SELECT n FROM numbers", TO_CONTEXT, "{idle: never}"));
        number("broken", 1, "{\"n\":1}");
        number("broken", 1, "{\"n\":\"many\"}");
        number("broken", 1, "no JSON");
        number("broken", 2, "{\"n\":2}");
        await().atMost(PATIENCE)
                .untilAsserted(() -> {
                    assertThat(stored("/late/broken")).as("%s", room.status("broken")).hasSize(2);
                    assertThat(stored("/out/broken"))
                            .extracting(BadQueryTest::data)
                            .containsExactly("{\"n\":1}", "{\"n\":2}");
                    assertThat(room.status("broken").counts())
                            .isEqualTo(new QueryStatus.Counts(4, 2, 0, 0, 2, 2));
                });
        StoredEvent late = stored("/late/broken").getFirst();
        assertThat(data(late)).isEqualTo("{\"n\":\"many\"}");
        assertThat(late.event().extensions().get("latereason"))
                .asString()
                .contains("its field n is not INT");
    }

    @Test
    void aQueryThatThrowsTellsItWhileTheBrokerGoesOn() {
        room.apply(
                document(
                        "thrower", "SELECT 10 / n AS d FROM numbers", TO_CONTEXT, "{idle: never}"));
        number("thrower", 1, "{\"n\":5}");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(stored("/out/thrower")).hasSize(1));
        number("thrower", 2, "{\"n\":0}");
        await().atMost(PATIENCE)
                .untilAsserted(() -> {
                    QueryStatus status = room.status("thrower");
                    assertThat(status.error()).isNotNull();
                    assertThat(String.valueOf(status.error())).contains("zero");
                    assertThat(status.restarts()).isPositive();
                    assertThat(status.state())
                            .isIn(QueryStatus.State.RESTARTING, QueryStatus.State.FAILED);
                });
        number("elsewhere", 3, "{\"n\":1}");
        assertThat(stored("/elsewhere/**")).hasSize(1);
        // However often it has started again, what it had published stays once.
        assertThat(stored("/out/thrower")).hasSize(1);
    }
}
