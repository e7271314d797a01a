package io.millrace.query.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What a cluster's REST endpoint says of the metrics of one job; as old as Flink's own collection
/// of them, which is ten seconds at most by default. Immutable.
///
/// @param sums by vertex and name, over subtasks
/// @param least the same, the smallest
record ClusterMetrics(Map<String, Map<String, Double>> sums, Map<String, Double> least)
        implements JobMetrics {
    static final ClusterMetrics NONE = new ClusterMetrics(Map.of(), Map.of());

    /// Of our operators: their names end so.
    private static final List<String> OF_OPERATORS =
            List.of(
                    "counted",
                    "corrected",
                    "late",
                    "invalid",
                    "lag",
                    "watermark",
                    "numRecordsSend");

    /// Of tasks as a whole.
    private static final List<String> OF_TASKS =
            List.of(
                    "numRecordsInPerSecond",
                    "numRecordsOutPerSecond",
                    "busyTimeMsPerSecond",
                    "backPressuredTimeMsPerSecond");

    /// The ones that are wanted, of all that a vertex has.
    static List<String> wanted(JsonNode names) {
        List<String> wanted = new ArrayList<>();
        for (JsonNode each : names) {
            String id = each.path("id").asString();
            if (OF_TASKS.contains(id) || OF_OPERATORS.contains(operator(id))) {
                wanted.add(id);
            }
        }
        return wanted;
    }

    /// The metric's own name of one of our operators; empty for those of others.
    private static String operator(String id) {
        int dot = id.lastIndexOf('.');
        if (dot < 0) {
            return "";
        }
        String name = id.substring(dot + 1);
        boolean ours = name.equals("numRecordsSend") || id.startsWith("millrace", dot - 8);
        return ours ? name : "";
    }

    /// @param values by vertex, with their sums and minima
    static ClusterMetrics of(Map<String, JsonNode> values) {
        Map<String, Map<String, Double>> sums = new HashMap<>();
        Map<String, Double> least = new HashMap<>();
        values.forEach((vertex, list) -> {
            Map<String, Double> own = sums.computeIfAbsent(vertex, _ -> new HashMap<>());
            for (JsonNode each : list) {
                String id = each.path("id").asString();
                String name = operator(id).isEmpty() ? id : operator(id);
                own.merge(name, each.path("sum").asDouble(0), Double::sum);
                least.merge(name, each.path("min").asDouble(0), Math::min);
            }
        });
        return new ClusterMetrics(sums, least);
    }

    @Override
    public double ofJob(String name) {
        return sums.values().stream().mapToDouble(own -> own.getOrDefault(name, 0.0)).sum();
    }

    @Override
    public double leastOfJob(String name) {
        return least.getOrDefault(name, Double.NaN);
    }

    @Override
    public double ofVertex(String vertex, String name) {
        return sums.getOrDefault(vertex, Map.of()).getOrDefault(name, 0.0);
    }
}
