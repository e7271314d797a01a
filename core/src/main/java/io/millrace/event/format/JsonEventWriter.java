package io.millrace.event.format;

import io.millrace.event.AttributeValue;
import io.millrace.event.AttributeValue.BooleanValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes events in the JSON format. Stateless.
///
/// Written by hand instead of with a generator: names are constants, nearly all values need no
/// escape, and data that is JSON already goes out as it is.
final class JsonEventWriter {
    private JsonEventWriter() {}

    /// @param oneLine whether the text must not have line breaks, not even inside the data
    static void write(Event event, ByteSink out, boolean oneLine) {
        out.ascii("{\"specversion\":\"1.0\",\"id\":");
        JsonStrings.write(out, event.id());
        out.ascii(",\"source\":");
        JsonStrings.write(out, event.source());
        out.ascii(",\"type\":");
        JsonStrings.write(out, event.type());
        optional(out, ",\"subject\":", event.subject());
        if (event.time() != null) {
            optional(out, ",\"time\":", event.time().text());
        }
        optional(out, ",\"dataschema\":", event.dataSchema());
        if (!event.extensions().isEmpty()) {
            for (Map.Entry<String, AttributeValue> extension : event.extensions().entrySet()) {
                out.ascii(",\"");
                out.ascii(extension.getKey());
                out.ascii("\":");
                value(out, extension.getValue());
            }
        }
        optional(out, ",\"datacontenttype\":", event.dataContentType());
        if (event.data() != null) {
            data(out, event.data(), MediaTypes.content(event.dataContentType()), oneLine);
        }
        out.write('}');
    }

    private static void optional(ByteSink out, String start, @Nullable String value) {
        if (value != null) {
            out.ascii(start);
            JsonStrings.write(out, value);
        }
    }

    private static void value(ByteSink out, AttributeValue value) {
        switch (value) {
            case BooleanValue(boolean flag) -> out.ascii(flag ? "true" : "false");
            case IntegerValue(int number) -> out.ascii(Integer.toString(number));
            case AttributeValue.StringValue _,
                    AttributeValue.BinaryValue _,
                    AttributeValue.UriValue _,
                    AttributeValue.UriReferenceValue _,
                    AttributeValue.TimestampValue _ ->
                    JsonStrings.write(out, value.canonical());
        }
    }

    private static void data(
            ByteSink out, Bytes data, MediaTypes.Content content, boolean oneLine) {
        byte[] array = data.backingArray();
        int from = data.backingStart();
        int to = from + data.length();
        switch (content) {
            case JSON -> {
                boolean whole = JsonScanner.isValue(array, from, to, JsonFormat.DATA_DEPTH_MAX);
                if (whole && !(oneLine && hasLineBreak(array, from, to))) {
                    out.ascii(",\"data\":");
                    out.write(data);
                } else {
                    base64(out, data);
                }
            }
            case TEXT -> {
                if (Utf8.firstMalformed(array, from, to) < 0) {
                    out.ascii(",\"data\":");
                    JsonStrings.write(out, array, from, to);
                } else {
                    base64(out, data);
                }
            }
            case BYTES -> base64(out, data);
        }
    }

    private static boolean hasLineBreak(byte[] array, int from, int to) {
        for (int i = from; i < to; i++) {
            if (array[i] == '\n' || array[i] == '\r') {
                return true;
            }
        }
        return false;
    }

    private static void base64(ByteSink out, Bytes data) {
        out.ascii(",\"data_base64\":\"");
        byte[] encoded = Base64.getEncoder().encode(data.toArray());
        out.write(encoded, 0, encoded.length);
        out.write('"');
    }
}
