package io.millrace.cli;

import io.millrace.cli.consume.Consumed;
import io.millrace.cli.consume.Lease;
import io.millrace.cli.consume.Settlements;
import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.input.DurationText;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Visible;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `millrace receive`: leases of events or jobs.
@Command(
        name = "receive",
        description = {
            "Receives events from a pull subscription, or jobs from a queue.",
            "Each is leased: settle it with 'millrace settle' before the lease ends, or "
                    + "it is given out again."
        },
        footer = {
            "  millrace receive alarms --max 10 --wait 20s",
            "  millrace receive orders --queue --complete",
            "  millrace receive orders --queue --deferred 4-17",
            "  millrace receive orders --queue --output json | jq -r .token",
        })
final class ReceiveCommand implements Callable<Integer> {
    private final Millrace millrace;
    private final EnvelopePrinter printer;

    @Parameters(paramLabel = "NAME", description = "The subscription, or with --queue the queue.")
    private String name = "";

    @Option(names = "--queue", description = "NAME is a queue.")
    private boolean queue;

    @Option(names = "--max", paramLabel = "N", description = "At most so many. Default: 1.")
    private int max = 1;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            description = "How long to wait for the first, at most 60s. Default: 0s.")
    private @Nullable String wait;

    @Option(
            names = "--lease",
            paramLabel = "DURATION",
            description = "How long they are leased. Default: as the resource says.")
    private @Nullable String lease;

    @Option(
            names = {"--ack", "--complete"},
            description = "Settle them as done, once they are written.")
    private boolean done;

    @Option(
            names = "--delete",
            description = "With --queue: each job is done as it is given out, without a lease.")
    private boolean delete;

    @Option(
            names = "--deferred",
            paramLabel = "NUMBER",
            split = ",",
            description =
                    "These, which were set aside: their numbers as 'receive' has shown them, "
                            + "separated by commas.")
    private List<String> deferred = List.of();

    ReceiveCommand(Millrace millrace) {
        this.millrace = millrace;
        this.printer = new EnvelopePrinter(millrace);
    }

    @Override
    public Integer call() {
        EnvelopePrinter.requireMax(max);
        printer.prepare();
        if (delete && (!queue || done || lease != null)) {
            throw CommandFailure.usage(
                    "--delete goes with --queue, and not with --complete or --lease.");
        }
        if (!deferred.isEmpty() && (delete || wait != null || max != 1)) {
            throw CommandFailure.usage("--deferred does not go with --max, --wait or --delete.");
        }
        Consumed.Kind kind = queue ? Consumed.Kind.QUEUE : Consumed.Kind.SUBSCRIPTION;
        Consumed from = new Consumed(kind, name);
        try (Api api = millrace.api()) {
            HttpRequest request =
                    deferred.isEmpty()
                            ? api.request(from.path(action())).POST(BodyPublishers.noBody()).build()
                            : fetching(api, from);
            Optional<JsonNode> answer =
                    api.send(request, () -> !millrace.surroundings().lifetime().stopping())
                            .map(whole -> whole.json(millrace.json()));
            return answer.isEmpty() ? CommandFailure.FAILED : take(api, from, answer.get());
        }
    }

    private HttpRequest fetching(Api api, Consumed from) {
        StringBuilder action = new StringBuilder("deferred");
        duration(action, "lease", lease);
        ObjectNode body = millrace.json().object();
        deferred.forEach(body.putArray("numbers")::add);
        // The first key of the query stands behind a question mark.
        return api.request(from.path(action.toString().replaceFirst("&", "?")))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(millrace.json().write(body)))
                .build();
    }

    private String action() {
        StringBuilder action = new StringBuilder("receive?max=").append(max);
        duration(action, "wait", wait);
        duration(action, "lease", lease);
        return action.append(delete ? "&mode=delete" : "").toString();
    }

    private static void duration(StringBuilder query, String key, @Nullable String text) {
        if (text != null) {
            var _ = DurationText.parse("--" + key, text);
            query.append('&').append(key).append('=').append(Encoding.parameter(text));
        }
    }

    private int take(Api api, Consumed from, JsonNode answer) {
        List<String> tokens = new ArrayList<>();
        for (JsonNode document : answer.path("leases")) {
            show(new Lease(document));
            tokens.add(document.path("token").asString(""));
        }
        if (tokens.isEmpty() && !deferred.isEmpty()) {
            millrace.notice("None of these is set aside.");
            return CommandFailure.FAILED;
        }
        if (tokens.isEmpty()) {
            millrace.notice(
                    "Nothing came%s."
                            .formatted(wait == null ? "; --wait 20s waits" : " in " + wait));
            return CommandFailure.OK;
        }
        if (!done) {
            return CommandFailure.OK;
        }
        if (millrace.outputClosed()) {
            millrace.notice("Nobody read them all, so they are not settled.");
            return CommandFailure.FAILED;
        }
        Settlements settlements = new Settlements(from, millrace.json());
        JsonNode settled =
                api.send(settlements.request(api, settlements.done(), tokens))
                        .json(millrace.json());
        return new SettlementReport(millrace).refusals(settled);
    }

    private void show(Lease lease) {
        if (millrace.asJson()) {
            millrace.print(millrace.json().write(lease.document()));
            return;
        }
        printer.print(lease.envelope(millrace.json()));
        if (!done && !delete) {
            JsonNode document = lease.document();
            String number = document.path("number").asString("");
            millrace.print(
                    millrace.surroundings()
                            .outStyle()
                            .dim(
                                    "  %sdelivery %d, lease until %s, token %s"
                                            .formatted(
                                                    number.isEmpty() ? "" : what() + number + ", ",
                                                    document.path("deliveries").asInt(1),
                                                    Visible.of(
                                                            document.path("deadline").asString("")),
                                                    Visible.of(lease.token()))));
        }
    }

    private String what() {
        return queue ? "job " : "event ";
    }
}
