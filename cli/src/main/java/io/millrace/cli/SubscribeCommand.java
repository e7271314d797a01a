package io.millrace.cli;

import io.millrace.cli.consume.Consumed;
import io.millrace.cli.http.Api;
import io.millrace.cli.http.PatientApi;
import io.millrace.cli.http.ServerProblem;
import io.millrace.cli.http.Unreachable;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.process.Lifetime;
import io.millrace.cli.text.Visible;
import io.millrace.event.ContextPattern;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `millrace subscribe`: events as they come, through a subscription.
@Command(
        name = "subscribe",
        description = {
            "Follows the events that a subscription delivers, until Ctrl-C.",
            "Without --name the subscription is deleted at the end, or one hour after this "
                    + "command has vanished. With --webhook the server pushes them instead."
        },
        footer = {
            "  millrace subscribe '/org/contoso/**' --type 'io.contoso.fire.*'",
            "  millrace subscribe '/org/**' --filter \"type = 'alarm' AND EXISTS subject\"",
            "  millrace subscribe '/org/**' --name audit --from earliest",
            "  millrace subscribe '/org/**' --webhook https://example.com/hook",
        })
final class SubscribeCommand implements Callable<Integer> {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int PRECONDITION_FAILED = 412;

    private final Millrace millrace;
    private final EnvelopePrinter printer;

    @Parameters(
            paramLabel = "PATTERN",
            description =
                    "Contexts: * stands for one segment, a last ** for everything from there on. "
                            + "Quote it, so that the shell leaves it alone.")
    private String pattern = "";

    @Option(
            names = "--filter",
            paramLabel = "SQL",
            description = "Only events for which this CloudEvents SQL expression is true.")
    private @Nullable String filter;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description =
                    "Only this type; ending in * all that begin so. May be given several times.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--source", paramLabel = "URI", description = "Only this source.")
    private @Nullable String source;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description =
                    "The subscription's name. It stays, and the next time goes on where it was.")
    private @Nullable String name;

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            description =
                    "earliest, latest, a time, or a position; used when the subscription is "
                            + "created. Default: latest.")
    private @Nullable String from;

    @Option(
            names = "--webhook",
            paramLabel = "URL",
            description = "Let the server push the events there; nothing is followed here.")
    private @Nullable String webhook;

    @Option(names = "--max", paramLabel = "N", description = "End after so many events.")
    private long max = Long.MAX_VALUE;

    SubscribeCommand(Millrace millrace) {
        this.millrace = millrace;
        this.printer = new EnvelopePrinter(millrace);
    }

    @Override
    public Integer call() throws InterruptedException {
        EnvelopePrinter.requireMax(max);
        printer.prepare();
        String given = name;
        String prefix = webhook == null ? "follow-" : "webhook-";
        String chosen =
                given == null ? prefix + UUID.randomUUID().toString().substring(0, 8) : given;
        Consumed subscription = new Consumed(Consumed.Kind.SUBSCRIPTION, chosen);
        ObjectNode document = document();
        try (Api api = millrace.api();
                Lifetime.Hold _ = millrace.surroundings().lifetime().hold()) {
            if (webhook != null) {
                push(api, subscription, document, webhook);
            } else if (given != null) {
                document.putObject("pull");
                createOrFind(api, subscription, document);
                follow(api, subscription, () -> {});
            } else {
                document.putObject("pull");
                followTemporary(api, subscription, document);
            }
        }
        return CommandFailure.OK;
    }

    private ObjectNode document() {
        ObjectNode document = millrace.json().object();
        document.put("pattern", ContextPattern.of(pattern).toString());
        if (!types.isEmpty()) {
            types.forEach(document.putArray("types")::add);
        }
        if (source != null) {
            document.put("source", source);
        }
        if (filter != null) {
            document.putArray("filters").addObject().put("sql", filter);
        }
        if (from != null) {
            document.put(
                    "start",
                    switch (from) {
                        case "first" -> "earliest";
                        case "next" -> "latest";
                        default -> from;
                    });
        }
        return document;
    }

    private void push(Api api, Consumed subscription, ObjectNode document, String url) {
        document.putObject("push").put("url", url);
        JsonNode created =
                api.send(put(api, subscription, document).header("If-None-Match", "*").build())
                        .json(millrace.json());
        if (millrace.asJson()) {
            millrace.print(millrace.json().write(created));
            return;
        }
        millrace.print(
                "Subscription %s pushes to %s".formatted(subscription.name(), Visible.of(url)));
        millrace.notice("Watch it:  millrace subscriptions show " + subscription.name());
        millrace.notice("Failures:  millrace dead-letters --subscription " + subscription.name());
        millrace.notice("End it:    millrace delete subscription " + subscription.name());
    }

    /// Creates a subscription that is to stay, or goes on with one that is there and asks for the
    /// same. Where to start may differ: that was used when it was created.
    private void createOrFind(Api api, Consumed subscription, ObjectNode document) {
        try {
            api.send(put(api, subscription, document).header("If-None-Match", "*").build());
        } catch (ServerProblem e) {
            if (e.status() != PRECONDITION_FAILED) {
                throw e;
            }
            JsonNode there =
                    api.send(api.get(subscription.resource()).build()).json(millrace.json());
            requireSame(there, document);
            notice("goes on where %s was.".formatted(subscription));
        }
    }

    private void requireSame(JsonNode there, ObjectNode wanted) {
        for (String field : List.of("pattern", "stream", "types", "source", "filters")) {
            JsonNode is = there.path(field);
            JsonNode should = wanted.path(field);
            boolean unset = is.isMissingNode() || (is.isContainer() && is.isEmpty());
            boolean none = unset && should.isMissingNode();
            if (!none && !is.equals(should)) {
                throw different(field);
            }
        }
        for (String other : List.of("push", "context", "queue")) {
            if (there.has(other)) {
                throw different(other);
            }
        }
    }

    private CommandFailure different(String field) {
        return CommandFailure.failed(
                "There is a subscription %s already, and its %s is another. Take another --name."
                        .formatted(name, field));
    }

    private void followTemporary(Api api, Consumed subscription, ObjectNode document)
            throws InterruptedException {
        api.send(put(api, subscription, expiring(document)).header("If-None-Match", "*").build());
        try {
            follow(
                    api,
                    subscription,
                    () -> api.send(put(api, subscription, expiring(document)).build()));
        } finally {
            try {
                api.send(api.request(subscription.resource()).DELETE().build());
            } catch (ServerProblem | Unreachable e) {
                notice(
                        "%s could not be deleted (%s); it expires at %s."
                                .formatted(
                                        subscription,
                                        e.getMessage(),
                                        document.path("expires").asString("")));
            }
        }
    }

    private ObjectNode expiring(ObjectNode document) {
        return document.put(
                "expires",
                millrace.surroundings()
                        .time()
                        .now()
                        .plus(LIFE)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString());
    }

    /// @param keepAlive called now and then, well within the life of a temporary subscription
    private void follow(Api api, Consumed subscription, Runnable keepAlive)
            throws InterruptedException {
        PatientApi patient = new PatientApi(api, millrace.surroundings(), this::notice, PATIENCE);
        new PullFollower(millrace, patient, subscription, printer)
                .follow(max, LIFE.dividedBy(3), keepAlive);
    }

    private HttpRequest.Builder put(Api api, Consumed subscription, ObjectNode document) {
        return api.request(subscription.resource())
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(millrace.json().write(document)));
    }

    private void notice(String sentence) {
        millrace.notice(
                millrace.surroundings().errStyle().yellow("millrace: ") + Visible.of(sentence));
    }
}
