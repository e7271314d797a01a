package io.millrace.cli;

import io.millrace.cli.http.Api;
import io.millrace.cli.input.DataArgument;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.process.Surroundings;
import io.millrace.cli.text.Json;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.format.HttpHeaderValues;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that make an event, and the event on its way.
final class EventOptions {
    @Option(names = "--type", paramLabel = "TYPE", description = "What happened; required.")
    private @Nullable String type;

    @Option(
            names = "--source",
            paramLabel = "URI",
            description = "Where it happened. Default: the context, or the queue.")
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

    /// Whether any of the options is there.
    boolean given() {
        boolean attributes =
                type != null || source != null || id != null || subject != null || time != null;
        return attributes || contentType != null || !extensions.isEmpty();
    }

    /// Whether there is a source.
    boolean hasSource() {
        return source != null;
    }

    /// Refuses options without a type.
    void requireType() {
        if (type == null) {
            throw CommandFailure.usage("--type is missing: what kind of event is it?");
        }
    }

    /// The event.
    ///
    /// @param place its source, if none is given
    /// @param data the payload as the user gave it: text, `@FILE`, or `-`; `null` for none
    /// @param more extension attributes that other options stand for
    Event event(
            String place,
            @Nullable String data,
            Map<String, String> more,
            Surroundings surroundings,
            Json json)
            throws IOException {
        EventBuilder event =
                Event.builder()
                        .id(id == null ? UUID.randomUUID().toString() : id)
                        .source(source != null ? source : place)
                        .type(String.valueOf(type))
                        .subject(subject);
        if (time != null) {
            event.attribute("time", time);
        }
        extensions.forEach(event::extension);
        more.forEach(event::extension);
        if (data != null) {
            byte[] bytes = DataArgument.read(data, surroundings);
            event.data(Bytes.wrap(bytes));
            if (contentType != null && !contentType.matches("[ -~]+")) {
                throw CommandFailure.usage("--content-type must be a media type in plain ASCII.");
            }
            event.dataContentType(
                    contentType != null ? contentType : DataArgument.guessType(bytes, json));
        } else if (contentType != null) {
            throw CommandFailure.usage("--content-type says what the data is, which is missing.");
        }
        return event.build();
    }

    /// A request in binary mode (CloudEvents HTTP binding 1.0, section 3.1): the payload's bytes
    /// stay as they are.
    static HttpRequest request(Api api, String path, Event event) {
        HttpRequest.Builder request = api.request(path);
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
        return request.POST(
                        data == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(data.toArray()))
                .build();
    }

    private static void header(HttpRequest.Builder request, String name, @Nullable String value) {
        if (value != null) {
            request.header("ce-" + name, HttpHeaderValues.encode(value));
        }
    }
}
