package io.millrace.gateway.http.resource;

import io.millrace.broker.Administration;
import io.millrace.broker.ApplyResult;
import io.millrace.broker.Precondition;
import io.millrace.config.DocumentReader;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.Router;
import io.millrace.gateway.http.exchange.Route;
import io.millrace.gateway.http.message.Accept;
import io.millrace.gateway.http.message.Query;
import io.millrace.resource.Resource;
import io.millrace.resource.ResourceDiff;
import io.millrace.resource.ResourceDocument;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ResourceReader;
import io.millrace.security.Principal;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Resources of every kind: list, read, put, delete, and apply for several documents at once.
public final class ResourceEndpoints {
    private static final String JSON = "application/json";
    private static final String YAML = "application/yaml";

    private final Supplier<Administration> administration;
    private final ResourceReader reader = new ResourceReader();
    private final YAMLMapper yaml = new YAMLMapper();

    public ResourceEndpoints(Supplier<Administration> administration) {
        this.administration = administration;
    }

    /// Adds the paths of all kinds. Those that the server does not have answer that it has none.
    public Router addTo(Router router) {
        for (ResourceKind kind : ResourceKind.values()) {
            String all = "/api/v1/" + kind.plural();
            String one = all + "/{}";
            Route route =
                    switch (kind) {
                        case STREAM -> Route.STREAMS;
                        case QUEUE -> Route.QUEUES;
                        case SUBSCRIPTION -> Route.SUBSCRIPTIONS;
                        case QUERY -> Route.QUERIES;
                        case SCHEDULE -> Route.OTHER;
                        case VIEW -> Route.VIEWS;
                    };
            router.add(route, HttpMethod.GET, all, call -> list(kind, call))
                    .add(route, HttpMethod.GET, one, call -> get(kind, call))
                    .add(route, HttpMethod.PUT, one, call -> put(kind, call))
                    .add(route, HttpMethod.DELETE, one, call -> delete(kind, call));
        }
        return router.add(Route.APPLY, HttpMethod.POST, "/api/v1/apply", this::apply);
    }

    /// `GET /api/v1/{kinds}`.
    private Answer list(ResourceKind kind, Call call) {
        call.query();
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode items = document.putArray("items");
        administration
                .get()
                .list(Principal.LOCAL, kind)
                .forEach(resource -> items.add(resource.toJson()));
        return answer(call, 200, document);
    }

    /// `GET /api/v1/{kinds}/{name}`.
    private Answer get(ResourceKind kind, Call call) {
        call.query();
        Resource resource = administration.get().get(Principal.LOCAL, kind, call.variable());
        String etag = resource.etag();
        String known = call.header("if-none-match");
        if (known != null
                && (known.equals("*") || List.of(known.split("\\s*,\\s*")).contains(etag))) {
            return Answer.empty(304).with("etag", etag);
        }
        return answer(call, 200, resource.toJson()).with("etag", etag);
    }

    /// `PUT /api/v1/{kinds}/{name}`.
    private Answer put(ResourceKind kind, Call call) {
        call.query();
        ResourceDocument document =
                reader.readOne(call.content(), format(call), kind.word(), call.variable());
        ApplyResult result =
                administration.get().put(Principal.LOCAL, document, precondition(call));
        int status = result.outcome() == ApplyResult.Outcome.CREATED ? 201 : 200;
        Answer answer =
                answer(call, status, result.resource().toJson())
                        .with("etag", result.resource().etag());
        return status == 201 ? answer.with("location", call.target().path()) : answer;
    }

    /// `DELETE /api/v1/{kinds}/{name}`.
    private Answer delete(ResourceKind kind, Call call) {
        call.query();
        administration.get().delete(Principal.LOCAL, kind, call.variable(), precondition(call));
        return Answer.empty(204);
    }

    /// `POST /api/v1/apply`.
    private Answer apply(Call call) {
        boolean dryRun = flag(call.query("dryRun"), "dryRun");
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        List<ResourceDocument> documents = reader.read(call.content(), format(call), problems);
        if (!problems.isEmpty()) {
            throw new MillraceException(alsoWrong(documents, problems).problems());
        }
        List<ApplyResult> results = administration.get().apply(Principal.LOCAL, documents, dryRun);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("dryRun", dryRun);
        ArrayNode list = answer.putArray("results");
        results.forEach(result -> write(list.addObject(), result));
        return answer(call, 200, answer);
    }

    /// What is wrong inside the documents whose kind and name could be read, so that one answer
    /// tells everything.
    private ProblemCollector alsoWrong(
            List<ResourceDocument> documents, ProblemCollector problems) {
        try {
            administration.get().apply(Principal.LOCAL, documents, true);
        } catch (MillraceException e) {
            e.problems().forEach(problems::add);
        }
        return problems;
    }

    private static void write(ObjectNode target, ApplyResult result) {
        target.put("kind", result.resource().kind().word());
        target.put("name", result.resource().name());
        target.put("outcome", result.outcome().name().toLowerCase(Locale.ROOT));
        target.put("etag", result.resource().etag());
        ArrayNode changes = target.putArray("changes");
        for (ResourceDiff.Change change : result.diff().changes()) {
            ObjectNode node = changes.addObject().put("path", change.path());
            if (change.before() != null) {
                node.put("before", change.before());
            }
            if (change.after() != null) {
                node.put("after", change.after());
            }
        }
    }

    private static boolean flag(Query query, String name) {
        String text = query.one(name);
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.isEmpty() || text.equals("true")) {
            return true;
        }
        throw new MillraceException(ErrorCode.REQUEST_INVALID, name, "must be true or false");
    }

    private static Precondition precondition(Call call) {
        String isNew = call.header("if-none-match");
        if (isNew != null && !isNew.strip().equals("*")) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "if-none-match",
                    "can only be * when something is changed");
        }
        String match = call.header("if-match");
        return new Precondition(match == null ? null : match.strip(), isNew != null);
    }

    private static DocumentReader.Format format(Call call) {
        String type = mediaType(call.contentType());
        return switch (type) {
            case JSON, "" -> DocumentReader.Format.JSON;
            case YAML, "application/x-yaml", "text/yaml", "text/x-yaml" ->
                    DocumentReader.Format.YAML;
            default ->
                    throw new MillraceException(
                            ErrorCode.MEDIA_TYPE_UNSUPPORTED,
                            "content-type",
                            "must be application/json or application/yaml");
        };
    }

    private static String mediaType(@Nullable String contentType) {
        if (contentType == null) {
            return "";
        }
        int semicolon = contentType.indexOf(';');
        String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return type.strip().toLowerCase(Locale.ROOT);
    }

    private Answer answer(Call call, int status, ObjectNode document) {
        String type = Accept.choose(call.header("accept"), List.of(JSON, YAML));
        String text = type.equals(JSON) ? document.toString() : yaml.writeValueAsString(document);
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return new Answer(status, type, body, Map.of("cache-control", "no-cache"));
    }
}
