package io.millrace.event.filter;

import io.millrace.event.Quoted;
import io.millrace.event.filter.cesql.CesqlExpression;
import io.millrace.event.filter.cesql.CesqlResult;
import io.millrace.event.filter.cesql.CesqlTrace;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The dialect `sql`: a CESQL expression gives the boolean `true` without an error (CESQL, section
/// 1.2). Any other value is no match, and so is an error such as a missing attribute.
public record SqlFilter(CesqlExpression expression) implements Filter {
    @Override
    public boolean matches(EventView event) {
        return expression.matches(event.event());
    }

    @Override
    public Explanation explain(EventView event, String path) {
        return explanation(expression.trace(event.event()), path + ".sql");
    }

    private static Explanation explanation(CesqlTrace trace, String path) {
        List<Explanation> parts = new ArrayList<>(trace.parts().size());
        for (CesqlTrace part : trace.parts()) {
            parts.add(explanation(part, path));
        }
        CesqlResult result = trace.result();
        boolean failed = result.error() != null;
        String value = Quoted.shortened(result.value().toString());
        boolean isTrue = !failed && Boolean.TRUE.equals(result.value());
        String reason =
                failed ? String.valueOf(result.detail()) : "it is " + quoted(result.value(), value);
        return new Explanation(
                path, trace.text(), isTrue, trace.decisive(), failed ? null : value, reason, parts);
    }

    private static String quoted(Object value, String shown) {
        return value instanceof String ? "\"" + shown + "\"" : shown;
    }

    @Override
    public ObjectNode toJson() {
        return JsonNodeFactory.instance.objectNode().put("sql", expression.text());
    }
}
