package io.millrace.event.filter;

import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The dialect `all`: every one of the filters matches. It stops at the first that does not.
///
/// @param filters at least one
public record AllFilter(List<Filter> filters) implements Filter {
    public AllFilter {
        filters = List.copyOf(filters);
    }

    @Override
    public boolean matches(EventView event) {
        for (int i = 0; i < filters.size(); i++) {
            if (!filters.get(i).matches(event)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Explanation explain(EventView event, String path) {
        String inner = path + ".all";
        return Explanation.all(
                inner,
                "all of %d filters must match".formatted(filters.size()),
                Filters.parts(filters, event, inner));
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("all", Filters.json(filters));
        return json;
    }
}
