package io.millrace.event.filter;

import io.millrace.event.Quoted;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The dialect `data`: conditions on fields of JSON data, all of which must hold.
///
/// ```json
/// {"data": {"temperature": {"above": 30, "at-most": 60},
///           "room.kind": "kitchen",
///           "tags": {"anything-but": ["test", "demo"]},
///           "/odd.name/0": {"exists": true}}}
/// ```
///
/// Where the path of a field meets an array, it goes on in every element; a field with several
/// values matches if one of them meets the whole condition. Data that is absent or not JSON has no
/// fields, see [EventView] and [DataCondition].
///
/// @param fields at least one
public record DataFilter(List<Field> fields) implements Filter {
    /// A field and what it must be.
    public record Field(DataPath path, DataCondition condition) {}

    public DataFilter {
        fields = List.copyOf(fields);
    }

    @Override
    public boolean matches(EventView event) {
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            if (!field.condition().matches(event.data(), field.path())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Explanation explain(EventView event, String path) {
        String inner = path + ".data";
        List<Explanation> parts = new ArrayList<>(fields.size());
        for (Field field : fields) {
            parts.add(explain(field, event, inner + "." + field.path()));
        }
        return parts.size() == 1
                ? parts.getFirst()
                : Explanation.all(inner, "all fields must match", parts);
    }

    private static Explanation explain(Field field, EventView event, String path) {
        @Nullable String found = field.path().found(event.data());
        String reason;
        if (found != null) {
            reason = "it is " + found;
        } else if (event.data() == null) {
            reason = event.withoutData();
        } else {
            reason = "the data does not have it";
        }
        return Explanation.leaf(
                path,
                Quoted.shortened(field.condition().toJson().toString()),
                field.condition().matches(event.data(), field.path()),
                found,
                reason);
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode data = json.putObject("data");
        for (Field field : fields) {
            data.set(field.path().text(), field.condition().toJson());
        }
        return json;
    }
}
