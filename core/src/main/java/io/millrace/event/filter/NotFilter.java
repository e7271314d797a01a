package io.millrace.event.filter;

import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The dialect `not`: the filter in it does not match, for whatever reason: also if an attribute is
/// missing, or if an expression in `sql` has met an error.
public record NotFilter(Filter filter) implements Filter {
    @Override
    public boolean matches(EventView event) {
        return !filter.matches(event);
    }

    @Override
    public Explanation explain(EventView event, String path) {
        String inner = path + ".not";
        Explanation part = filter.explain(event, inner).decisive(true);
        return new Explanation(
                inner,
                "must not match",
                !part.matches(),
                true,
                null,
                part.path() + (part.matches() ? " matches" : " does not match"),
                List.of(part));
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("not", filter.toJson());
        return json;
    }
}
