package io.millrace.cli;

import io.millrace.cli.http.Api;
import io.millrace.cli.text.Quantity;
import io.millrace.cli.text.Table;
import io.millrace.cli.text.Table.Align;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/// `millrace streams`: what is stored where.
@Command(
        name = "streams",
        description = "Lists the streams with their mounts, partitions, events and sizes.",
        footer = {
            "  millrace streams",
            "  millrace streams --output json | jq '.streams[] | {name, events}'",
        })
final class StreamsCommand implements Runnable {
    private final Millrace millrace;

    StreamsCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    @Override
    public void run() {
        boolean asJson = millrace.asJson();
        JsonNode status;
        try (Api api = millrace.api()) {
            status = api.send(api.get("/api/v1/status").build()).json(millrace.json());
        }
        if (asJson) {
            millrace.print(millrace.json().write(status));
            return;
        }
        Table table =
                new Table()
                        .column("NAME", Align.LEFT)
                        .column("MOUNT", Align.LEFT)
                        .column("PARTITIONS", Align.RIGHT)
                        .column("EVENTS", Align.RIGHT)
                        .column("SIZE", Align.RIGHT)
                        .column("DURABILITY", Align.LEFT)
                        .column("STATE", Align.LEFT);
        for (JsonNode stream : status.path("streams")) {
            table.row(
                    stream.path("name").asString(""),
                    stream.path("mount").asString(""),
                    Integer.toString(stream.path("partitions").size()),
                    Quantity.count(stream.path("events").asLong(0)),
                    Quantity.bytes(stream.path("bytes").asLong(0)),
                    stream.path("durability").asString(""),
                    state(stream.path("partitions")));
        }
        table.lines(millrace.surroundings().outStyle()).forEach(millrace::print);
    }

    /// `open`, or which partitions are not and why.
    private static String state(JsonNode partitions) {
        StringBuilder failed = new StringBuilder();
        for (JsonNode partition : partitions) {
            String state = partition.path("state").asString("open");
            if (!state.equals("open")) {
                failed.append(failed.isEmpty() ? "" : "; ")
                        .append("partition ")
                        .append(partition.path("partition").asInt(0))
                        .append(' ')
                        .append(state);
                String reason = partition.path("reason").asString("");
                failed.append(reason.isEmpty() ? "" : ": " + reason);
            }
        }
        return failed.isEmpty() ? "open" : failed.toString();
    }
}
