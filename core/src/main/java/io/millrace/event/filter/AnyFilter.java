package io.millrace.event.filter;

import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The dialect `any`: one of the filters matches. It stops at the first that does.
///
/// @param filters at least one
public record AnyFilter(List<Filter> filters) implements Filter {
    public AnyFilter {
        filters = List.copyOf(filters);
    }

    @Override
    public boolean matches(EventView event) {
        for (int i = 0; i < filters.size(); i++) {
            if (filters.get(i).matches(event)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Explanation explain(EventView event, String path) {
        String inner = path + ".any";
        return Explanation.any(
                inner,
                "one of %d filters must match".formatted(filters.size()),
                Filters.parts(filters, event, inner));
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("any", Filters.json(filters));
        return json;
    }
}
