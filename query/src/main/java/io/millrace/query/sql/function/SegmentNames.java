package io.millrace.query.sql.function;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.types.inference.CallContext;
import org.jspecify.annotations.Nullable;

/// Names of segments as a query gives them, such as `floor,building,site`.
record SegmentNames(List<String> names) {
    /// @return null if one of the names is empty or has a slash, so that no segment can be called
    ///   so
    static @Nullable SegmentNames parse(String list) {
        List<String> names = new ArrayList<>();
        int from = 0;
        while (from <= list.length()) {
            int comma = list.indexOf(',', from);
            int to = comma < 0 ? list.length() : comma;
            String name = list.substring(from, to).strip();
            if (!isName(name)) {
                return null;
            }
            names.add(name);
            from = to + 1;
        }
        return new SegmentNames(List.copyOf(names));
    }

    private static boolean isName(String name) {
        return !name.isEmpty() && name.indexOf('/') < 0;
    }

    /// Whether the part of `path` is one of the names.
    boolean holds(String path, int from, int to) {
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (name.length() == to - from && path.startsWith(name, from)) {
                return true;
            }
        }
        return false;
    }

    static void checkConstant(CallContext call, int argument, boolean list) {
        ConstantArguments.value(call, argument, String.class)
                .filter(text -> list ? parse(text) == null : !isName(text))
                .ifPresent(text -> {
                    throw call.newValidationError(
                            list
                                    ? "'%s' is no list of segment names, such as 'floor,building': names "
                                            + "are not empty and have no /."
                                    : "'%s' is no name of a segment, such as 'floor': it is not empty and has no /.",
                            text);
                });
    }
}
