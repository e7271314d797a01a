package io.millrace.gateway.http.message;

import io.millrace.event.format.ByteSink;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes a JSON document member by member. Owned by one thread.
public final class JsonDocument {
    private final ByteSink out = new ByteSink(1 << 10);
    private boolean first = true;

    /// What has been written.
    public ByteSink sink() {
        return out;
    }

    private void separate() {
        if (!first) {
            out.write(',');
        }
        first = false;
    }

    public JsonDocument beginObject() {
        separate();
        out.write('{');
        first = true;
        return this;
    }

    public JsonDocument endObject() {
        out.write('}');
        first = false;
        return this;
    }

    public JsonDocument beginArray(String name) {
        name(name);
        out.write('[');
        first = true;
        return this;
    }

    public JsonDocument endArray() {
        out.write(']');
        first = false;
        return this;
    }

    /// Begins a member, whose value comes next.
    public JsonDocument name(String name) {
        separate();
        JsonText.string(out, name);
        out.write(':');
        first = true;
        return this;
    }

    public JsonDocument text(String name, @Nullable String value) {
        if (value != null) {
            name(name);
            JsonText.string(out, value);
            first = false;
        }
        return this;
    }

    /// An element of an array.
    public JsonDocument element(String value) {
        separate();
        JsonText.string(out, value);
        return this;
    }

    public JsonDocument number(String name, long value) {
        name(name);
        JsonText.number(out, value);
        first = false;
        return this;
    }

    public JsonDocument flag(String name, boolean value) {
        name(name);
        out.ascii(value ? "true" : "false");
        first = false;
        return this;
    }

    public JsonDocument time(String name, long epochMillis) {
        name(name);
        JsonText.time(out, epochMillis);
        first = false;
        return this;
    }

    /// A member that is there and `null` if there is no text.
    public JsonDocument textOrNull(String name, @Nullable String value) {
        return value == null ? raw(name, sink -> sink.ascii("null")) : text(name, value);
    }

    /// A number with a fraction; what is no number is 0.
    public JsonDocument decimal(String name, double value) {
        double rounded = Double.isFinite(value) ? Math.round(value * 1_000) / 1_000.0 : 0;
        return raw(name, sink -> sink.ascii(Double.toString(rounded)));
    }

    /// A member whose value somebody else writes.
    public JsonDocument raw(String name, Consumer<ByteSink> writer) {
        name(name);
        writer.accept(out);
        first = false;
        return this;
    }
}
