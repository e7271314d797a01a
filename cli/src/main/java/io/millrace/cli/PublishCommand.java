package io.millrace.cli;

import io.millrace.cli.http.Answer;
import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.input.DataArgument;
import io.millrace.cli.process.CommandFailure;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.format.HttpHeaderValues;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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

    @Option(names = "--type", paramLabel = "TYPE", description = "What happened; required.")
    private @Nullable String type;

    @Option(
            names = "--source",
            paramLabel = "URI",
            description = "Where it happened. Default: the context.")
    private @Nullable String source;

    @Option(names = "--id", paramLabel = "ID", description = "Default: a random UUID.")
    private @Nullable String id;

    @Option(names = "--subject", paramLabel = "TEXT", description = "What it happened to.")
    private @Nullable String subject;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            description = "When, as 2026-03-01T12:00:00.5Z. Default: none.")
    private @Nullable String time;

    @Option(
            names = "--data",
            paramLabel = "TEXT|@FILE|-",
            description = "The payload: the text itself, a file's bytes, or standard input.")
    private @Nullable String data;

    @Option(
            names = "--content-type",
            paramLabel = "TYPE",
            description =
                    "The payload's media type. Default: JSON if it is, else text, else bytes.")
    private @Nullable String contentType;

    @Option(
            names = {"-e", "--extension"},
            paramLabel = "NAME=VALUE",
            description = "An extension attribute. May be given several times.")
    private Map<String, String> extensions = new LinkedHashMap<>();

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
            refuseWithFile();
            try (Api api = millrace.api()) {
                new FilePublisher(millrace, api, given).publish(file);
            }
            return CommandFailure.OK;
        }
        Event event = event(given);
        JsonNode answer;
        try (Api api = millrace.api()) {
            answer = send(api, given, event).json(millrace.json());
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

    private void refuseWithFile() {
        boolean attributes =
                type != null || source != null || id != null || subject != null || time != null;
        if (attributes || data != null || contentType != null || !extensions.isEmpty()) {
            throw CommandFailure.usage(
                    "--file takes whole events; give it without --type, --data and the like.");
        }
    }

    private Event event(@Nullable Context given) throws IOException {
        if (type == null) {
            throw CommandFailure.usage("--type is missing: what kind of event is it?");
        }
        if (given == null && source == null) {
            throw CommandFailure.usage("Where to? Give a context such as /org/contoso.");
        }
        EventBuilder event =
                Event.builder()
                        .id(id == null ? UUID.randomUUID().toString() : id)
                        .source(source != null ? source : Encoding.path(String.valueOf(given)))
                        .type(type)
                        .subject(subject);
        if (time != null) {
            event.attribute("time", time);
        }
        extensions.forEach(event::extension);
        if (data != null) {
            byte[] bytes = DataArgument.read(data, millrace.surroundings());
            event.data(Bytes.wrap(bytes));
            if (contentType != null && !contentType.matches("[ -~]+")) {
                throw CommandFailure.usage("--content-type must be a media type in plain ASCII.");
            }
            event.dataContentType(
                    contentType != null
                            ? contentType
                            : DataArgument.guessType(bytes, millrace.json()));
        } else if (contentType != null) {
            throw CommandFailure.usage("--content-type says what --data is, which is missing.");
        }
        return event.build();
    }

    /// Binary mode (CloudEvents HTTP binding 1.0, section 3.1): the payload's bytes stay as they
    /// are.
    private static Answer send(Api api, @Nullable Context context, Event event) {
        String path = context == null ? "" : Encoding.path(context.path());
        HttpRequest.Builder request = api.request("/events" + path);
        request.header("ce-specversion", "1.0");
        header(request, "id", event.id());
        header(request, "source", event.source());
        header(request, "type", event.type());
        header(request, "subject", event.subject());
        header(request, "time", event.time() == null ? null : event.time().text());
        event.extensions().forEach((name, value) -> header(request, name, value.canonical()));
        if (event.dataContentType() != null) {
            request.header("Content-Type", event.dataContentType());
        }
        Bytes data = event.data();
        request.POST(
                data == null
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofByteArray(data.toArray()));
        return api.send(request.build());
    }

    private static void header(HttpRequest.Builder request, String name, @Nullable String value) {
        if (value != null) {
            request.header("ce-" + name, HttpHeaderValues.encode(value));
        }
    }
}
