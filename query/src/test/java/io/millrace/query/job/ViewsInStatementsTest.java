package io.millrace.query.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.broker.Publication;
import io.millrace.broker.query.QueryStatus;
import io.millrace.error.MillraceException;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import io.millrace.resource.ResourceKind;
import io.millrace.security.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Views as tables of statements.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class ViewsInStatementsTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @SuppressWarnings("NullAway.Init") // opened before the tests
    private QueryRoom room;

    @BeforeAll
    void open(@TempDir Path data) throws IOException {
        room = new QueryRoom(data);
        room.apply(
                """
                kind: View
                name: prices
                from: {pattern: "/prices/**", types: [price]}
                key: "{segment.prices}"
                ---
                kind: View
                name: totals
                """);
        price("a", 0, 1.5);
        price("b", 0, 10.5);
        price("a", 20, 2.5);
        // Of another type, and so no part of the view.
        room.publish("/prices/a", "note", START.plusSeconds(25), "{\"price\": 99.5}");
        remove("b", 30);
        // Late by far, and nevertheless what was true then.
        price("c", 5, 7.5);
        for (int second : new int[] {1, 10, 21, 35}) {
            order("a", second);
            order("b", second);
        }
        order("c", 36);
        order("d", 37);
        // Lets the time of both go on.
        order("a", 100);
        price("z", 100, 1.5);
        await().atMost(PATIENCE).until(() -> hasPrices());
    }

    private boolean hasPrices() {
        var views = room.broker().views();
        return views.get(Principal.LOCAL, "prices", "z") != null;
    }

    private void price(String sku, int second, double price) {
        room.publish(
                "/prices/" + sku,
                "price",
                START.plusSeconds(second),
                "{\"price\": %s, \"unit\": \"EUR\"}".formatted(price));
    }

    private void remove(String sku, int second) {
        Event event =
                Event.builder()
                        .id("gone-" + sku)
                        .source("/test")
                        .type("price")
                        .time(Timestamp.of(START.plusSeconds(second)))
                        .build();
        room.publish(List.of(new Publication("/prices/" + sku, event)));
    }

    private void order(String sku, int second) {
        room.publish(
                "/orders",
                "order",
                START.plusSeconds(second),
                "{\"sku\": \"%s\", \"at\": %d}".formatted(sku, second));
    }

    @AfterAll
    void close() {
        room.close();
    }

    private List<String> rows(String sql) {
        return room.rows(sql, Duration.ZERO);
    }

    @Test
    void aRowIsLookedUpAsItIsNow() {
        assertThat(
                        rows(
                                """
                                SELECT o.sku, o.`at`, p.price, p.unit
                                FROM `/orders` AS o
                                JOIN prices FOR SYSTEM_TIME AS OF o.proc_time AS p ON p.view_key = o.sku
                                WHERE o.`at` < 5 OR o.`at` > 35
                                """))
                .containsExactlyInAnyOrder(
                        "+I {\"sku\":\"a\",\"at\":1,\"price\":2.5,\"unit\":\"EUR\"}",
                        "+I {\"sku\":\"c\",\"at\":36,\"price\":7.5,\"unit\":\"EUR\"}",
                        "+I {\"sku\":\"a\",\"at\":100,\"price\":2.5,\"unit\":\"EUR\"}");
    }

    @Test
    void whatIsNotThereIsNullForALeftJoin() {
        assertThat(
                        rows(
                                """
                                SELECT o.sku, p.price, p.context AS place
                                FROM `/orders` AS o
                                LEFT JOIN prices FOR SYSTEM_TIME AS OF o.proc_time AS p
                                ON p.view_key = o.sku AND p.price > 5
                                WHERE o.`at` BETWEEN 35 AND 37
                                """))
                .containsExactlyInAnyOrder(
                        "+I {\"sku\":\"a\",\"price\":null,\"place\":null}",
                        "+I {\"sku\":\"b\",\"price\":null,\"place\":null}",
                        "+I {\"sku\":\"c\",\"price\":7.5,\"place\":\"/prices/c\"}",
                        "+I {\"sku\":\"d\",\"price\":null,\"place\":null}");
    }

    @Test
    void ofEventTimeIsWhatWasTrueThen() {
        assertThat(
                        rows(
                                """
                                SELECT o.sku, o.`at`, p.price
                                FROM `/orders` AS o
                                LEFT JOIN prices FOR SYSTEM_TIME AS OF o.event_time AS p
                                ON p.view_key = o.sku
                                """))
                .containsExactlyInAnyOrder(
                        "+I {\"sku\":\"a\",\"at\":1,\"price\":1.5}",
                        "+I {\"sku\":\"b\",\"at\":1,\"price\":10.5}",
                        "+I {\"sku\":\"a\",\"at\":10,\"price\":1.5}",
                        "+I {\"sku\":\"b\",\"at\":10,\"price\":10.5}",
                        "+I {\"sku\":\"a\",\"at\":21,\"price\":2.5}",
                        "+I {\"sku\":\"b\",\"at\":21,\"price\":10.5}",
                        "+I {\"sku\":\"a\",\"at\":35,\"price\":2.5}",
                        "+I {\"sku\":\"b\",\"at\":35,\"price\":null}",
                        "+I {\"sku\":\"c\",\"at\":36,\"price\":7.5}",
                        "+I {\"sku\":\"d\",\"at\":37,\"price\":null}",
                        "+I {\"sku\":\"a\",\"at\":100,\"price\":2.5}");
    }

    @Test
    void aViewIsReadAsChanges() {
        assertThat(rows("SELECT view_key, price FROM prices"))
                .contains(
                        "+I {\"view_key\":\"a\",\"price\":1.5}",
                        "+U {\"view_key\":\"a\",\"price\":2.5}",
                        "-D {\"view_key\":\"b\",\"price\":10.5}")
                .noneMatch(row -> row.contains("99.5"));
    }

    @Test
    void whatCannotBeIsSaidPlainly() {
        assertThatThrownBy(() ->
                        rows(
                                "SELECT o.sku FROM `/orders` AS o JOIN prices"
                                        + " FOR SYSTEM_TIME AS OF o.proc_time AS p ON p.unit = o.sku"))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("view_key");
        assertThatThrownBy(() ->
                        rows(
                                "SELECT o.sku FROM `/orders` AS o JOIN totals"
                                        + " FOR SYSTEM_TIME AS OF o.event_time AS p"
                                        + " ON p.view_key = o.sku"))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("keeps no history")
                .hasMessageContaining("publish");
        assertThatThrownBy(() ->
                        room.apply(
                                """
                                kind: Query
                                name: nowhere
                                inputs: {p: {view: nothing}}
                                sql: SELECT * FROM p
                                output: {context: /out}
                                """))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("there is no view nothing");
    }

    @Test
    void aViewThatIsReadStays() {
        room.apply(
                """
                kind: Query
                name: priced
                sql: >
                  SELECT o.sku, p.price FROM `/orders` AS o
                  JOIN prices FOR SYSTEM_TIME AS OF o.proc_time AS p ON p.view_key = o.sku
                output: {context: /priced}
                start: earliest
                """);
        await().atMost(PATIENCE)
                .until(() -> room.status("priced").state() == QueryStatus.State.RUNNING);
        assertThatThrownBy(() ->
                        room.broker()
                                .administration()
                                .delete(
                                        Principal.LOCAL,
                                        ResourceKind.VIEW,
                                        "prices",
                                        io.millrace.broker.Precondition.NONE))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("the query priced reads it");
        assertThatThrownBy(() ->
                        room.apply(
                                """
                                kind: View
                                name: prices
                                from: {pattern: "/prices/**"}
                                key: "{subject}"
                                """))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("the query priced reads the view prices");
    }
}
