package io.millrace.query.sql.function;

import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.TypeInference;
import org.jspecify.annotations.Nullable;

/// `context_matches(context, pattern)`: whether Millrace's own pattern covers the context.
public final class ContextMatches extends ScalarFunction {
    private transient @Nullable String lastText;
    private transient @Nullable ContextPattern lastPattern;

    public @Nullable Boolean eval(@Nullable String context, @Nullable String pattern) {
        if (context == null || pattern == null || !ContextPaths.isContext(context)) {
            return null;
        }
        ContextPattern compiled = compiled(pattern);
        return compiled == null ? null : (Boolean) compiled.matches(Context.recorded(context));
    }

    /// The pattern is a constant as a rule, so it is enough to keep the last one.
    private @Nullable ContextPattern compiled(String text) {
        if (!text.equals(lastText)) {
            lastText = text;
            lastPattern = parsed(text);
        }
        return lastPattern;
    }

    private static @Nullable ContextPattern parsed(String text) {
        try {
            return ContextPattern.of(text);
        } catch (MillraceException _) {
            return null;
        }
    }

    @Override
    public TypeInference getTypeInference(DataTypeFactory types) {
        return ConstantArguments.checked(super.getTypeInference(types), ContextMatches::check);
    }

    private static void check(CallContext call) {
        ConstantArguments.value(call, 1, String.class)
                .ifPresent(text -> {
                    try {
                        ContextPattern.of(text);
                    } catch (MillraceException e) {
                        throw call.newValidationError("%s", e.getMessage());
                    }
                });
    }
}
