package io.millrace.query.sql.function;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.functions.UserDefinedFunction;

/// The functions that Millrace adds to Flink SQL. [#register] makes them known; then they are
/// called like Flink's own, in any case: `context_segment(...)`, `CONTEXT_SEGMENT(...)`.
public final class MillraceFunctions {
    private static final Map<String, Class<? extends UserDefinedFunction>> CLASSES =
            Map.ofEntries(
                    Map.entry("context_segment", ContextSegment.class),
                    Map.entry("context_depth", ContextDepth.class),
                    Map.entry("context_parent", ContextParent.class),
                    Map.entry("context_matches", ContextMatches.class),
                    Map.entry("ancestors", Ancestors.class),
                    Map.entry("spike_and_dip", SpikeAndDip.class),
                    Map.entry("change_point", ChangePoint.class),
                    Map.entry("geo_distance", GeoDistance.class),
                    Map.entry("geo_within", GeoWithin.class));

    private MillraceFunctions() {}

    /// Makes every function known as a temporary system function. Call it once for each
    /// environment, on the thread that uses it.
    ///
    /// @throws org.apache.flink.table.api.ValidationException if one of the names is taken already
    public static void register(TableEnvironment environment) {
        new TreeMap<>(CLASSES).forEach(environment::createTemporarySystemFunction);
    }

    /// The functions by their names.
    public static Map<String, Class<? extends UserDefinedFunction>> classes() {
        return CLASSES;
    }

    /// What the reference tells, in its order: Millrace's functions, and those of Flink's for JSON.
    /// The examples that read a table read `readings`; see [FunctionExamples#READINGS].
    public static List<DocumentedFunction> documented() {
        List<DocumentedFunction> all = new ArrayList<>(FunctionExamples.contexts());
        all.addAll(FunctionExamples.anomalies());
        all.addAll(FunctionExamples.places());
        all.addAll(FunctionExamples.json());
        return List.copyOf(all);
    }
}
