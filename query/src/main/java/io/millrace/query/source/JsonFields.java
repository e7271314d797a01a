package io.millrace.query.source;

import io.millrace.event.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.core.util.Named;
import tools.jackson.databind.json.JsonMapper;

/// Takes the wanted fields out of JSON data, as it is read, and nothing else. Used by one thread.
final class JsonFields {
    /// Buffers of the thread's own: a reader never shares its parser.
    private final JsonFactory factory =
            JsonFactory.builder().recyclerPool(JsonRecyclerPools.threadLocalPool()).build();

    private final JsonMapper mapper = new JsonMapper();
    private final ObjectReadContext trees = mapper._deserializationContext();
    private final List<Wanted> all = new ArrayList<>();
    private final PropertyNameMatcher names;

    private record Wanted(int position, SourceColumn column, JsonValue value) {}

    /// @param columns of the rows; those that are fields are filled in
    JsonFields(List<SourceColumn> columns) {
        for (int i = 0; i < columns.size(); i++) {
            SourceColumn column = columns.get(i);
            if (column.kind() == SourceColumn.Kind.FIELD) {
                Wanted field = new Wanted(i, column, JsonValue.of(column.type()));
                all.add(field);
            }
        }
        List<Named> wanted = new ArrayList<>();
        all.forEach(field -> wanted.add(Named.fromString(field.column.field())));
        names = factory.constructNameMatcher(wanted, false);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /// Fills in the fields.
    ///
    /// @param data `null` if the event has none: all fields are absent then
    /// @return what is wrong with the data; `null` if nothing is
    @Nullable String fill(GenericRowData row, @Nullable Bytes data) {
        int found = 0;
        if (data != null && !data.isEmpty()) {
            try (JsonParser parser =
                    factory.createParser(
                            trees, data.backingArray(), data.backingStart(), data.length())) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    return "its data is no JSON object";
                }
                found = fields(row, parser);
            } catch (JacksonException e) {
                return "its data is no JSON: " + e.getOriginalMessage();
            } catch (MisfitException e) {
                return e.getMessage();
            }
        }
        return found == all.size() ? null : missing(row);
    }

    private int fields(GenericRowData row, JsonParser parser) throws MisfitException {
        int found = 0;
        while (found < all.size()) {
            int match = parser.nextNameMatch(names);
            if (match < 0 && match != PropertyNameMatcher.MATCH_UNKNOWN_NAME) {
                return found;
            }
            JsonToken token = parser.nextToken();
            if (match < 0) {
                parser.skipChildren();
                continue;
            }
            Wanted field = all.get(match);
            if (token != JsonToken.VALUE_NULL) {
                if (row.getField(field.position) == null) {
                    found++;
                }
                try {
                    row.setField(field.position, field.value.read(parser));
                } catch (MisfitException e) {
                    throw new MisfitException(
                            "its field %s is not %s: %s"
                                    .formatted(
                                            field.column.field(),
                                            field.column.type().asSummaryString(),
                                            e.getMessage()));
                }
            }
        }
        return found;
    }

    private @Nullable String missing(GenericRowData row) {
        for (Wanted field : all) {
            if (!field.column.type().isNullable() && row.getField(field.position) == null) {
                return "its data lacks the field " + field.column.field();
            }
        }
        return null;
    }

    /// A value that is not of its type. Without a stack: there may be many.
    static final class MisfitException extends Exception {
        private static final long serialVersionUID = 1;

        MisfitException(String message) {
            super(message, null, false, false);
        }
    }
}
