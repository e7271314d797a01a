package io.millrace.query.sql.function;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.functions.TableFunction;
import org.apache.flink.table.types.inference.TypeInference;
import org.jspecify.annotations.Nullable;

/// `ancestors(context)`: a row for the context and one for each context above it, the root
/// included, from the bottom up. `ancestors(context, 'floor,building')`: only those whose last
/// segment stands behind one of these names.
@FunctionHint(
        output =
                @DataTypeHint(
                        value =
                                "ROW<ancestor STRING NOT NULL, depth INT NOT NULL, name STRING, segment STRING>",
                        bridgedTo = RowData.class))
public final class Ancestors extends TableFunction<RowData> {
    private transient @Nullable String lastList;
    private transient @Nullable SegmentNames lastNames;

    public void eval(@Nullable String context) {
        if (context != null && ContextPaths.isContext(context)) {
            walk(context, null);
            collect(GenericRowData.of(StringData.fromString("/"), 0, null, null));
        }
    }

    public void eval(@Nullable String context, @Nullable String names) {
        if (context == null || names == null || !ContextPaths.isContext(context)) {
            return;
        }
        if (!names.equals(lastList)) {
            lastList = names;
            lastNames = SegmentNames.parse(names);
        }
        if (lastNames != null) {
            walk(context, lastNames);
        }
    }

    /// All but the root.
    private void walk(String context, @Nullable SegmentNames wanted) {
        int depth = ContextPaths.depth(context);
        int end = context.length();
        while (depth > 0) {
            int slash = context.lastIndexOf('/', end - 1);
            int nameFrom = slash == 0 ? 0 : context.lastIndexOf('/', slash - 1) + 1;
            if (wanted == null || (slash > 0 && wanted.holds(context, nameFrom, slash))) {
                collect(
                        GenericRowData.of(
                                StringData.fromString(context.substring(0, end)),
                                depth,
                                slash == 0 ? null : text(context, nameFrom, slash),
                                text(context, slash + 1, end)));
            }
            end = slash;
            depth--;
        }
    }

    private static StringData text(String context, int from, int to) {
        return StringData.fromString(context.substring(from, to));
    }

    @Override
    public TypeInference getTypeInference(DataTypeFactory types) {
        return ConstantArguments.checked(
                super.getTypeInference(types), call -> SegmentNames.checkConstant(call, 1, true));
    }
}
