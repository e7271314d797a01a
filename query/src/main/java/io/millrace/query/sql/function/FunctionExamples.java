package io.millrace.query.sql.function;

import io.millrace.query.sql.function.DocumentedFunction.Group;
import java.util.ArrayList;
import java.util.List;

/// What the reference says of each function. Every example is run by a test.
final class FunctionExamples {
    /// The table that examples read, in words for the reference.
    static final String READINGS =
            "`readings` has one reading a minute from midnight on, 40 of them: `celsius` lies between "
                    + "20.0 and 20.2, but is 35.0 in minute 30; `humidity` is 40 or 41 up to minute 19, and 60 or "
                    + "61 from minute 20 on.";

    private static final String FLOOR = "'/org/contoso/building/41/floor/3'";
    private static final String BERLIN =
            "'POLYGON((13.0 52.3, 13.8 52.3, 13.8 52.7, 13.0 52.7, 13.0 52.3))'";

    private FunctionExamples() {}

    static List<DocumentedFunction> contexts() {
        List<DocumentedFunction> all = new ArrayList<>(segments());
        all.addAll(wholeContexts());
        return all;
    }

    private static List<DocumentedFunction> segments() {
        return List.of(
                context(
                        "context_segment(context STRING, name STRING) -> STRING",
                        "The segment behind the first segment, from the left, that is `name` and has one "
                                + "behind it; NULL if there is none.",
                        "context_segment(" + FLOOR + ", 'floor')",
                        "3"),
                context(
                        "context_segment(context STRING, position INT) -> STRING",
                        "The segment at a position: 1 is the first, -1 the last; NULL if there is none.",
                        "context_segment(" + FLOOR + ", -2)",
                        "floor"),
                context(
                        "context_depth(context STRING) -> INT",
                        "The number of segments; the root `/` has 0.",
                        "context_depth(" + FLOOR + ")",
                        "6"));
    }

    private static List<DocumentedFunction> wholeContexts() {
        return List.of(
                context(
                        "context_parent(context STRING) -> STRING",
                        "The context above; NULL above the root.",
                        "context_parent(" + FLOOR + ")",
                        "/org/contoso/building/41/floor"),
                context(
                        "context_parent(context STRING, levels INT) -> STRING",
                        "The context so many levels above; 0 is the context itself, NULL above the root.",
                        "context_parent(" + FLOOR + ", 2)",
                        "/org/contoso/building/41"),
                context(
                        "context_matches(context STRING, pattern STRING) -> BOOLEAN",
                        "Whether a context pattern covers the context.",
                        "context_matches(" + FLOOR + ", '/org/*/building/**')",
                        "true"),
                context(
                        "ancestors(context STRING) -> TABLE(ancestor STRING, depth INT, name STRING, segment STRING)",
                        "A row for the context and for each one above it up to the root; `segment` is "
                                + "its last segment, `name` the one before that.",
                        "SELECT a.* FROM (VALUES ('/building/41/floor/3')) AS t (context), LATERAL "
                                + "TABLE(ancestors(context)) AS a",
                        String.join(
                                "\n",
                                "/building/41/floor/3, 4, floor, 3",
                                "/building/41/floor, 3, 41, floor",
                                "/building/41, 2, building, 41",
                                "/building, 1, null, building",
                                "/, 0, null, null")),
                context(
                        "ancestors(context STRING, names STRING) -> TABLE(ancestor STRING, depth INT, "
                                + "name STRING, segment STRING)",
                        "Of these rows those with one of the `names`, which stand between commas.",
                        String.join(
                                "\n",
                                "SELECT ancestor, AVG(celsius) AS average",
                                "FROM (VALUES ('/building/41/floor/3/room/4', 20.0), "
                                        + "('/building/41/floor/3/room/5', 22.0)) AS t (context, celsius),",
                                "  LATERAL TABLE(ancestors(context, 'floor,room'))",
                                "GROUP BY ancestor"),
                        String.join(
                                "\n",
                                "/building/41/floor/3/room/4, 20.000000",
                                "/building/41/floor/3, 21.000000",
                                "/building/41/floor/3/room/5, 22.000000")));
    }

    static List<DocumentedFunction> anomalies() {
        String row = " -> ROW<is_anomaly BOOLEAN, score DOUBLE>";
        return List.of(
                anomaly(
                        "spike_and_dip(value DOUBLE, confidence DOUBLE, history INT)" + row,
                        "Whether a value sticks out, up or down, from the `history` values before it.",
                        anomalies("celsius", "spike_and_dip(celsius, 99.9, 20)"),
                        "2026-01-01T00:30, 35.0"),
                anomaly(
                        "spike_and_dip(value DOUBLE, confidence DOUBLE, history INT, mode STRING)"
                                + row,
                        "The same for one direction: `mode` is `spikes`, `dips` or `spikesanddips`.",
                        anomalies("celsius", "spike_and_dip(celsius, 99.9, 20, 'spikes')"),
                        "2026-01-01T00:30, 35.0"),
                anomaly(
                        "change_point(value DOUBLE, confidence DOUBLE, history INT)" + row,
                        "Whether the level of the last `history` values has changed; told once for each change.",
                        anomalies("humidity", "change_point(humidity, 99.9, 30)"),
                        "2026-01-01T00:23, 61.0"));
    }

    private static String anomalies(String column, String call) {
        return String.join(
                "\n",
                "SELECT event_time, " + column + " FROM (",
                "  SELECT event_time, " + column + ", " + call + " OVER (",
                "      PARTITION BY sensor ORDER BY event_time",
                "      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS found",
                "  FROM readings)",
                "WHERE found.is_anomaly");
    }

    static List<DocumentedFunction> places() {
        return List.of(
                place(
                        "geo_distance(lat1 DOUBLE, lon1 DOUBLE, lat2 DOUBLE, lon2 DOUBLE) -> DOUBLE",
                        "Metres from one place to the other along the WGS 84 ellipsoid.",
                        "ROUND(geo_distance(52.5163, 13.3777, 48.8584, 2.2945), 0)",
                        "881330.0"),
                place(
                        "geo_within(lat DOUBLE, lon DOUBLE, area STRING) -> BOOLEAN",
                        "Whether a place is in a `POLYGON` or `MULTIPOLYGON` of well-known text, in "
                                + "which the longitude comes first.",
                        "geo_within(52.5163, 13.3777, " + BERLIN + ")",
                        "true"),
                place(
                        "geo_within(lat DOUBLE, lon DOUBLE, centre_lat DOUBLE, centre_lon DOUBLE, radius "
                                + "DOUBLE) -> BOOLEAN",
                        "Whether a place is at most `radius` metres away from a centre.",
                        "geo_within(52.5163, 13.3777, 52.5186, 13.3762, 300)",
                        "true"));
    }

    static List<DocumentedFunction> json() {
        String data = "'{\"sku\": \"a\", \"tags\": [\"x\", \"y\"]}'";
        return List.of(
                json(
                        "JSON_VALUE(json STRING, path STRING) -> STRING",
                        "The single value at a path; with `RETURNING INT`, for example, as another type. "
                                + "NULL if there is none.",
                        "JSON_VALUE(" + data + ", '$.sku')",
                        "a"),
                json(
                        "JSON_QUERY(json STRING, path STRING) -> STRING",
                        "The object or array at a path, as JSON; NULL if there is none.",
                        "JSON_QUERY(" + data + ", '$.tags')",
                        "[\"x\",\"y\"]"),
                json(
                        "JSON_EXISTS(json STRING, path STRING) -> BOOLEAN",
                        "Whether there is something at a path.",
                        "JSON_EXISTS(" + data + ", '$.price')",
                        "false"),
                json(
                        "JSON_OBJECT(KEY name VALUE value, ...) -> STRING",
                        "A JSON object; `JSON_ARRAY` makes an array in the same way.",
                        "JSON_OBJECT(KEY 'sku' VALUE 'a', KEY 'price' VALUE 3)",
                        "{\"price\":3,\"sku\":\"a\"}"));
    }

    private static DocumentedFunction context(
            String signature, String meaning, String example, String result) {
        return new DocumentedFunction(Group.CONTEXTS, signature, meaning, example, result);
    }

    private static DocumentedFunction anomaly(
            String signature, String meaning, String example, String result) {
        return new DocumentedFunction(Group.ANOMALIES, signature, meaning, example, result);
    }

    private static DocumentedFunction place(
            String signature, String meaning, String example, String result) {
        return new DocumentedFunction(Group.PLACES, signature, meaning, example, result);
    }

    private static DocumentedFunction json(
            String signature, String meaning, String example, String result) {
        return new DocumentedFunction(Group.JSON, signature, meaning, example, result);
    }
}
