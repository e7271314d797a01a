package io.millrace.query.sql.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The functions for anomalies within Flink's OVER windows.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnomalyFunctionsTest {
    private static final int NOISE = 400;
    private static final double NONE = -99;
    private static final String UNBOUNDED = "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW";
    private static final String BOUNDED = "ROWS BETWEEN 50 PRECEDING AND CURRENT ROW";

    private final SqlRoom room = new SqlRoom();

    @BeforeAll
    void tables() {
        series(room);
    }

    /// Noise of deviation 1 with a spike, a dip, a NULL, and from the middle on another level.
    private static void series(SqlRoom room) {
        Random random = new Random(11);
        List<Double[]> rows = new ArrayList<>();
        for (int i = 0; i < NOISE; i++) {
            double value = random.nextGaussian() + (i < NOISE / 2 ? 20 : 25);
            double told =
                    switch (i) {
                        case 100 -> 40;
                        case 150 -> 0;
                        case 120 -> NONE;
                        default -> value;
                    };
            rows.add(new Double[] {told});
        }
        room.series("told", List.of("told"), rows);
        room.environment()
                .executeSql(
                        "CREATE TEMPORARY VIEW noise AS SELECT sensor, event_time, NULLIF(told, -99) AS v FROM told");
    }

    private static String over(String call, String frame) {
        return "SELECT v, "
                + call
                + " OVER (PARTITION BY sensor ORDER BY event_time "
                + frame
                + ") AS found FROM noise";
    }

    /// The positions of the rows that are anomalies.
    private static List<Integer> anomalies(List<Row> rows) {
        return IntStream.range(0, rows.size()).filter(i -> isAnomaly(rows.get(i))).boxed().toList();
    }

    private static boolean isAnomaly(Row row) {
        return row.getField(1) instanceof Row found && Boolean.TRUE.equals(found.getField(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {UNBOUNDED, BOUNDED})
    void spikesAndDipsAreFound(String frame) {
        List<Row> rows = room.rows(over("spike_and_dip(v, 99.999, 50)", frame));
        assertThat(rows).hasSize(NOISE);
        assertThat(anomalies(rows)).contains(100, 150).hasSizeLessThan(30);
        assertThat(anomalies(rows).stream().filter(i -> i < 200)).containsExactly(100, 150);
        assertThat(rows.get(120).getField(1)).as("NULL in, NULL out").isNull();
        assertThat(rows.get(5).getField(1)).as("too early to tell").isEqualTo(Row.of(false, null));
    }

    @Test
    void oneDirectionOnly() {
        String dips = over("spike_and_dip(v, 99.999, 50, 'dips')", UNBOUNDED);
        assertThat(anomalies(room.rows(dips))).containsExactly(150);
    }

    /// A window of n rows before, and a history of n values without bounds, say the same.
    @Test
    void boundedAndUnboundedAgree() {
        String call = "spike_and_dip(v, 99.9, 50)";
        List<Row> bounded = room.rows(over(call, BOUNDED));
        List<Row> unbounded = room.rows(over(call, UNBOUNDED));
        // The NULL takes one of the window's rows, and none of the history's.
        assertThat(bounded.subList(0, 120)).isEqualTo(unbounded.subList(0, 120));
        assertThat(bounded.subList(171, NOISE)).isEqualTo(unbounded.subList(171, NOISE));
    }

    @ParameterizedTest
    @ValueSource(strings = {UNBOUNDED, "ROWS BETWEEN 99 PRECEDING AND CURRENT ROW"})
    void aNewLevelIsToldOnce(String frame) {
        List<Integer> changes = anomalies(room.rows(over("change_point(v, 99.9, 100)", frame)));
        assertThat(changes).singleElement().satisfies(at -> assertThat(at).isBetween(200, 210));
    }

    /// State that is written and read back with every row gives the same.
    @Test
    void rocksDbGivesTheSame() {
        Configuration configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        SqlRoom rocks = new SqlRoom(configuration);
        series(rocks);
        String query =
                "SELECT v, spike_and_dip(v, 99.9, 50) OVER w AS a, change_point(v, 99.9, 100) OVER w AS b FROM noise "
                        + "WINDOW w AS (PARTITION BY sensor ORDER BY event_time "
                        + UNBOUNDED
                        + ")";
        assertThat(rocks.rows(query)).isEqualTo(room.rows(query)).hasSize(NOISE);
    }

    @Test
    void wrongConstantsAreRefusedWithTheQuery() {
        assertRefused("spike_and_dip(v, 0, 50)", "confidence is in percent");
        assertRefused("spike_and_dip(v, 100.0, 50)", "confidence is in percent");
        assertRefused(
                "spike_and_dip(v, 99.9, 9)", "history is a number of values from 10 to 10000");
        assertRefused("change_point(v, 99.9, 10001)", "history is a number of values from 10");
        assertRefused("change_point(v, 101, 100)", "confidence is in percent");
        assertRefused("spike_and_dip(v, 99.9, 50, 'up')", "not 'up'");
    }

    @Test
    void onlyOverWindows() {
        assertThatThrownBy(() ->
                        room.environment().explainSql("SELECT change_point(v, 99, 50) FROM noise"))
                .isInstanceOf(ValidationException.class)
                .hasStackTraceContaining("OVER");
    }

    private void assertRefused(String call, String reason) {
        assertThatThrownBy(() -> room.environment().explainSql(over(call, UNBOUNDED)))
                .isInstanceOf(ValidationException.class)
                .hasStackTraceContaining(reason);
    }
}
