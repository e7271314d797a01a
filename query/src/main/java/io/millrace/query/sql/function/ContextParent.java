package io.millrace.query.sql.function;

import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.TypeInference;
import org.jspecify.annotations.Nullable;

/// `context_parent(context)`: the context above, NULL above the root. `context_parent(context,
/// levels)`: so many levels above, 0 for the context itself.
public final class ContextParent extends ScalarFunction {
    public @Nullable String eval(@Nullable String context) {
        return eval(context, 1);
    }

    public @Nullable String eval(@Nullable String context, @Nullable Integer levels) {
        return context == null || levels == null || !ContextPaths.isContext(context)
                ? null
                : ContextPaths.above(context, levels);
    }

    @Override
    public TypeInference getTypeInference(DataTypeFactory types) {
        return ConstantArguments.checked(super.getTypeInference(types), ContextParent::check);
    }

    private static void check(CallContext call) {
        if (ConstantArguments.value(call, 1, Integer.class).orElse(1) < 0) {
            throw call.newValidationError(
                    "context_parent goes up by 0 levels or more; levels must not be negative.");
        }
    }
}
