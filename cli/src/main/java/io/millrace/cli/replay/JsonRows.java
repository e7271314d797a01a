package io.millrace.cli.replay;

import io.millrace.cli.input.JsonValues;
import io.millrace.cli.input.Utf8Text;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Rows of newline-delimited JSON, or the members of a JSON array: each an object, whose members
/// are its columns. Values keep their text, so that numbers lose no digit.
final class JsonRows implements RowSource {
    private final JsonValues objects;
    private final String origin;
    private final Json json;
    private long number;

    /// @param origin the file, as the user knows it
    JsonRows(InputStream in, String origin, Json json) {
        this.objects = new JsonValues(in, origin, ROW_MAX);
        this.origin = origin;
        this.json = json;
    }

    @Override
    public @Nullable Columns columns() {
        return null;
    }

    @Override
    public @Nullable Row next() throws IOException {
        JsonValues.Value object = objects.next();
        if (object == null) {
            return null;
        }
        number++;
        String place = "%s, row %d (line %d)".formatted(origin, number, object.line());
        String raw = Utf8Text.decode(object.text(), place);
        List<String> names = new ArrayList<>();
        List<Row.Value> values = new ArrayList<>();
        try (JsonParser parser = json.mapper().createParser(object.text())) {
            members(parser, object.text(), names, values);
        } catch (JacksonException e) {
            throw CommandFailure.failed(place + " is not JSON: " + e.getOriginalMessage());
        }
        return new Row(number, object.line(), object.end(), raw, Columns.unique(names), values);
    }

    private static void members(
            JsonParser parser, byte[] text, List<String> names, List<Row.Value> values) {
        parser.nextToken();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_OBJECT;
                token = parser.nextToken()) {
            String name = parser.currentName();
            JsonToken kind = parser.nextToken();
            int from = (int) parser.currentTokenLocation().getByteOffset();
            String string = kind == JsonToken.VALUE_STRING ? parser.getString() : null;
            parser.skipChildren();
            parser.finishToken();
            int to = (int) parser.currentLocation().getByteOffset();
            String json = new String(text, from, to - from, StandardCharsets.UTF_8).strip();
            names.add(name);
            values.add(new Row.Value(string == null ? json : string, json));
        }
    }

    @Override
    public void close() throws IOException {
        objects.close();
    }
}
