package io.millrace.resource;

import io.millrace.config.Fields;
import io.millrace.config.ProblemCollector;
import io.millrace.delivery.DeliverySpec;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.Timestamp;
import io.millrace.event.transform.Transform;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A subscription as it is set up: a durable interest in events, and how they are delivered.
///
/// ```yaml
/// kind: Subscription
/// name: alarms
/// pattern: /org/contoso/**          # required
/// stream: readings                  # only events of this one; it need not be there yet
/// types: [com.example.alarm]        # exact; ending in * a prefix
/// source: /sensors                  # exact
/// filters: [ {prefix: {type: com.}} ]
/// start: latest                     # earliest, latest, a time, a position; used once, at creation
/// order: none                       # none, key
/// outstanding: 10000                # how many may be leased, waiting or deferred at once
/// transform: "$merge([$, {'subject': 'x'}])"
/// expires: 2027-01-01T00:00:00Z     # the subscription is deleted then
/// pull:                             # one of pull (the default), push, context and queue
///   lease: 60s
///   deliveriesMax: 10
///   retry: [0s]
/// ```
///
/// @param start used once, when it is created
/// @param outstandingMax how many events may be leased, waiting or deferred at once
/// @param transform a JSONata expression that [Transform#of] takes; `null` for none
/// @param expires when it is deleted; `null` for never
public record SubscriptionResource(
        String name,
        Selection selection,
        StartPoint start,
        DeliveryOrder order,
        int outstandingMax,
        @Nullable String transform,
        @Nullable Instant expires,
        Delivery delivery)
        implements Resource {
    public static final int OUTSTANDING_DEFAULT = 10_000;
    public static final int OUTSTANDING_LIMIT = 1_000_000;

    private static final Context RESERVED = Context.of("/millrace");
    private static final List<String> DELIVERIES = List.of("pull", "push", "context", "queue");

    /// Reads the fields of a document of this kind.
    ///
    /// @return `null` if something is wrong, which has been added to the problems then
    public static @Nullable SubscriptionResource read(
            ResourceDocument document, ProblemCollector problems) {
        int before = problems.size();
        Fields fields = ResourceFields.of(document, ResourceKind.SUBSCRIPTION, problems);
        Selection selection = Selection.read(fields, document.tree());
        StartPoint start = fields.parsed("start", StartPoint::parse);
        DeliveryOrder order = fields.oneOf("order", DeliveryOrder.class);
        Long outstanding = fields.integer("outstanding", 1, OUTSTANDING_LIMIT);
        String transform = transform(fields);
        Instant expires = fields.parsed("expires", SubscriptionResource::moment);
        Delivery delivery = delivery(fields);
        fields.end();
        if (selection != null && transform == null && delivery instanceof Delivery.ToContext to) {
            refuseCircle(fields, selection, to.context());
        }
        if (selection == null || delivery == null || problems.size() > before) {
            return null;
        }
        return new SubscriptionResource(
                document.name(),
                selection,
                Objects.requireNonNullElse(start, new StartPoint.Latest()),
                Objects.requireNonNullElse(order, DeliveryOrder.NONE),
                outstanding == null ? OUTSTANDING_DEFAULT : outstanding.intValue(),
                transform,
                expires,
                delivery);
    }

    private static @Nullable String transform(Fields fields) {
        String expression = fields.string("transform");
        if (expression == null) {
            return null;
        }
        try {
            return Transform.of(expression).expression();
        } catch (MillraceException e) {
            ResourceFields.wrong(fields, "transform", e);
            return null;
        }
    }

    private static Instant moment(String text) {
        try {
            return Timestamp.parse("expires", text).instant();
        } catch (MillraceException _) {
            throw new IllegalArgumentException(
                    "must be a time with its offset such as 2027-01-01T00:00:00Z");
        }
    }

    private static @Nullable Delivery delivery(Fields fields) {
        List<String> given = DELIVERIES.stream().filter(fields::has).toList();
        if (given.size() > 1) {
            fields.wrong(
                    given.getLast(),
                    "cannot be together with %s: a subscription delivers in one way"
                            .formatted(given.getFirst()));
        }
        Fields pull = fields.object("pull");
        LeasePolicy leasing = LeasePolicy.read(pull);
        pull.end();
        boolean pushes = fields.has(DeliverySpec.PATH);
        Fields push = fields.object(DeliverySpec.PATH);
        DeliverySpec spec = pushes ? DeliverySpec.read(push) : null;
        Context context = ResourceFields.context(fields, "context");
        String queue = ResourceFields.name(fields, "queue");
        if (context != null && RESERVED.covers(context)) {
            fields.wrong("context", "only the server itself publishes in /millrace");
        }
        if (pushes) {
            return spec == null ? null : new Delivery.Push(spec);
        }
        if (context != null) {
            return new Delivery.ToContext(context);
        }
        return queue == null ? new Delivery.Pull(leasing) : new Delivery.ToQueue(queue);
    }

    /// An event that is published unchanged where the subscription finds it again would go round
    /// for ever.
    private static void refuseCircle(Fields fields, Selection selection, Context context) {
        if (selection.pattern().matches(context)) {
            fields.wrong(
                    "context",
                    "is covered by the pattern, so each event would be delivered again and again");
        }
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.SUBSCRIPTION;
    }

    @Override
    public List<ResourceReference> references() {
        return delivery instanceof Delivery.ToQueue(String queue)
                ? List.of(new ResourceReference("queue", ResourceKind.QUEUE, queue))
                : List.of();
    }

    private @Nullable DeliverySpec push() {
        return delivery instanceof Delivery.Push(DeliverySpec spec) ? spec : null;
    }

    private SubscriptionResource with(DeliverySpec spec) {
        return new SubscriptionResource(
                name,
                selection,
                start,
                order,
                outstandingMax,
                transform,
                expires,
                new Delivery.Push(spec));
    }

    @Override
    public Map<String, String> secrets() {
        DeliverySpec push = push();
        return push == null ? Map.of() : push.secrets();
    }

    @Override
    public List<String> missingSecrets() {
        DeliverySpec push = push();
        return push == null ? List.of() : push.missingSecrets();
    }

    @Override
    public SubscriptionResource withSecrets(Map<String, String> secrets) {
        DeliverySpec push = push();
        return push == null ? this : with(push.withSecrets(secrets));
    }

    @Override
    public @Nullable SubscriptionResource keepingSecretsOf(
            @Nullable Resource before, ProblemCollector problems) {
        DeliverySpec push = push();
        if (push == null) {
            return this;
        }
        DeliverySpec known = before instanceof SubscriptionResource that ? that.push() : null;
        DeliverySpec kept = push.keepingSecretsOf(known, problems);
        return kept == null ? null : with(kept);
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("kind", kind().word());
        document.put("name", name);
        selection.writeTo(document);
        document.put("start", start.print());
        document.put("order", Fields.word(order));
        document.put("outstanding", outstandingMax);
        if (transform != null) {
            document.put("transform", transform);
        }
        if (expires != null) {
            document.put("expires", expires.toString());
        }
        switch (delivery) {
            case Delivery.Pull(LeasePolicy leasing) -> leasing.writeTo(document.putObject("pull"));
            case Delivery.Push(DeliverySpec spec) ->
                    spec.writeTo(document.putObject(DeliverySpec.PATH));
            case Delivery.ToContext(Context context) -> document.put("context", context.path());
            case Delivery.ToQueue(String queue) -> document.put("queue", queue);
        }
        return document;
    }
}
