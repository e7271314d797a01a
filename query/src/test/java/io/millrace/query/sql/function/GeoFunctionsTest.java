package io.millrace.query.sql.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.types.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GeoFunctionsTest {
    private static final String HOLED =
            "POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (4 4, 6 4, 6 6, 4 6, 4 4))";

    private final SqlRoom room = new SqlRoom();
    private final GeoDistance distance = new GeoDistance();
    private final GeoWithin within = new GeoWithin();

    private double metres(double lat1, double lon1, double lat2, double lon2) {
        Double metres = distance.eval(lat1, lon1, lat2, lon2);
        assertThat(metres).isNotNull();
        return metres == null ? Double.NaN : metres;
    }

    /// Lengths of WGS 84 itself, and GeographicLib's example from New York to London.
    @Test
    void distancesThatAreKnown() {
        assertThat(metres(0, 0, 90, 0)).isCloseTo(10_001_965.729, within(0.001));
        assertThat(metres(0, 0, 0, 1)).isCloseTo(111_319.491, within(0.001));
        assertThat(metres(0, 179.5, 0, -179.5)).isCloseTo(111_319.491, within(0.001));
        assertThat(metres(0, 359.5, 0, 0.5)).isCloseTo(111_319.491, within(0.001));
        assertThat(metres(40.6, -73.8, 51.6, -0.5)).isCloseTo(5_551_759.400, within(0.001));
        assertThat(metres(52.5, 13.4, 52.5, 13.4)).isZero();
        assertThat(metres(90, 0, 90, 120)).isCloseTo(0, within(1e-6));
    }

    /// Nearly opposite places, where the formula does not settle: half a turn is 20,004 km.
    @Test
    void oppositePlaces() {
        assertThat(metres(0, 0, 0, 180)).isCloseTo(20_003_931, within(20_003_931 * 0.006));
        assertThat(metres(0, 0, 0.5, 179.7)).isCloseTo(19_936_288.579, within(19_936_288 * 0.006));
        assertThat(metres(-41.32, 174.81, 40.96, -5.50))
                .isCloseTo(19_959_679.267, within(19_959_679 * 0.006));
        assertThat(metres(90, 0, -90, 0)).isCloseTo(20_003_931.459, within(0.01));
    }

    /// Short ways against the radii of curvature, which share no code with the formula.
    @Test
    void shortWaysFollowTheCurvature() {
        Random random = new Random(7);
        double e2 = 0.00669437999014;
        for (int i = 0; i < 1_000; i++) {
            double lat = random.nextDouble(-80, 80);
            double lon = random.nextDouble(-180, 180);
            double north = random.nextDouble(-1e-4, 1e-4);
            double east = random.nextDouble(-1e-4, 1e-4);
            double middle = Math.toRadians(lat + north / 2);
            double w = Math.sqrt(1 - e2 * Math.sin(middle) * Math.sin(middle));
            double up = Math.toRadians(north) * 6_378_137 * (1 - e2) / (w * w * w);
            double round = Math.toRadians(east) * 6_378_137 / w * Math.cos(middle);
            assertThat(metres(lat, lon, lat + north, lon + east))
                    .isCloseTo(Math.hypot(up, round), within(1e-4));
        }
    }

    @Test
    void noPlaceHasNoDistance() {
        assertThat(distance.eval(null, 0.0, 0.0, 0.0)).isNull();
        assertThat(distance.eval(0.0, 0.0, 0.0, null)).isNull();
        assertThat(distance.eval(90.1, 0.0, 0.0, 0.0)).isNull();
        assertThat(distance.eval(0.0, Double.NaN, 0.0, 0.0)).isNull();
        assertThat(distance.eval(0.0, 360.5, 0.0, 0.0)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, true",
        "5, 5, false",
        "11, 5, false",
        "-1, 5, false",
        "5, 11, false",
        // Rings belong to the area: the outer one, a corner, the hole's.
        "0, 5, true",
        "10, 10, true",
        "4, 5, true",
        "6, 6, true",
        // At the height of corners, where a careless ray counts twice.
        "4, 1, true",
        "6, 1, true",
        "10, -1, false",
        "0, -1, false",
        "0, 11, false"
    })
    void polygonsWithHoles(double lat, double lon, boolean expected) {
        assertThat(within.eval(lat, lon, HOLED)).isEqualTo(expected);
    }

    @Test
    void ringsInAnyDirectionAndForm() {
        String clockwise = "POLYGON ((0 0, 0 10, 10 10, 10 0, 0 0))";
        assertThat(within.eval(5.0, 5.0, clockwise)).isTrue();
        String arrow = "polygon((0 0,10 5,0 10,4 5,0 0))";
        assertThat(within.eval(5.0, 2.0, arrow)).isFalse();
        assertThat(within.eval(5.0, 5.0, arrow)).isTrue();
        assertThat(within.eval(2.5, 5.0, arrow)).as("on a sloping edge").isTrue();
        String two = "MULTIPOLYGON(((0 0,1 0,1 1,0 1,0 0)),((5 5,6 5,6 6,5 6,5 5)))";
        assertThat(within.eval(0.5, 0.5, two)).isTrue();
        assertThat(within.eval(5.5, 5.5, two)).isTrue();
        assertThat(within.eval(3.0, 3.0, two)).isFalse();
        assertThat(within.eval(5.0, 5.0, "POLYGON Z((0 0 9,10 0 9,10 10 9,0 10 9,0 0 9))"))
                .isTrue();
        assertThat(within.eval(0.0, 0.0, "POLYGON EMPTY")).isFalse();
        assertThat(within.eval(1.0, 1.0, "POLYGON((0 0, 1e1 0, 10 10, 0 10, 0 0))")).isTrue();
    }

    @Test
    void acrossTheAntimeridian() {
        String beyond = "POLYGON((170 -10, 190 -10, 190 10, 170 10, 170 -10))";
        assertThat(within.eval(0.0, 175.0, beyond)).isTrue();
        assertThat(within.eval(0.0, -175.0, beyond)).isTrue();
        assertThat(within.eval(0.0, 185.0, beyond)).isTrue();
        assertThat(within.eval(0.0, -165.0, beyond)).isFalse();
        assertThat(within.eval(0.0, 0.0, beyond)).isFalse();
        assertThat(within.eval(0.0, 179.999, 0.0, -179.999, 300.0)).isTrue();
    }

    @Test
    void circles() {
        assertThat(within.eval(0.0, 0.0, 0.0, 1.0, 111_319.5)).isTrue();
        assertThat(within.eval(0.0, 0.0, 0.0, 1.0, 111_319.4)).isFalse();
        assertThat(within.eval(0.0, 0.0, 1.0, 0.0, 110_574.4)).isTrue();
        assertThat(within.eval(0.0, 0.0, 1.0, 0.0, 110_574.0)).isFalse();
        assertThat(within.eval(0.0, 0.0, 0.0, 0.0, 0.0)).isTrue();
        assertThat(within.eval(0.0, 0.0, 0.0, 0.0, -1.0)).isNull();
        assertThat(within.eval(0.0, 0.0, 0.0, null, 1.0)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POINT(1 1)|expected POLYGON or MULTIPOLYGON at character 1",
                "POLYGON((0 0, 1 0, 1 1, 0 1))|ends where it begins",
                "POLYGON((0 0, 1 0, 0 0))|4 points or more",
                "POLYGON((0 0, 1 0, 1 1, 0 0)|expected ) at character 29, found the end",
                "POLYGON((0 0, 1 x, 1 1, 0 0))|expected a number at character 17",
                "POLYGON((0 0, 1 0, 1 1, 0 0)) x|expected the end of the text",
                "POLYGON((0 0, 10 95, 1 1, 0 0))|longitude, then latitude",
                "POLYGON()|expected ( at character 9"
            })
    void wrongAreas(String area, String reason) {
        assertThat(within.eval(0.0, 0.0, area)).isNull();
        assertRefused("geo_within(0, 0, '" + area + "')", reason);
    }

    @Test
    void wrongConstantsAreRefusedWithTheQuery() {
        assertRefused("geo_within(0, 0, 0, 0, -5)", "must not be negative");
        assertRefused("geo_within(0, 0, 0, 0, -0.5)", "must not be negative");
    }

    /// Integers and decimals are numbers too, and areas may come from a table.
    @Test
    void columnsMayHoldAnything() {
        room.table(
                "places",
                Types.ROW_NAMED(new String[] {"lat", "area"}, Types.INT, Types.STRING),
                List.of(
                        Row.of(1, HOLED),
                        Row.of(5, HOLED),
                        Row.of(null, "POLYGON"),
                        Row.of(1, "POLYGON")));
        assertThat(
                        room.rows(
                                "SELECT geo_within(lat, 5, area), geo_within(lat, 5.0, 1, 5, 1000), "
                                        + "geo_distance(lat, 5, lat, 5) FROM places"))
                .containsExactlyInAnyOrder(
                        Row.of(true, true, 0.0),
                        Row.of(false, false, 0.0),
                        Row.of((@Nullable Object) null, null, null),
                        Row.of(null, true, 0.0));
    }

    private void assertRefused(String call, String reason) {
        assertThatThrownBy(() -> room.environment().explainSql("SELECT " + call))
                .isInstanceOf(ValidationException.class)
                .hasStackTraceContaining(reason);
    }
}
