package io.millrace.event.transform;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.AttributeValue;
import io.millrace.event.AttributeValue.BooleanValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.AttributeValue.StringValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.Quoted;
import io.millrace.event.format.MediaTypes;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes an event of what an expression gave. Owned by one thread, for one event.
final class TransformOutput {
    /// Members that are no attributes, and attributes that only the transform itself sets.
    private static final Set<String> OWN =
            Set.of("context", "data", "data_base64", "id", "causationid", "correlationid");

    private final Event original;
    private final String derivedId;
    private final int sizeMax;
    private final EventBuilder event = Event.builder();

    TransformOutput(Event original, String derivedId, int sizeMax) {
        this.original = original;
        this.derivedId = derivedId;
        this.sizeMax = sizeMax;
    }

    /// @throws MillraceException with everything that is wrong
    Event event(@Nullable Object result) {
        if (!(result instanceof Map<?, ?> members)) {
            throw new MillraceException(
                    ErrorCode.TRANSFORM_FAILED,
                    "transform",
                    result == null
                            ? "the expression gave nothing; it must give an event"
                            : "the expression must give one event, an object with attributes");
        }
        event.source(original.source()).type(original.type());
        for (Map.Entry<?, ?> member : members.entrySet()) {
            String name = String.valueOf(member.getKey());
            if (!OWN.contains(name) && member.getValue() != null) {
                attribute(name, member.getValue());
            }
        }
        identity(members);
        data(members);
        return event.build();
    }

    private void attribute(String name, Object value) {
        AttributeValue before = original.attribute(name);
        switch (value) {
            // What is passed on keeps its type, which JSON does not carry.
            case String text
                    when original.extensions().containsKey(name)
                            && before != null
                            && before.canonical().equals(text) ->
                    event.extension(name, before);
            case String text -> event.attribute(name, text);
            case Boolean flag when isExtension(name) ->
                    event.extension(name, new BooleanValue(flag));
            case Integer number when isExtension(name) ->
                    event.extension(name, new IntegerValue(number));
            default ->
                    wrong(
                            Quoted.shortened(name),
                            isExtension(name)
                                    ? "must be text, true, false, or a whole number of 32 bits"
                                    : "must be text");
        }
    }

    private static boolean isExtension(String name) {
        return switch (name) {
            case "specversion",
                    "id",
                    "source",
                    "type",
                    "subject",
                    "time",
                    "datacontenttype",
                    "dataschema" ->
                    false;
            default -> true;
        };
    }

    /// The event's id and where it comes from.
    private void identity(Map<?, ?> members) {
        event.id(derivedId);
        switch (members.get("id")) {
            case null -> {}
            case String id when id.equals(original.id()) -> {}
            case String id -> event.id(id);
            default -> wrong("id", "must be text");
        }
        event.extension("causationid", original.id());
        AttributeValue correlation = original.extensions().get("correlationid");
        if (correlation == null && members.get("correlationid") instanceof String given) {
            correlation = new StringValue(given);
        }
        event.extension(
                "correlationid",
                Objects.requireNonNullElseGet(correlation, () -> new StringValue(original.id())));
    }

    private void data(Map<?, ?> members) {
        boolean plain = members.containsKey("data");
        Object encoded = members.get("data_base64");
        boolean typed = members.get("datacontenttype") instanceof String;
        if (plain && encoded != null) {
            wrong("data", "must not be there together with data_base64");
        } else if (plain) {
            plain(members.get("data"), members.get("datacontenttype"));
        } else if (encoded instanceof String base64) {
            try {
                event.data(Bytes.wrap(Base64.getDecoder().decode(base64)));
            } catch (IllegalArgumentException _) {
                wrong("data_base64", "must be Base64 (RFC 4648, section 4)");
            }
        } else if (encoded != null) {
            wrong("data_base64", "must be text");
        } else if (typed) {
            // Without data there is nothing that it could be the type of.
            event.dataContentType(null);
        }
    }

    private void plain(@Nullable Object data, @Nullable Object contentType) {
        boolean json = !(contentType instanceof String type) || MediaTypes.isJson(type);
        if (contentType == null) {
            event.dataContentType(MediaTypes.JSON);
        }
        if (json) {
            try {
                event.data(Bytes.utf8(JsonValues.write(data, sizeMax)));
            } catch (OutOfBounds e) {
                wrong("data", e.detail());
            }
        } else if (data instanceof String text) {
            event.data(Bytes.utf8(text));
        } else {
            wrong("data", "must be text, because datacontenttype is not JSON");
        }
    }

    private void wrong(String field, String detail) {
        event.report(new Problem(ErrorCode.TRANSFORM_FAILED, field, detail));
    }
}
