package io.millrace.query.sql.function;

import java.util.Locale;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.TypeInference;
import org.jspecify.annotations.Nullable;

/// `spike_and_dip(value, confidence, history [, mode])`: whether a value sticks out from the up to
/// `history` values before it, by [RobustScore]. The mode is `spikes`, `dips` or `spikesanddips`.
public final class SpikeAndDip extends AnomalyFunction {
    private enum Mode {
        SPIKES,
        DIPS,
        SPIKESANDDIPS;

        static @Nullable Mode named(String name) {
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "spikes" -> SPIKES;
                case "dips" -> DIPS;
                case "spikesanddips" -> SPIKESANDDIPS;
                default -> null;
            };
        }
    }

    private transient @Nullable String lastName;
    private transient @Nullable Mode lastMode;

    public void accumulate(
            History before,
            @Nullable Double value,
            @Nullable Double confidence,
            @Nullable Integer history) {
        next(before, value, confidence, history, Mode.SPIKESANDDIPS);
    }

    public void accumulate(
            History before,
            @Nullable Double value,
            @Nullable Double confidence,
            @Nullable Integer history,
            @Nullable String mode) {
        next(before, value, confidence, history, mode == null ? null : mode(mode));
    }

    public void retract(
            History before,
            @Nullable Double value,
            @Nullable Double confidence,
            @Nullable Integer history) {
        if (isUsable(value)) {
            before.leave();
        }
    }

    public void retract(
            History before,
            @Nullable Double value,
            @Nullable Double confidence,
            @Nullable Integer history,
            @Nullable String mode) {
        retract(before, value, confidence, history);
    }

    private void next(
            History before,
            @Nullable Double value,
            @Nullable Double confidence,
            @Nullable Integer history,
            @Nullable Mode mode) {
        before.answerNone();
        if (value == null || !isUsable(value)) {
            return;
        }
        if (areUsable(confidence, history) && confidence != null && mode != null) {
            answer(before, value, confidence, mode);
        }
        before.add(value);
        before.enter();
        before.keep(history == null ? HISTORY_MIN : Math.min(history, HISTORY_MAX));
    }

    private static void answer(History before, double value, double confidence, Mode mode) {
        int size = before.size();
        if (size < HISTORY_MIN) {
            before.answer(Double.NaN, false);
            return;
        }
        double distance = RobustScore.of(value, before.sorted(), size);
        double tail = RobustScore.tail(distance, size);
        double probability =
                switch (mode) {
                    case SPIKES -> distance > 0 ? tail : 1 - tail;
                    case DIPS -> distance < 0 ? tail : 1 - tail;
                    case SPIKESANDDIPS -> 2 * tail;
                };
        before.answer(probability, probability < threshold(confidence));
    }

    private @Nullable Mode mode(String name) {
        if (!name.equals(lastName)) {
            lastName = name;
            lastMode = Mode.named(name);
        }
        return lastMode;
    }

    @Override
    public TypeInference getTypeInference(DataTypeFactory types) {
        return ConstantArguments.checked(super.getTypeInference(types), SpikeAndDip::check);
    }

    private static void check(CallContext call) {
        checkConstants(call);
        ConstantArguments.value(call, 3, String.class)
                .filter(name -> Mode.named(name) == null)
                .ifPresent(name -> {
                    throw call.newValidationError(
                            "spike_and_dip's mode is 'spikes', 'dips' or 'spikesanddips', not '%s'.",
                            name);
                });
    }
}
