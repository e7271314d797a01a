package io.millrace.query.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.error.MillraceException;
import io.millrace.security.Principal;
import io.millrace.view.ViewEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Views that queries fill: as of a time, and as tables of other statements.
class PastOfViewTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private static final String DOCUMENTS =
            """
            kind: View
            name: totals
            ---
            kind: View
            name: minutes
            ---
            kind: Query
            name: sums
            inputs: {sales: {pattern: "/sales", schema: {shop: STRING, n: BIGINT}}}
            sql: SELECT shop, SUM(n) AS total FROM sales GROUP BY shop HAVING SUM(n) > 0
            output: {view: totals, key: "{shop}"}
            start: earliest
            ---
            kind: Query
            name: by-minute
            inputs: {sales: {pattern: "/sales", schema: {shop: STRING, n: BIGINT}}}
            sql: >
              SELECT shop, window_end, SUM(n) AS total
              FROM TABLE(TUMBLE(TABLE sales, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
              GROUP BY shop, window_start, window_end
            output: {view: minutes, key: "{shop}"}
            start: earliest
            eventTime: {delay: 0s, idle: never}
            """;

    private static void sale(QueryRoom room, int second, String shop, int n) {
        room.publish(
                "/sales",
                "sale",
                START.plusSeconds(second),
                "{\"shop\": \"%s\", \"n\": %d}".formatted(shop, n));
    }

    private static @Nullable String now(QueryRoom room, String view, String key) {
        return text(room.broker().views().get(Principal.LOCAL, view, key));
    }

    private static @Nullable String asOf(QueryRoom room, String view, String key, Instant time) {
        return text(room.broker().views().asOf(Principal.LOCAL, view, key, time));
    }

    private static @Nullable String text(@Nullable ViewEntry entry) {
        return entry == null ? null : entry.value().toUtf8();
    }

    private static Instant tick() throws InterruptedException {
        // Times of recording are milliseconds.
        Instant now = Instant.now();
        while (Instant.now().toEpochMilli() <= now.toEpochMilli() + 1) {
            Thread.onSpinWait();
        }
        return now.plusMillis(1);
    }

    @Test
    void isWhatTheQueryHadGivenThen(@TempDir Path data) throws Exception {
        try (QueryRoom room = new QueryRoom(data)) {
            Instant before = tick();
            room.apply(DOCUMENTS);
            sale(room, 0, "a", 5);
            sale(room, 10, "b", 1);
            Instant first = tick();
            sale(room, 20, "a", 2);
            sale(room, 30, "b", -1);
            Instant second = tick();
            sale(room, 70, "a", 1);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> {
                        assertThat(now(room, "totals", "a"))
                                .isEqualTo("{\"shop\":\"a\",\"total\":8}");
                        assertThat(now(room, "totals", "b")).isNull();
                        assertThat(now(room, "minutes", "a"))
                                .isEqualTo(
                                        "{\"shop\":\"a\",\"window_end\":\"2026-03-01T12:01:00\",\"total\":7}");
                    });
            assertThat(asOf(room, "totals", "a", before)).isNull();
            assertThat(asOf(room, "totals", "a", first)).isEqualTo("{\"shop\":\"a\",\"total\":5}");
            assertThat(asOf(room, "totals", "b", first)).isEqualTo("{\"shop\":\"b\",\"total\":1}");
            assertThat(asOf(room, "totals", "a", second)).isEqualTo("{\"shop\":\"a\",\"total\":7}");
            assertThat(asOf(room, "totals", "b", second)).isNull();
            // The window was open then, so it had not been told.
            assertThat(asOf(room, "minutes", "a", second)).isNull();
            assertThat(asOf(room, "minutes", "a", Instant.now()))
                    .isEqualTo(now(room, "minutes", "a"));
            // As a table.
            assertThat(room.rows("SELECT view_key, total FROM totals", Duration.ZERO))
                    .containsExactly("+I {\"view_key\":\"a\",\"total\":8}");
            assertThat(
                            room.rows(
                                    """
                                    SELECT s.shop, t.total FROM `/sales` AS s
                                    JOIN totals FOR SYSTEM_TIME AS OF s.proc_time AS t
                                    ON t.view_key = s.shop WHERE s.n = 1
                                    """,
                                    Duration.ZERO))
                    .containsExactly("+I {\"shop\":\"a\",\"total\":8}");
        }
    }

    @Test
    void isRefusedWhereItCannotBeKnown(@TempDir Path data) throws IOException {
        try (QueryRoom room = new QueryRoom(data)) {
            room.apply(DOCUMENTS);
            room.apply(
                    """
                    kind: View
                    name: shares
                    ---
                    kind: View
                    name: empty
                    ---
                    kind: Query
                    name: shares
                    inputs:
                      sales: {pattern: "/sales", schema: {shop: STRING, n: BIGINT}}
                      t: {view: totals, schema: {total: BIGINT}}
                    sql: >
                      SELECT s.shop, s.n, t.total FROM sales AS s
                      JOIN t FOR SYSTEM_TIME AS OF s.proc_time AS t ON t.view_key = s.shop
                    output: {view: shares, key: "{shop}"}
                    start: earliest
                    """);
            assertThatThrownBy(() -> asOf(room, "empty", "a", Instant.now()))
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("no query fills the view empty");
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThatThrownBy(() -> asOf(room, "shares", "a", Instant.now()))
                                    .isInstanceOf(MillraceException.class)
                                    .hasMessageContaining("totals")
                                    .hasMessageContaining("as it is at the moment"));
        }
    }

    /// A table that follows a view forgets what the view has lost meanwhile, also over a restart.
    @Test
    void aFollowedViewGoesOnAfterARestart(@TempDir Path data) throws IOException {
        String copy =
                """
                kind: View
                name: copy
                ---
                kind: Query
                name: copying
                inputs: {t: {view: totals, schema: {total: BIGINT}}}
                sql: SELECT view_key, total FROM t
                output: {view: copy, key: "{view_key}"}
                checkpointEvery: 200ms
                """;
        try (QueryRoom room = new QueryRoom(data)) {
            room.apply(DOCUMENTS);
            sale(room, 0, "a", 5);
            sale(room, 10, "b", 1);
            room.apply(copy);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> {
                        assertThat(now(room, "copy", "a")).contains("5");
                        assertThat(now(room, "copy", "b")).contains("1");
                    });
            room.broker().queries().pause(Principal.LOCAL, "copying");
            sale(room, 20, "b", -1);
            sale(room, 21, "a", 1);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(now(room, "totals", "b")).isNull());
        }
        try (QueryRoom room = new QueryRoom(data)) {
            assertThat(now(room, "copy", "b")).contains("1");
            room.broker().queries().resume(Principal.LOCAL, "copying");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> {
                        assertThat(now(room, "copy", "a")).contains("6");
                        assertThat(now(room, "copy", "b")).isNull();
                    });
        }
    }
}
