package io.millrace.gateway.http.subscription;

import io.millrace.broker.Administration;
import io.millrace.broker.Precondition;
import io.millrace.config.DocumentReader;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.Router;
import io.millrace.gateway.http.exchange.Route;
import io.millrace.io.Clock;
import io.millrace.resource.Resource;
import io.millrace.resource.ResourceDocument;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ResourceReader;
import io.millrace.security.Principal;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The CloudEvents Subscriptions API, section 3.2.5 and subscriptions-openapi.yaml, over the
/// subscriptions that push; the id is the name. Others have no sink and are not shown here.
public final class SubscriptionsApi {
    private static final String JSON = "application/json";
    private static final String ALL = "/subscriptions";
    private static final String ONE = "/subscriptions/{}";
    private static final int TRIES = 5;

    private final Supplier<Administration> administration;
    private final Clock clock;
    private final DocumentReader reader = new DocumentReader();

    public SubscriptionsApi(Supplier<Administration> administration, Clock clock) {
        this.administration = administration;
        this.clock = clock;
    }

    /// Adds the paths.
    public Router addTo(Router router) {
        Route route = Route.SUBSCRIPTIONS;
        return router.add(route, HttpMethod.GET, ALL, this::list)
                .add(route, HttpMethod.POST, ALL, this::create)
                .add(route, HttpMethod.OPTIONS, ALL, _ -> allow("GET, POST, OPTIONS"))
                .add(route, HttpMethod.GET, ONE, this::get)
                .add(route, HttpMethod.PUT, ONE, this::update)
                .add(route, HttpMethod.DELETE, ONE, this::delete)
                .add(route, HttpMethod.OPTIONS, ONE, _ -> allow("GET, PUT, DELETE, OPTIONS"));
    }

    private static Answer allow(String methods) {
        return Answer.empty(200).with("allow", methods);
    }

    private Answer list(Call call) {
        call.query();
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (Resource resource :
                administration.get().list(Principal.LOCAL, ResourceKind.SUBSCRIPTION)) {
            ObjectNode document = resource.toJson();
            if (SubscriptionForm.has(document)) {
                all.add(SubscriptionForm.of(document));
            }
        }
        return answer(200, all);
    }

    private Answer get(Call call) {
        call.query();
        return answer(200, SubscriptionForm.of(existing(call)));
    }

    private ObjectNode existing(Call call) {
        String name = call.variable();
        ObjectNode document =
                administration.get().get(Principal.LOCAL, ResourceKind.SUBSCRIPTION, name).toJson();
        if (!SubscriptionForm.has(document)) {
            throw new MillraceException(
                    ErrorCode.SUBSCRIPTION_NOT_FOUND,
                    "the subscription %s has no sink; it is at /api/v1/subscriptions/%s"
                            .formatted(name, name));
        }
        return document;
    }

    /// The id is the server's to choose, but one that is proposed is taken.
    private Answer create(Call call) {
        call.query();
        ProblemCollector problems = new ProblemCollector(ErrorCode.REQUEST_INVALID);
        SubscriptionForm form = new SubscriptionForm(body(call), problems);
        String proposed = form.id();
        if (proposed != null && !ResourceReader.isName(proposed)) {
            problems.add("id", "must be 1 to 63 of a-z, 0-9 and -, not beginning with -");
        }
        String first = proposed == null ? freshId(call.content(), 0) : proposed;
        ObjectNode document = form.document(first, null);
        problems.throwIfAny();
        for (int i = 1; ; i++) {
            String name = document.get("name").stringValue();
            try {
                ObjectNode created = put(document, new Precondition(null, true));
                return answer(201, created).with("location", ALL + "/" + name);
            } catch (MillraceException e) {
                if (e.code() != ErrorCode.PRECONDITION_FAILED) {
                    throw e;
                }
                if (proposed != null || i == TRIES) {
                    throw new MillraceException(
                            ErrorCode.RESOURCE_CONFLICT,
                            "id",
                            "there is a subscription %s already".formatted(name));
                }
                document.put("name", freshId(call.content(), i));
            }
        }
    }

    private Answer update(Call call) {
        call.query();
        ProblemCollector problems = new ProblemCollector(ErrorCode.REQUEST_INVALID);
        SubscriptionForm form = new SubscriptionForm(body(call), problems);
        ObjectNode existing = existing(call);
        String id = form.id();
        if (id != null && !id.equals(call.variable())) {
            problems.add("id", "must be \"%s\", as in the address".formatted(call.variable()));
        }
        ObjectNode document = form.document(call.variable(), existing);
        problems.throwIfAny();
        return answer(200, put(document, new Precondition("*", false)));
    }

    /// Gives the subscription that is gone, as section 3.2.5.5 wants it.
    private Answer delete(Call call) {
        call.query();
        ObjectNode gone = SubscriptionForm.of(existing(call));
        administration
                .get()
                .delete(
                        Principal.LOCAL,
                        ResourceKind.SUBSCRIPTION,
                        call.variable(),
                        Precondition.NONE);
        return answer(200, gone);
    }

    private ObjectNode put(ObjectNode document, Precondition precondition) {
        String name = document.get("name").stringValue();
        String kind = ResourceKind.SUBSCRIPTION.word();
        try {
            Resource resource =
                    administration
                            .get()
                            .put(
                                    Principal.LOCAL,
                                    new ResourceDocument(kind, name, "", document),
                                    precondition)
                            .resource();
            return SubscriptionForm.of(resource.toJson());
        } catch (MillraceException e) {
            throw new MillraceException(
                    e.problems().stream().map(SubscriptionForm::translated).toList());
        }
    }

    private ObjectNode body(Call call) {
        String type = call.contentType();
        if (type != null && !type.toLowerCase(Locale.ROOT).strip().startsWith(JSON)) {
            throw new MillraceException(
                    ErrorCode.MEDIA_TYPE_UNSUPPORTED, "content-type", "must be application/json");
        }
        List<ObjectNode> documents =
                reader.read(call.content(), DocumentReader.Format.JSON, ErrorCode.REQUEST_INVALID);
        if (documents.size() != 1) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID, "the body must be one JSON object");
        }
        return documents.getFirst();
    }

    /// Hard to meet twice: of what was sent, and when.
    private String freshId(Bytes content, int attempt) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(content.toArray());
            String when = " %d %d %d".formatted(clock.epochMillis(), clock.nanoTime(), attempt);
            byte[] hash = digest.digest(when.getBytes(StandardCharsets.UTF_8));
            return "s-" + HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static Answer answer(int status, JsonNode document) {
        byte[] body = document.toString().getBytes(StandardCharsets.UTF_8);
        return Answer.of(status, JSON, body).with("cache-control", "no-cache");
    }
}
