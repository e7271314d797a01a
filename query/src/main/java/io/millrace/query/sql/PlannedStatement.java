package io.millrace.query.sql;

import io.millrace.broker.query.PlanGraph;
import io.millrace.broker.query.QueryColumn;
import io.millrace.query.sink.ResultRows;
import io.millrace.query.source.SourcePlan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/// A statement that was planned, and can be run.
///
/// @param rows its result
/// @param changesRows whether results are changed later, or only added
/// @param text the optimized plan
/// @param memory the operators that remember something, as the plan names them
/// @param tables that it reads
/// @param views that are tables of it, by their own names
/// @param read what is read from the log
/// @param current the views that are read as they are at the moment
public record PlannedStatement(
        StreamExecutionEnvironment environment,
        ResultRows rows,
        boolean changesRows,
        String text,
        List<String> memory,
        Set<String> tables,
        Set<String> views,
        List<SourcePlan> read,
        Set<String> current) {
    public List<QueryColumn> columns() {
        List<QueryColumn> columns = new ArrayList<>();
        for (int i = 0; i < rows.type().getFieldCount(); i++) {
            columns.add(
                    new QueryColumn(
                            rows.type().getFieldNames().get(i),
                            rows.type().getTypeAt(i).asSummaryString()));
        }
        return columns;
    }

    /// The operators as they will run, without rates.
    public static PlanGraph graph(JobGraph job) {
        List<PlanGraph.Node> nodes = new ArrayList<>();
        List<PlanGraph.Edge> edges = new ArrayList<>();
        for (JobVertex vertex : job.getVerticesSortedTopologicallyFromSources()) {
            String id = vertex.getID().toHexString();
            nodes.add(
                    new PlanGraph.Node(
                            id,
                            shortName(vertex.getName()),
                            vertex.getName(),
                            vertex.getParallelism(),
                            0,
                            0,
                            0,
                            0));
            for (JobEdge edge : vertex.getInputs()) {
                edges.add(
                        new PlanGraph.Edge(
                                edge.getSource().getProducer().getID().toHexString(),
                                id,
                                0,
                                String.valueOf(edge.getShipStrategyName())));
            }
        }
        return new PlanGraph(nodes, edges);
    }

    /// Of a chain of operators only what they are called.
    static String shortName(String name) {
        Set<String> parts = new LinkedHashSet<>();
        for (String part : name.split(" -> ", -1)) {
            String bare = part.replaceAll("\\[\\d+\\]", "").replaceAll("\\(.*", "").strip();
            if (!bare.isEmpty()) {
                parts.add(bare);
            }
        }
        return String.join(" → ", parts);
    }

    /// Warnings that everybody should see who sets it up.
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        for (String operator : memory) {
            if (operator.startsWith("Join(") || operator.startsWith("GroupAggregate(")) {
                warnings.add(
                        ("%s remembers rows for ever: its memory grows with the keys; use a window, an"
                                        + " interval join, or mind stateMax")
                                .formatted(operator.substring(0, operator.indexOf('('))));
            }
        }
        return warnings;
    }
}
