package io.millrace.query.sql.function;

import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.types.inference.TypeInference;
import org.jspecify.annotations.Nullable;

/// `change_point(value, confidence, history)`: whether the level has changed within the last
/// `history` values, by [LevelShift]. A change is told once, with the first row that shows it; what
/// was before the change is forgotten then. It is looked for as soon as half of the history is
/// there.
public final class ChangePoint extends AnomalyFunction {
    private transient double @Nullable [] series;

    public void accumulate(
            History values,
            @Nullable Double value,
            @Nullable Double confidence,
            @Nullable Integer history) {
        values.answerNone();
        if (value == null || !isUsable(value)) {
            return;
        }
        values.add(value);
        values.enter();
        values.keep(history == null ? HISTORY_MIN : Math.min(history, HISTORY_MAX));
        if (areUsable(confidence, history) && confidence != null && history != null) {
            answer(values, confidence, Math.max(HISTORY_MIN, history / 2));
        }
    }

    public void retract(
            History values,
            @Nullable Double value,
            @Nullable Double confidence,
            @Nullable Integer history) {
        if (isUsable(value)) {
            values.leave();
        }
    }

    private void answer(History values, double confidence, int sizeMin) {
        int size = values.size();
        if (size < sizeMin) {
            values.answer(Double.NaN, false);
            return;
        }
        double[] target = series;
        if (target == null || target.length < size) {
            target = new double[2 * size];
            series = target;
        }
        values.copyTo(target);
        LevelShift shift = LevelShift.in(target, size);
        boolean changed = shift.probability() < threshold(confidence);
        values.answer(shift.probability(), changed);
        if (changed) {
            values.keep(size - shift.at());
        }
    }

    @Override
    public TypeInference getTypeInference(DataTypeFactory types) {
        return ConstantArguments.checked(
                super.getTypeInference(types), AnomalyFunction::checkConstants);
    }
}
