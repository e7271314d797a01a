package io.millrace.query.sql.function;

import org.apache.flink.table.functions.ScalarFunction;
import org.jspecify.annotations.Nullable;

/// `context_depth(context)`: the number of segments, 0 for the root.
public final class ContextDepth extends ScalarFunction {
    public @Nullable Integer eval(@Nullable String context) {
        return context == null || !ContextPaths.isContext(context)
                ? null
                : (Integer) ContextPaths.depth(context);
    }
}
