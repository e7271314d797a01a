package io.millrace.query.sql.function;

import java.util.Set;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.AggregateFunction;
import org.apache.flink.table.functions.FunctionRequirement;
import org.apache.flink.table.types.inference.CallContext;
import org.jspecify.annotations.Nullable;

/// What the functions for anomalies have in common: they look back over the values of an OVER
/// window, and answer with `ROW<is_anomaly BOOLEAN, score DOUBLE>`.
///
/// The score is a probability: how likely a value, or a series, is that looks at least so unusual
/// if nothing is. It is an anomaly if the score is below `1 - confidence / 100`. While there are
/// too few values, the score is NULL and nothing is an anomaly. A row whose value is NULL or not
/// finite is answered with NULL and not remembered.
@FunctionHint(
        accumulator =
                @DataTypeHint(
                        value = "RAW",
                        bridgedTo = History.class,
                        rawSerializer = HistorySerializer.class),
        output =
                @DataTypeHint(
                        value = "ROW<is_anomaly BOOLEAN, score DOUBLE>",
                        bridgedTo = RowData.class))
public abstract sealed class AnomalyFunction extends AggregateFunction<RowData, History>
        permits SpikeAndDip, ChangePoint {
    static final int HISTORY_MIN = 10;
    static final int HISTORY_MAX = 10_000;

    @Override
    public History createAccumulator() {
        return new History();
    }

    @Override
    public @Nullable RowData getValue(History history) {
        if (!history.answered()) {
            return null;
        }
        double score = history.score();
        return GenericRowData.of(history.anomaly(), Double.isNaN(score) ? null : (Double) score);
    }

    @Override
    public Set<FunctionRequirement> getRequirements() {
        return Set.of(FunctionRequirement.OVER_WINDOW_ONLY);
    }

    static boolean isUsable(@Nullable Double value) {
        return value != null && Double.isFinite(value);
    }

    static boolean areUsable(@Nullable Double confidence, @Nullable Integer history) {
        return confidence != null
                && confidence > 0
                && confidence < 100
                && history != null
                && history >= HISTORY_MIN
                && history <= HISTORY_MAX;
    }

    /// The largest score of an anomaly.
    static double threshold(double confidence) {
        return 1 - confidence / 100;
    }

    static void checkConstants(CallContext call) {
        double confidence = ConstantArguments.value(call, 1, Double.class).orElse(99.0);
        if (!(confidence > 0 && confidence < 100)) {
            throw call.newValidationError(
                    "%s's confidence is in percent, more than 0 and less than 100, such as 99.9.",
                    call.getName());
        }
        int history = ConstantArguments.value(call, 2, Integer.class).orElse(HISTORY_MIN);
        if (history < HISTORY_MIN || history > HISTORY_MAX) {
            throw call.newValidationError(
                    "%s's history is a number of values from %d to %d.",
                    call.getName(), HISTORY_MIN, HISTORY_MAX);
        }
    }
}
