package io.millrace.cli;

import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.http.ServerProblem;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Table;
import io.millrace.cli.text.Table.Align;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `millrace schedules`: what is emitted when.
@Command(
        name = "schedules",
        description = "Lists the schedules with when they fire next and fired last.",
        footer = {
            "  millrace schedules",
            "  millrace schedules --output json | jq '{name, next}'",
        })
final class SchedulesCommand implements Callable<Integer> {
    private static final int NOT_FOUND = 404;

    private final Millrace millrace;

    SchedulesCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    /// A schedule and how it is doing.
    private record Schedule(JsonNode resource, JsonNode status) {
        String name() {
            return resource.path("name").asString("");
        }

        /// When it fires: by `cron`, `every` so long, or `at` a time.
        String when() {
            for (String field : List.of("cron", "every", "at")) {
                String text = resource.path(field).asString("");
                if (!text.isEmpty()) {
                    String zone = resource.path("timeZone").asString("");
                    return field + " " + text + (zone.isEmpty() ? "" : " " + zone);
                }
            }
            return "";
        }

        String target() {
            JsonNode target = resource.path("target");
            String queue = target.path("queue").asString("");
            return queue.isEmpty() ? target.path("context").asString("") : "queue " + queue;
        }
    }

    @Override
    public Integer call() {
        boolean asJson = millrace.asJson();
        List<Schedule> schedules = new ArrayList<>();
        try (Api api = millrace.api()) {
            JsonNode all = api.send(api.get("/api/v1/schedules").build()).json(millrace.json());
            for (JsonNode resource : all.path("items")) {
                schedules.add(new Schedule(resource, status(api, resource)));
            }
        }
        if (asJson) {
            schedules.forEach(schedule -> millrace.print(json(schedule)));
        } else if (schedules.isEmpty()) {
            millrace.notice("There are no schedules.");
        } else {
            table(schedules).lines(millrace.surroundings().outStyle()).forEach(millrace::print);
        }
        return CommandFailure.OK;
    }

    /// It may have been deleted since the list was made.
    private JsonNode status(Api api, JsonNode resource) {
        String name = Encoding.segment(resource.path("name").asString(""));
        try {
            return api.send(api.get("/api/v1/schedules/" + name + "/status").build())
                    .json(millrace.json());
        } catch (ServerProblem e) {
            if (e.status() == NOT_FOUND) {
                return millrace.json().object();
            }
            throw e;
        }
    }

    private String json(Schedule schedule) {
        ObjectNode document = millrace.json().object();
        schedule.resource().properties().forEach(e -> document.set(e.getKey(), e.getValue()));
        schedule.status().properties().forEach(e -> document.set(e.getKey(), e.getValue()));
        return millrace.json().write(document);
    }

    private static Table table(List<Schedule> schedules) {
        Table table =
                new Table()
                        .column("NAME", Align.LEFT)
                        .column("WHEN", Align.LEFT)
                        .column("TARGET", Align.LEFT)
                        .column("NEXT", Align.LEFT)
                        .column("LAST", Align.LEFT)
                        .column("LAST PROBLEM", Align.LEFT);
        for (Schedule schedule : schedules) {
            table.row(
                    schedule.name(),
                    schedule.when(),
                    schedule.target(),
                    schedule.status().path("next").asString("-"),
                    schedule.status().path("last").asString("-"),
                    schedule.status().path("lastProblem").asString("-"));
        }
        return table;
    }
}
