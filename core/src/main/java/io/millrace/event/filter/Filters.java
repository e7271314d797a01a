package io.millrace.event.filter;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The filters of a subscription, all of which an event must pass; every event passes none.
public record Filters(List<Filter> filters) {
    public static final Filters NONE = new Filters(List.of());

    public Filters {
        filters = List.copyOf(filters);
    }

    /// Whether the event passes all of them.
    public boolean matches(EventView event) {
        for (int i = 0; i < filters.size(); i++) {
            if (!filters.get(i).matches(event)) {
                return false;
            }
        }
        return true;
    }

    /// The same answer as [#matches], with the reasons; every filter is asked.
    ///
    /// @param path of the list, such as `filters`
    public Explanation explain(EventView event, String path) {
        List<Explanation> parts = parts(filters, event, path);
        return Explanation.all(path, "all filters must match", parts);
    }

    static List<Explanation> parts(List<Filter> filters, EventView event, String path) {
        List<Explanation> parts = new ArrayList<>(filters.size());
        for (int i = 0; i < filters.size(); i++) {
            parts.add(filters.get(i).explain(event, "%s[%d]".formatted(path, i)));
        }
        return parts;
    }

    /// The list as it stands in a document.
    public ArrayNode toJson() {
        return json(filters);
    }

    static ArrayNode json(List<Filter> filters) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        filters.forEach(filter -> array.add(filter.toJson()));
        return array;
    }
}
