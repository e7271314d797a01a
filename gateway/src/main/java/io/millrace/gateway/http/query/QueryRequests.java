package io.millrace.gateway.http.query;

import io.millrace.broker.query.AdHocQuery;
import io.millrace.config.DocumentReader;
import io.millrace.config.Fields;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Timestamp;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.message.JsonBody;
import io.millrace.io.Clock;
import io.millrace.resource.EventTimeRules;
import io.millrace.resource.QueryInput;
import io.millrace.resource.QueryResource;
import io.millrace.resource.ResourceDocument;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.StartPoint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Reads the bodies of requests about queries. Thread-safe.
final class QueryRequests {
    static final int SAMPLES_DEFAULT = 1_000;
    static final int SAMPLES_MAX = 100_000;

    /// No query can be called so.
    private static final String NAMELESS = "-";

    private static final String NOW = "now";

    private final DocumentReader documents = new DocumentReader();
    private final Clock clock;

    QueryRequests(Clock clock) {
        this.clock = clock;
    }

    /// What samples are asked for.
    record Inference(QueryInput input, int samples) {}

    private ObjectNode document(Call call) {
        JsonBody.check(call.contentType());
        List<ObjectNode> read =
                documents.read(
                        call.content(), DocumentReader.Format.JSON, ErrorCode.REQUEST_INVALID);
        if (read.size() != 1) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "the body must be one JSON object, but has %d".formatted(read.size()));
        }
        return read.getFirst();
    }

    private static <T> T whole(@Nullable T read, ProblemCollector problems) {
        problems.throwIfAny();
        return Objects.requireNonNull(read);
    }

    /// A query as a document, which may leave out what only a query that is set up needs: kind,
    /// name and output.
    QueryResource query(Call call) {
        ObjectNode tree = document(call);
        String word = ResourceKind.QUERY.word();
        String name = NAMELESS;
        if (!tree.hasNonNull("kind")) {
            tree.put("kind", word);
        }
        if (tree.hasNonNull("name")) {
            name = tree.get("name").asString("");
        } else {
            tree.put("name", name);
        }
        if (!tree.hasNonNull("output")) {
            tree.putObject("output").put("context", "/results");
        }
        ProblemCollector problems = new ProblemCollector(ErrorCode.REQUEST_INVALID);
        ResourceDocument document = new ResourceDocument(word, name, "", tree);
        return whole(QueryResource.read(document, problems), problems);
    }

    /// A statement that is run once.
    AdHocQuery run(Call call) {
        ProblemCollector problems = new ProblemCollector(ErrorCode.REQUEST_INVALID);
        Fields fields = new Fields(document(call), "", problems);
        fields.require("sql");
        String sql = QueryResource.sql(fields);
        Map<String, QueryInput> inputs = QueryResource.inputs(fields);
        StartPoint start = QueryResource.start(fields);
        Instant until = fields.parsed("until", this::moment);
        Long max = fields.integer("max", 1, Long.MAX_VALUE);
        EventTimeRules time = EventTimeRules.read(fields.object("eventTime"), NAMELESS);
        Long parallelism = fields.integer("parallelism", 1, QueryResource.PARALLELISM_MAX);
        fields.end();
        return new AdHocQuery(
                whole(sql, problems),
                inputs,
                Objects.requireNonNullElse(start, new StartPoint.Earliest()),
                until,
                withoutLateContext(time),
                parallelism == null ? 1 : parallelism.intValue(),
                max == null ? Long.MAX_VALUE : max);
    }

    /// What somebody looks at publishes nothing.
    private static EventTimeRules withoutLateContext(EventTimeRules rules) {
        return new EventTimeRules(
                rules.delay(), rules.idle(), rules.lateness(), rules.ahead(), null);
    }

    private Instant moment(String text) {
        if (text.equals(NOW)) {
            return Instant.ofEpochMilli(clock.epochMillis());
        }
        try {
            return Timestamp.parse("until", text).instant();
        } catch (MillraceException _) {
            throw new IllegalArgumentException(
                    "must be now, or a time such as 2026-03-01T12:00:00Z");
        }
    }

    /// An input whose schema is to be learned.
    Inference inference(Call call) {
        ObjectNode tree = document(call);
        ProblemCollector problems = new ProblemCollector(ErrorCode.REQUEST_INVALID);
        Long samples = new Fields(tree, "", problems).integer("samples", 1, SAMPLES_MAX);
        ObjectNode input = tree.deepCopy();
        input.remove("samples");
        return new Inference(
                whole(QueryInput.read(new Fields(input, "", problems)), problems),
                samples == null ? SAMPLES_DEFAULT : samples.intValue());
    }
}
