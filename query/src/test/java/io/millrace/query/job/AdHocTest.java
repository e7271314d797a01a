package io.millrace.query.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.error.MillraceException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Statements over what is stored.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class AdHocTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    @SuppressWarnings("NullAway.Init") // opened before the tests
    private QueryRoom room;

    @BeforeAll
    void open(@TempDir Path data) throws IOException {
        room = new QueryRoom(data);
        for (int i = 0; i < 60; i++) {
            room.publish(
                    "/site/berlin/room/" + i % 3 + "/climate",
                    i % 10 == 9 ? "note" : "climate",
                    START.plusSeconds(i),
                    "{\"celsius\": %d.5, \"name\": \"ö%d\", \"id\": %d}".formatted(i, i % 3, i));
        }
    }

    @AfterAll
    void close() {
        room.close();
    }

    @Test
    void filtersAndProjects() {
        assertThat(
                        room.rows(
                                "SELECT context, celsius, data_id FROM events WHERE type = 'note' AND data_id < 30",
                                Duration.ZERO))
                .containsExactlyInAnyOrder(
                        "+I {\"context\":\"/site/berlin/room/0/climate\",\"celsius\":9.5,\"data_id\":9}",
                        "+I {\"context\":\"/site/berlin/room/1/climate\",\"celsius\":19.5,\"data_id\":19}",
                        "+I {\"context\":\"/site/berlin/room/2/climate\",\"celsius\":29.5,\"data_id\":29}");
    }

    @Test
    void windowsOverAContextPattern() {
        List<String> rows =
                room.rows(
                        """
                        SELECT context_segment(context, 'room') AS room, window_end, COUNT(*) AS n
                        FROM TABLE(TUMBLE(TABLE `/site/*/room/*/climate`, DESCRIPTOR(event_time),
                                          INTERVAL '20' SECOND))
                        WHERE type = 'climate'
                        GROUP BY context_segment(context, 'room'), window_start, window_end
                        """,
                        Duration.ofSeconds(2));
        assertThat(rows)
                .hasSize(9)
                .contains("+I {\"room\":\"0\",\"window_end\":\"2026-03-01T12:00:20\",\"n\":6}");
    }

    @Test
    void updatesAreTold() {
        List<String> rows =
                room.rows("SELECT type, COUNT(*) AS n FROM events GROUP BY type", Duration.ZERO);
        assertThat(rows)
                .contains(
                        "+I {\"type\":\"climate\",\"n\":1}",
                        "-U {\"type\":\"climate\",\"n\":1}",
                        "+U {\"type\":\"climate\",\"n\":2}",
                        "+U {\"type\":\"climate\",\"n\":54}");
    }

    /// Flink 2.3 would give the latest as an update, and never take the former back.
    @Test
    void theLowestOfEachKeyIsRefusedUnlessItIsTurnedRound() {
        String sql =
                "SELECT type, celsius FROM (SELECT type, celsius, ROW_NUMBER() OVER"
                        + " (PARTITION BY type ORDER BY %s) AS n FROM events) WHERE n = 1";
        for (String order : List.of("celsius", "data_id DESC, celsius")) {
            assertThatThrownBy(() -> room.rows(sql.formatted(order), Duration.ZERO))
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("DESC");
        }
        assertThat(room.run(sql.formatted("-celsius DESC"), Map.of(), Duration.ZERO).left())
                .containsExactlyInAnyOrder(List.of("climate", "0.5"), List.of("note", "9.5"));
    }

    @Test
    void problemsNameTheirPlace() {
        assertThatThrownBy(() -> room.rows("SELECT\n  celsiuss FROM events", Duration.ZERO))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("line 2, column 3")
                .hasMessageContaining("celsiuss");
        assertThatThrownBy(() -> room.rows("SELECT a b c FROM events", Duration.ZERO))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("line 1, column 1");
        assertThatThrownBy(() -> room.rows("SELECT * FROM nothing", Duration.ZERO))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("nothing");
    }
}
