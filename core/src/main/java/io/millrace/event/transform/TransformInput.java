package io.millrace.event.transform;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.AttributeValue;
import io.millrace.event.AttributeValue.BooleanValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.format.MediaTypes;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// The document that an expression sees. Thread-safe.
final class TransformInput {
    private static final List<String> CORE =
            List.of(
                    "specversion",
                    "id",
                    "source",
                    "type",
                    "subject",
                    "time",
                    "datacontenttype",
                    "dataschema");

    private final JsonValues json = new JsonValues();

    /// The attributes by their names.
    Map<String, Object> attributes(Event event) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        for (String name : CORE) {
            AttributeValue value = event.attribute(name);
            if (value != null) {
                attributes.put(name, value.canonical());
            }
        }
        event.extensions().forEach((name, value) -> attributes.put(name, plain(value)));
        return attributes;
    }

    private static Object plain(AttributeValue value) {
        return switch (value) {
            case BooleanValue(boolean flag) -> flag;
            case IntegerValue(int number) -> number;
            case AttributeValue.StringValue _,
                    AttributeValue.BinaryValue _,
                    AttributeValue.UriValue _,
                    AttributeValue.UriReferenceValue _,
                    AttributeValue.TimestampValue _ ->
                    value.canonical();
        };
    }

    /// The attributes, `context`, and `data` or `data_base64` if there is data.
    ///
    /// @throws MillraceException TRANSFORM_FAILED if data that is JSON by its type cannot be read
    Map<String, Object> document(Event event, Context context, Map<String, Object> attributes) {
        Map<String, Object> document = new LinkedHashMap<>(attributes);
        document.put("context", context.path());
        Bytes data = event.data();
        if (data == null) {
            return document;
        }
        String contentType = event.dataContentType();
        if (contentType != null && MediaTypes.isJson(contentType)) {
            document.put("data", parsed(data));
            return document;
        }
        String text = MediaTypes.isText(contentType) ? text(data) : null;
        if (text != null) {
            document.put("data", text);
        } else {
            document.put("data_base64", Base64.getEncoder().encodeToString(data.toArray()));
        }
        return document;
    }

    private Object parsed(Bytes data) {
        try {
            return json.read(data);
        } catch (JacksonException e) {
            long at = e.getLocation() == null ? 0 : e.getLocation().getByteOffset();
            throw unreadable(
                    "is not JSON at byte %d, although datacontenttype says so".formatted(at));
        } catch (OutOfBounds e) {
            throw unreadable(e.detail());
        } catch (NumberFormatException e) {
            throw unreadable("holds a number that is too long or too large");
        }
    }

    private static MillraceException unreadable(String detail) {
        return new MillraceException(ErrorCode.TRANSFORM_FAILED, "data", detail);
    }

    private static @Nullable String text(Bytes data) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(data.asByteBuffer()).toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }
}
