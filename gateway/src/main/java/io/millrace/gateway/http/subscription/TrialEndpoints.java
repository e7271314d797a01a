package io.millrace.gateway.http.subscription;

import io.millrace.broker.EventExplanation;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.filter.Explanation;
import io.millrace.event.format.JsonFormat;
import io.millrace.event.transform.TransformPreview;
import io.millrace.event.transform.TransformResult;
import io.millrace.gateway.http.call.Answer;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.message.JsonBody;
import io.millrace.gateway.http.message.JsonDocument;
import io.millrace.gateway.http.message.ProblemDocument;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a subscription would do with an event: whether it wants it and why, and what its transform
/// makes of it.
public final class TrialEndpoints {
    private final BrokerDoor broker;
    private final JsonFormat format = new JsonFormat();
    private final PositionReader positions = new PositionReader(new JsonBody());

    public TrialEndpoints(BrokerDoor broker) {
        this.broker = broker;
    }

    /// `POST /subscriptions/{name}/explain`.
    public Answer explain(Call call) {
        String context = call.query("context").one("context");
        return Answer.json(document(explanation(call, context)).sink());
    }

    private EventExplanation explanation(Call call, @Nullable String context) {
        if (namesPosition(call)) {
            if (context != null) {
                throw new MillraceException(
                        ErrorCode.REQUEST_INVALID,
                        "context",
                        "goes with an event; a stored one has its own");
            }
            Receipt position = positions.read(call.content());
            return broker.subscriptions().explain(Principal.LOCAL, call.variable(), position);
        }
        Event event = event(call);
        return broker.subscriptions()
                .explain(Principal.LOCAL, call.variable(), context(context, event), event);
    }

    /// A document of `application/json` without an event's attributes around it is no event.
    private static boolean namesPosition(Call call) {
        String type = call.contentType();
        return type != null && JsonBody.isJson(type) && !call.message().isAttributed();
    }

    private static JsonDocument document(EventExplanation explanation) {
        JsonDocument json = new JsonDocument();
        json.beginObject().flag("wanted", explanation.wanted()).text("state", explanation.state());
        write(json.name("why"), explanation.why());
        return json.endObject();
    }

    private static void write(JsonDocument json, Explanation why) {
        json.beginObject()
                .text("path", why.path())
                .text("clause", why.clause())
                .flag("matches", why.matches())
                .flag("decisive", why.decisive())
                .text("found", why.found())
                .text("detail", why.reason())
                .beginArray("parts");
        for (Explanation part : why.parts()) {
            write(json, part);
        }
        json.endArray().endObject();
    }

    /// `POST /subscriptions/{name}/preview`.
    public Answer preview(Call call) {
        String context = call.query("context").one("context");
        Event event = event(call);
        TransformPreview preview =
                broker.subscriptions()
                        .preview(Principal.LOCAL, call.variable(), context(context, event), event);
        JsonDocument json = new JsonDocument();
        json.beginObject();
        value(json, "input", preview.input());
        value(json, "output", preview.output());
        List<Problem> problems =
                switch (preview.result()) {
                    case TransformResult.Transformed(Event result) -> {
                        json.raw("event", sink -> format.write(result, sink));
                        yield List.of();
                    }
                    case TransformResult.Failed(List<Problem> failed) -> failed;
                };
        json.raw("errors", sink -> ProblemDocument.errors(sink, problems)).endObject();
        return Answer.json(json.sink());
    }

    /// A member with a value that is JSON already.
    private static void value(JsonDocument json, String name, @Nullable String value) {
        json.raw(name, sink -> sink.write(Bytes.utf8(value == null ? "null" : value)));
    }

    private Event event(Call call) {
        if (call.message().isBatch()) {
            throw new MillraceException(
                    ErrorCode.MEDIA_TYPE_UNSUPPORTED,
                    "content-type",
                    "one event at a time, as application/cloudevents+json or in binary mode");
        }
        return call.message().single(format, call.content());
    }

    private static Context context(@Nullable String named, Event event) {
        Context context = named == null ? Context.ofSource(event.source()) : Context.of(named);
        if (context == null) {
            throw new MillraceException(
                    ErrorCode.CONTEXT_MISSING,
                    "source",
                    "is no absolute path and no full URI, so the context must be named in the"
                            + " parameter context");
        }
        return context;
    }
}
