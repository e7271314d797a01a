package io.millrace.cli;

import io.millrace.cli.consume.Consumed;
import io.millrace.cli.consume.StatusTables;
import io.millrace.cli.http.Answer;
import io.millrace.cli.http.Api;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Table;
import io.millrace.cli.text.Visible;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What `millrace subscriptions` and `millrace queues` do alike.
final class GroupCommands {
    private final Millrace millrace;
    private final Consumed.Kind kind;

    GroupCommands(Millrace millrace, Consumed.Kind kind) {
        this.millrace = millrace;
        this.kind = kind;
    }

    /// Lists all.
    int list(BiFunction<StatusTables, List<JsonNode>, Table> format) {
        boolean asJson = millrace.asJson();
        List<JsonNode> statuses = new ArrayList<>();
        try (Api api = millrace.api()) {
            JsonNode ledger = api.send(api.get("/api/v1/ledger").build()).json(millrace.json());
            for (JsonNode status : ledger.path("items")) {
                if (status.path("kind").asString("").equals(kind.title())) {
                    statuses.add(status);
                }
            }
        }
        if (asJson) {
            statuses.forEach(status -> millrace.print(millrace.json().write(status)));
        } else if (statuses.isEmpty()) {
            millrace.notice("There are no %s.".formatted(kind.plural()));
        } else {
            print(format.apply(tables(), statuses));
        }
        return CommandFailure.OK;
    }

    /// Shows one.
    int show(String name) {
        boolean asJson = millrace.asJson();
        JsonNode status;
        try (Api api = millrace.api()) {
            String path = new Consumed(kind, name).resource() + "/status";
            status = api.send(api.get(path).build()).json(millrace.json());
        }
        if (asJson) {
            millrace.print(millrace.json().write(status));
        } else {
            print(tables().one(status));
        }
        return CommandFailure.OK;
    }

    /// Does something with each, which has no more to say than that it is done.
    int each(List<String> names, String action, String outcome) {
        var _ = millrace.asJson();
        try (Api api = millrace.api()) {
            for (String name : names) {
                post(api, new Consumed(kind, name).path(action), null);
                outcome(name, outcome);
            }
        }
        return CommandFailure.OK;
    }

    /// Sends a request with a JSON body, or none.
    Answer post(Api api, String path, @Nullable JsonNode body) {
        var request = api.request(path);
        return api.send(
                body == null
                        ? request.POST(BodyPublishers.noBody()).build()
                        : request.header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(millrace.json().write(body)))
                                .build());
    }

    /// Says what was done.
    void outcome(String name, String outcome) {
        if (millrace.asJson()) {
            millrace.print(
                    millrace.json()
                            .write(
                                    millrace.json()
                                            .object()
                                            .put("kind", kind.title())
                                            .put("name", name)
                                            .put("outcome", outcome)));
        } else {
            millrace.print(
                    "%s %s %s".formatted(kind.title(), Visible.of(name), Visible.of(outcome)));
        }
    }

    private StatusTables tables() {
        return new StatusTables(millrace.surroundings().time().now());
    }

    private void print(Table table) {
        table.lines(millrace.surroundings().outStyle()).forEach(millrace::print);
    }
}
