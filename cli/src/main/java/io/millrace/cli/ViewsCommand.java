package io.millrace.cli;

import io.millrace.cli.http.Api;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Table;
import io.millrace.cli.text.Table.Align;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/// `millrace views`: what is looked up where.
@Command(
        name = "views",
        description = {
            "Lists the views.",
            "LAG is how many stored events a view has not looked at yet, SKIPPED how many events "
                    + "lacked a part of its key."
        },
        footer = {
            "  millrace views",
            "  millrace views --output json | jq '{name, state, keys}'",
        })
final class ViewsCommand implements Callable<Integer> {
    private final Millrace millrace;

    ViewsCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() {
        boolean asJson = millrace.asJson();
        JsonNode items;
        try (Api api = millrace.api()) {
            items = api.send(api.get("/views").build()).json(millrace.json()).path("items");
        }
        if (asJson) {
            items.forEach(status -> millrace.print(millrace.json().write(status)));
        } else if (items.isEmpty()) {
            millrace.notice("There are no views.");
        } else {
            table(items).lines(millrace.surroundings().outStyle()).forEach(millrace::print);
        }
        return CommandFailure.OK;
    }

    private static Table table(JsonNode items) {
        Table table =
                new Table()
                        .column("NAME", Align.LEFT)
                        .column("STATE", Align.LEFT)
                        .column("FED BY", Align.LEFT)
                        .column("KEYS", Align.RIGHT)
                        .column("BYTES", Align.RIGHT)
                        .column("LAG", Align.RIGHT)
                        .column("SKIPPED", Align.RIGHT)
                        .column("PROBLEM", Align.LEFT);
        for (JsonNode status : items) {
            table.row(
                    status.path("name").asString(""),
                    status.path("state").asString(""),
                    fedBy(status.path("fedBy")),
                    status.path("keys").asString(""),
                    status.path("bytes").asString(""),
                    status.path("lag").path("events").asString(""),
                    status.path("skipped").asString(""),
                    status.path("problem").asString("-"));
        }
        return table;
    }

    private static String fedBy(JsonNode by) {
        String pattern = by.path("pattern").asString("");
        String query = by.path("query").asString("");
        return !pattern.isEmpty() ? pattern : query.isEmpty() ? "a query" : "query " + query;
    }
}
