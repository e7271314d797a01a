package io.millrace.query.sql;

import io.millrace.event.ContextPattern;
import io.millrace.query.source.SourcePlan;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.functions.FunctionDefinition;
import org.jspecify.annotations.Nullable;

/// Those conditions of a statement that the log can be read by: `type = 'a'`, several of them
/// joined by OR, and `context = '/a/b'`. Used by the planner's thread.
final class PushedFilters {
    private final List<ResolvedExpression> taken = new ArrayList<>();
    private SourcePlan plan;

    PushedFilters(SourcePlan plan) {
        this.plan = plan;
    }

    void take(ResolvedExpression condition) {
        List<String> types = new ArrayList<>();
        if (plan.types().isEmpty() && allEqual(condition, "type", types)) {
            plan = plan.ofTypes(types);
            taken.add(condition);
            return;
        }
        List<String> contexts = new ArrayList<>();
        if (allEqual(condition, "context", contexts) && contexts.size() == 1) {
            String context = contexts.getFirst();
            // Only a path that is no pattern itself; and only where it narrows.
            if (context.startsWith("/") && context.indexOf('*') < 0 && isCovered(context)) {
                plan = plan.ofContexts(context);
                taken.add(condition);
            }
        }
    }

    private boolean isCovered(String context) {
        try {
            return ContextPattern.of(plan.pattern()).matches(io.millrace.event.Context.of(context));
        } catch (io.millrace.error.MillraceException _) {
            return false;
        }
    }

    /// Whether the condition says that a column has one of some values.
    private static boolean allEqual(
            ResolvedExpression condition, String column, List<String> values) {
        if (!(condition instanceof CallExpression call)) {
            return false;
        }
        FunctionDefinition function = call.getFunctionDefinition();
        List<ResolvedExpression> arguments = call.getResolvedChildren();
        if (function == BuiltInFunctionDefinitions.OR) {
            return arguments.stream().allMatch(each -> allEqual(each, column, values));
        }
        if (function != BuiltInFunctionDefinitions.EQUALS || arguments.size() != 2) {
            return false;
        }
        String value = literal(arguments.get(1));
        boolean isColumn = isColumn(arguments.get(0), column);
        if (!isColumn) {
            isColumn = isColumn(arguments.get(1), column);
            value = literal(arguments.get(0));
        }
        if (!isColumn || value == null || value.endsWith("*")) {
            return false;
        }
        values.add(value);
        return true;
    }

    private static boolean isColumn(ResolvedExpression expression, String column) {
        return expression instanceof FieldReferenceExpression field
                && field.getName().equals(column);
    }

    private static @Nullable String literal(ResolvedExpression expression) {
        return expression instanceof ValueLiteralExpression value
                ? value.getValueAs(String.class).orElse(null)
                : expression instanceof CallExpression call
                                && call.getFunctionDefinition() == BuiltInFunctionDefinitions.CAST
                        ? literal(call.getResolvedChildren().getFirst())
                        : null;
    }

    List<ResolvedExpression> taken() {
        return taken;
    }

    SourcePlan plan() {
        return plan;
    }
}
