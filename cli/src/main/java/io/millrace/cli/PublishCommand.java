package io.millrace.cli;

import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.process.CommandFailure;
import io.millrace.event.Context;
import io.millrace.event.Event;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `millrace publish`: one event from options, or many from a file.
@Command(
        name = "publish",
        abbreviateSynopsis = true,
        description = {
            "Publishes one event, or all events of a file.",
            "It is done when the server has stored them as their stream promises."
        },
        footer = {
            "  millrace publish /org/contoso/room/4 --type reading --data '{\"celsius\":20.5}'",
            "  millrace publish /scans --type scan --data @a.pdf --content-type application/pdf",
            "  echo hello | millrace publish /notes --type note --data - -e priority=high",
            "  millrace publish --file events.ndjson",
            "  millrace publish /org/contoso --file - < batch.json",
        })
final class PublishCommand implements Callable<Integer> {
    private final Millrace millrace;

    @Parameters(
            arity = "0..1",
            paramLabel = "CONTEXT",
            description = "Where the event belongs, as /org/contoso. Default: its source.")
    private @Nullable String context;

    @Mixin private EventOptions attributes = new EventOptions();

    @Option(
            names = "--data",
            paramLabel = "TEXT|@FILE|-",
            description = "The payload: the text itself, a file's bytes, or standard input.")
    private @Nullable String data;

    @Option(
            names = "--file",
            paramLabel = "FILE|-",
            description =
                    "Publish events in CloudEvents JSON: one, an array, or one a line. "
                            + "They are sent in batches of at most 500.")
    private @Nullable String file;

    PublishCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() throws IOException {
        boolean asJson = millrace.asJson();
        Context given = context == null ? null : Context.of(context);
        if (file != null) {
            if (attributes.given() || data != null) {
                throw CommandFailure.usage(
                        "--file takes whole events; give it without --type, --data and the like.");
            }
            try (Api api = millrace.api()) {
                new FilePublisher(millrace, api, path(given)).publish(file, "published %s events");
            }
            return CommandFailure.OK;
        }
        Event event = event(given);
        JsonNode answer;
        try (Api api = millrace.api()) {
            answer = api.send(EventOptions.request(api, path(given), event)).json(millrace.json());
        }
        if (asJson) {
            millrace.print(millrace.json().write(answer));
        } else {
            millrace.print(
                    "published %s to stream %s, partition %d, offset %d"
                            .formatted(
                                    event.id(),
                                    answer.path("stream").asString("?"),
                                    answer.path("partition").asInt(0),
                                    answer.path("offset").asLong(0)));
        }
        return CommandFailure.OK;
    }

    private static String path(@Nullable Context context) {
        return "/events" + (context == null ? "" : Encoding.path(context.path()));
    }

    private Event event(@Nullable Context given) throws IOException {
        attributes.requireType();
        if (given == null && !attributes.hasSource()) {
            throw CommandFailure.usage("Where to? Give a context such as /org/contoso.");
        }
        return attributes.event(
                Encoding.path(String.valueOf(given)),
                data,
                Map.of(),
                millrace.surroundings(),
                millrace.json());
    }
}
