package io.millrace.resource;

import io.millrace.config.ByteSize;
import io.millrace.config.Durations;
import io.millrace.config.Fields;
import io.millrace.config.ProblemCollector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A query as it is set up: a statement that goes on over events, and where its results go.
///
/// ```yaml
/// kind: Query
/// name: floor-average
/// inputs:                              # tables of the statement; also `/a/pattern/**` or a stream
///   climate: {pattern: /org/**, types: [com.contoso.climate], schema: {celsius: DOUBLE}}
/// sql: SELECT ...
/// output: {context: "/floors/{floor}", type: com.contoso.floor}    # or view: NAME
/// start: latest                        # earliest, latest, a time
/// eventTime: {delay: 1s, idle: 5s, lateness: 0s, ahead: 1h, lateContext: /late/floor-average}
/// parallelism: 1
/// checkpointEvery: 10s
/// stateMax: 1GiB
/// onStateLoss: refuse                  # or restart
/// cluster: http://flink:8081           # none: the server's own Flink
/// savepoints: file:///mnt/flink        # for a cluster
/// ```
///
/// @param inputs by name, in their order
/// @param start where it begins; used when it is created, or begun anew
/// @param checkpointEvery how often what it has done is secured
/// @param stateMax beyond which it fails
/// @param restartsOnStateLoss whether a change that cannot keep the state is carried out without it
/// @param cluster that it runs on; `null` for the server's own
public record QueryResource(
        String name,
        Map<String, QueryInput> inputs,
        String sql,
        QueryOutput output,
        StartPoint start,
        EventTimeRules eventTime,
        int parallelism,
        Duration checkpointEvery,
        ByteSize stateMax,
        boolean restartsOnStateLoss,
        @Nullable QueryCluster cluster)
        implements Resource {
    public static final int SQL_LENGTH_MAX = 100_000;
    public static final int INPUTS_MAX = 100;
    public static final int PARALLELISM_MAX = 128;
    public static final ByteSize STATE_DEFAULT = new ByteSize(1L << 30);
    public static final Duration CHECKPOINT_DEFAULT = Duration.ofSeconds(10);

    private static final String OUTPUT_VIEW = "output.view";
    private static final Duration CHECKPOINT_MIN = Duration.ofMillis(100);
    private static final Duration CHECKPOINT_MAX = Duration.ofHours(1);

    /// What becomes of a query whose state cannot be kept.
    private enum OnStateLoss {
        REFUSE,
        RESTART
    }

    public QueryResource {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    }

    /// Reads the fields of a document of this kind.
    ///
    /// @return `null` if something is wrong, which has been added to the problems then
    public static @Nullable QueryResource read(
            ResourceDocument document, ProblemCollector problems) {
        int before = problems.size();
        Fields fields = ResourceFields.of(document, ResourceKind.QUERY, problems);
        Map<String, QueryInput> inputs = inputs(fields);
        fields.require("sql", "output");
        String sql = sql(fields);
        Fields to = fields.object("output");
        QueryOutput output = fields.has("output") ? QueryOutput.read(to, document.name()) : null;
        StartPoint start = start(fields);
        EventTimeRules eventTime = EventTimeRules.read(fields.object("eventTime"), document.name());
        Long parallelism = fields.integer("parallelism", 1, PARALLELISM_MAX);
        Duration checkpoint =
                ResourceFields.duration(fields, "checkpointEvery", CHECKPOINT_MIN, CHECKPOINT_MAX);
        ByteSize state = fields.parsed("stateMax", ByteSize::parse);
        OnStateLoss loss = fields.oneOf("onStateLoss", OnStateLoss.class);
        QueryCluster cluster = QueryCluster.read(fields);
        fields.end();
        if (sql == null || output == null || problems.size() > before) {
            return null;
        }
        return new QueryResource(
                document.name(),
                inputs,
                sql,
                output,
                Objects.requireNonNullElse(start, new StartPoint.Latest()),
                eventTime,
                parallelism == null ? 1 : parallelism.intValue(),
                Objects.requireNonNullElse(checkpoint, CHECKPOINT_DEFAULT),
                Objects.requireNonNullElse(state, STATE_DEFAULT),
                loss == OnStateLoss.RESTART,
                cluster);
    }

    /// Reads the inputs of a document or request, in their order.
    public static Map<String, QueryInput> inputs(Fields fields) {
        Map<String, QueryInput> inputs = new LinkedHashMap<>();
        Fields all = fields.object("inputs");
        for (String name : all.keys()) {
            if (inputs.size() >= INPUTS_MAX) {
                fields.wrong("inputs", "must be at most " + INPUTS_MAX);
                break;
            }
            if (name.isBlank() || name.length() > QueryInput.NAME_LENGTH_MAX) {
                fields.wrong(
                        "inputs",
                        "must have names of 1 to %d characters"
                                .formatted(QueryInput.NAME_LENGTH_MAX));
            }
            QueryInput input = QueryInput.read(all.object(name));
            if (input != null) {
                inputs.put(name, input);
            }
        }
        return inputs;
    }

    /// Reads the field `sql` of a document or request.
    ///
    /// @return `null` if it is absent or wrong, the latter of which has been reported then
    public static @Nullable String sql(Fields fields) {
        String sql = fields.string("sql");
        if (sql == null) {
            return null;
        }
        if (sql.isBlank() || sql.length() > SQL_LENGTH_MAX) {
            fields.wrong(
                    "sql",
                    "must be a statement of at most %d characters".formatted(SQL_LENGTH_MAX));
            return null;
        }
        // Not at its beginning, so that lines count as they were written.
        return sql.stripTrailing();
    }

    /// Reads the field `start` of a document or request.
    ///
    /// @return `null` if it is absent or wrong, which has been reported then
    public static @Nullable StartPoint start(Fields fields) {
        return fields.parsed("start", QueryResource::start);
    }

    private static StartPoint start(String text) {
        String expected = "must be earliest, latest, or a time such as 2026-03-01T12:00:00Z";
        StartPoint start;
        try {
            start = StartPoint.parse(text);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException(expected);
        }
        if (start instanceof StartPoint.Position) {
            throw new IllegalArgumentException(expected);
        }
        return start;
    }

    /// Another statement of the same name, with what it says of its tables.
    public QueryResource with(String otherSql) {
        return new QueryResource(
                name,
                inputs,
                otherSql,
                output,
                start,
                eventTime,
                parallelism,
                checkpointEvery,
                stateMax,
                restartsOnStateLoss,
                cluster);
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.QUERY;
    }

    @Override
    public List<ResourceReference> references() {
        List<ResourceReference> references = new ArrayList<>();
        inputs.forEach((table, input) -> {
            if (input.view() != null) {
                references.add(
                        new ResourceReference(
                                "inputs.%s.view".formatted(table),
                                ResourceKind.VIEW,
                                input.view()));
            }
        });
        if (output instanceof QueryOutput.ToView to) {
            references.add(new ResourceReference(OUTPUT_VIEW, ResourceKind.VIEW, to.view()));
        }
        return references;
    }

    @Override
    public @Nullable String objection(ResourceReference reference, Resource other) {
        return reference.path().equals(OUTPUT_VIEW)
                        && other instanceof ViewResource view
                        && view.from() != null
                ? "the view %s has a from: events feed it, so no query can fill it"
                        .formatted(view.name())
                : null;
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("kind", kind().word());
        document.put("name", name);
        ObjectNode tables = document.putObject("inputs");
        inputs.forEach((table, input) -> input.writeTo(tables.putObject(table)));
        document.put("sql", sql);
        output.writeTo(document.putObject("output"));
        document.put("start", start.print());
        eventTime.writeTo(document.putObject("eventTime"));
        document.put("parallelism", parallelism);
        document.put("checkpointEvery", Durations.print(checkpointEvery));
        document.put("stateMax", stateMax.toString());
        document.put(
                "onStateLoss",
                Fields.word(restartsOnStateLoss ? OnStateLoss.RESTART : OnStateLoss.REFUSE));
        if (cluster != null) {
            cluster.writeTo(document);
        }
        return document;
    }
}
