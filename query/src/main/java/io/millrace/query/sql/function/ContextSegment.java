package io.millrace.query.sql.function;

import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.jspecify.annotations.Nullable;

/// `context_segment(context, 'floor')`: the segment behind the first one of that name, or NULL.
/// `context_segment(context, 2)`: the segment at that position, from the end if negative.
public final class ContextSegment extends ScalarFunction {
    public @Nullable String eval(@Nullable String context, @Nullable String name) {
        return context == null || name == null || !ContextPaths.isContext(context)
                ? null
                : ContextPaths.segmentBehind(context, name);
    }

    public @Nullable String eval(@Nullable String context, @Nullable Integer position) {
        return context == null || position == null || !ContextPaths.isContext(context)
                ? null
                : ContextPaths.segmentAt(context, position);
    }

    @Override
    public TypeInference getTypeInference(DataTypeFactory types) {
        return ConstantArguments.checked(super.getTypeInference(types), ContextSegment::check);
    }

    private static void check(CallContext call) {
        boolean byName =
                call.getArgumentDataTypes()
                        .get(1)
                        .getLogicalType()
                        .is(LogicalTypeFamily.CHARACTER_STRING);
        if (byName) {
            SegmentNames.checkConstant(call, 1, false);
        } else if (ConstantArguments.value(call, 1, Integer.class).orElse(1) == 0) {
            throw call.newValidationError(
                    "context_segment counts positions from 1, or from the end with -1; there is no position 0.");
        }
    }
}
