package io.millrace.gateway.http.query;

import io.millrace.broker.query.InferredSchema;
import io.millrace.broker.query.PlanGraph;
import io.millrace.broker.query.QueryColumn;
import io.millrace.broker.query.QueryExplanation;
import io.millrace.broker.query.QueryStatus;
import io.millrace.gateway.http.call.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What is told of queries, as JSON.
final class QueryDocuments {
    private QueryDocuments() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static Answer answer(ObjectNode document) {
        byte[] body = document.toString().getBytes(StandardCharsets.UTF_8);
        return new Answer(200, "application/json", body, Map.of("cache-control", "no-store"));
    }

    /// Without statement and plan, which are large.
    static ObjectNode brief(QueryStatus status) {
        ObjectNode document = object();
        document.put("name", status.name());
        document.put("state", status.state().name().toLowerCase(Locale.ROOT));
        document.put("since", status.since().toString());
        document.put("progress", status.progress());
        QueryStatus.Failure error = status.error();
        if (error == null) {
            document.putNull("error");
        } else {
            ObjectNode failure = document.putObject("error").put("message", error.message());
            if (error.line() > 0) {
                failure.put("line", error.line()).put("column", error.column());
            }
            failure.put("at", error.at().toString()).put("restarts", status.restarts());
        }
        document.put("restarts", status.restarts());
        counts(document.putObject("counts"), status.counts());
        document.putObject("rates")
                .put("input", rounded(status.rates().input()))
                .put("output", rounded(status.rates().output()));
        ObjectNode lag = document.putObject("lag").put("events", status.lagEvents());
        if (status.watermarkDelayMillis() < 0) {
            lag.putNull("watermarkMillis");
        } else {
            lag.put("watermarkMillis", status.watermarkDelayMillis());
        }
        document.put("watermark", text(status.watermark()));
        document.put("stateBytes", status.stateBytes());
        QueryStatus.Checkpoints checkpoints = status.checkpoints();
        document.putObject("checkpoint")
                .put("last", text(checkpoints.last()))
                .put("durationMillis", checkpoints.durationMillis())
                .put("bytes", checkpoints.bytes())
                .put("completed", checkpoints.completed())
                .put("failed", checkpoints.failed());
        texts(document.putArray("warnings"), status.warnings());
        return document;
    }

    private static void counts(ObjectNode document, QueryStatus.Counts counts) {
        document.put("input", counts.input())
                .put("counted", counts.counted())
                .put("corrected", counts.corrected())
                .put("late", counts.late())
                .put("invalid", counts.invalid())
                .put("output", counts.output());
    }

    private static @Nullable String text(@Nullable Instant moment) {
        return moment == null ? null : moment.toString();
    }

    private static void texts(ArrayNode list, Iterable<String> texts) {
        texts.forEach(list::add);
    }

    static ObjectNode whole(QueryStatus status, String sql) {
        ObjectNode document = brief(status).put("sql", sql);
        document.set("plan", plan(status.plan()));
        return document;
    }

    static ObjectNode explanation(QueryExplanation explanation) {
        ObjectNode document = object();
        columns(document.putArray("columns"), explanation.columns());
        document.put("changes", explanation.changesRows() ? "upsert" : "insert-only");
        texts(document.putArray("key"), explanation.key());
        texts(document.putArray("warnings"), explanation.warnings());
        document.set("plan", plan(explanation.plan()));
        document.put("text", explanation.text());
        document.put("state", explanation.state().name().toLowerCase(Locale.ROOT));
        ArrayNode sample = document.putArray("sample");
        explanation.sample().forEach(sample::add);
        return document;
    }

    static void columns(ArrayNode list, List<QueryColumn> columns) {
        for (QueryColumn column : columns) {
            list.addObject().put("name", column.name()).put("type", column.type());
        }
    }

    static ObjectNode schema(InferredSchema inferred) {
        ObjectNode document = object();
        ObjectNode schema = document.putObject("schema");
        inferred.types().forEach(schema::put);
        document.put("samples", inferred.samples());
        ArrayNode optional = document.putArray("optional");
        // In the order of the schema, whatever order the set has.
        inferred.types().keySet().stream()
                .filter(inferred.optional()::contains)
                .forEach(optional::add);
        return document;
    }

    private static ObjectNode plan(PlanGraph plan) {
        ObjectNode document = object();
        ArrayNode nodes = document.putArray("nodes");
        for (PlanGraph.Node node : plan.nodes()) {
            nodes.addObject()
                    .put("id", node.id())
                    .put("name", node.name())
                    .put("detail", node.detail())
                    .put("parallelism", node.parallelism())
                    .put("inRate", rounded(node.inRate()))
                    .put("outRate", rounded(node.outRate()))
                    .put("busy", rounded(node.busy()))
                    .put("backpressured", rounded(node.backpressured()));
        }
        ArrayNode edges = document.putArray("edges");
        for (PlanGraph.Edge edge : plan.edges()) {
            edges.addObject()
                    .put("from", edge.from())
                    .put("to", edge.to())
                    .put("rate", rounded(edge.rate()))
                    .put("ship", edge.ship());
        }
        return document;
    }

    /// Three digits are enough; what is no number is 0.
    private static double rounded(double value) {
        return Double.isFinite(value) ? Math.round(value * 1_000) / 1_000.0 : 0;
    }
}
