package io.millrace.event.transform;

import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Jsonata.Frame;
import com.dashjoin.jsonata.Utils;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Watches one run of the evaluator: counts steps, and weighs every value that comes out of one.
/// Owned by the run's thread.
///
/// Values share parts, so that a small graph can stand for an endless text; each container's weight
/// is therefore that of all it would be written as, computed once for each.
///
/// Time is the evaluator's own watch. It is asked on a frame of its own, because on the run's
/// frames it leaves out some steps inside arrays.
final class RunLimits {
    private static final int SHORT_TEXT = 64;
    private static final int TOTAL_FACTOR = 4;
    private static final int LOOKS_FACTOR = 16;
    private static final int ITEMS_FACTOR = 16;

    private final TransformLimits limits;
    private IdentityHashMap<Object, Long> weights = new IdentityHashMap<>();
    private Frame clock = new Frame(null);
    private int steps;
    private int depth;
    private long total;
    private long looks;
    private long items;
    private int itemWeight = 1;

    RunLimits(TransformLimits limits) {
        this.limits = limits;
    }

    /// Begins a run; what the one before weighed is let go.
    void start() {
        steps = 0;
        depth = 0;
        total = 0;
        looks = 0;
        items = 0;
        weights = new IdentityHashMap<>();
        clock = new Frame(null);
        // Its depth would be off where a callback was left out, so that ours counts instead.
        clock.setRuntimeBounds(limits.timeMillisMax(), Integer.MAX_VALUE);
    }

    /// Makes this the watch of every run on the frame.
    void watch(Frame frame) {
        frame.setEvaluateEntryCallback((expression, input, _) -> {
            enter();
            if (clock.lookup("__evaluate_entry") instanceof Jsonata.EntryCallback time) {
                time.callback(expression, input, clock);
            }
        });
        frame.setEvaluateExitCallback((_, _, _, result) -> leave(result));
    }

    /// From here on a map is made for each value of a list.
    void expectJoins() {
        itemWeight = ITEMS_FACTOR;
    }

    private void enter() {
        if (++steps > limits.stepsMax()) {
            throw new OutOfBounds(
                    "the expression takes more than %d steps; does a loop never end?"
                            .formatted(limits.stepsMax()));
        }
        if (++depth > limits.depthMax()) {
            throw new OutOfBounds(
                    "the expression nests deeper than %d evaluations; does a recursion never end?"
                            .formatted(limits.depthMax()));
        }
    }

    private void leave(@Nullable Object result) {
        depth--;
        if (result instanceof Pattern) {
            throw new OutOfBounds(
                    "a regular expression cannot stand here; put it in parentheses or a variable");
        }
        if (result instanceof Number number) {
            JsonValues.demandSafe(number);
        }
        if (weight(result) > limits.sizeMax()) {
            throw tooLarge();
        }
        if (result instanceof List<?> list) {
            pass(list.size());
        }
    }

    /// Counts the values of a list that a step hands on: the next one may copy them all, and put
    /// many such copies together before anybody sees the result.
    void pass(int values) {
        items += (long) values * itemWeight;
        if (items > (long) ITEMS_FACTOR * limits.sizeMax()) {
            throw new OutOfBounds(
                    "all steps together pass on more than %d values in lists"
                            .formatted((long) ITEMS_FACTOR * limits.sizeMax() / itemWeight));
        }
    }

    /// Counts a character that a regular expression looks at.
    void look() {
        if (++looks > (long) LOOKS_FACTOR * limits.sizeMax()) {
            throw new OutOfBounds(
                    "regular expressions look at more than %d characters; does one repeat a"
                                    .formatted((long) LOOKS_FACTOR * limits.sizeMax())
                            + " repetition?");
        }
    }

    /// Refuses a text before it is made.
    void demandRoom(long characters) {
        if (characters > limits.sizeMax()) {
            throw tooLarge();
        }
    }

    private OutOfBounds tooLarge() {
        return new OutOfBounds(
                "a value is larger than %d characters and values".formatted(limits.sizeMax()));
    }

    private long weight(@Nullable Object value) {
        return switch (value) {
            case null -> 1;
            case String text when text.length() <= SHORT_TEXT -> 1 + text.length();
            // It is not there yet; going through it would make it.
            case Utils.RangeList range -> range.size();
            case String text -> known(text, 1L + text.length());
            case List<?> list -> {
                Long before = weights.get(list);
                yield before != null ? before : known(list, sum(list));
            }
            case Map<?, ?> map -> {
                Long before = weights.get(map);
                yield before != null ? before : known(map, sum(map.values()) + sum(map.keySet()));
            }
            default -> 1;
        };
    }

    private long sum(Iterable<?> parts) {
        long sum = 1;
        for (Object part : parts) {
            sum += weight(part);
            if (sum > limits.sizeMax()) {
                throw tooLarge();
            }
        }
        return sum;
    }

    /// Counts a value the first time that it is seen: by its own parts, which bounds the work too.
    private long known(Object value, long weight) {
        if (weights.put(value, weight) == null) {
            total +=
                    switch (value) {
                        case List<?> list -> list.size();
                        case Map<?, ?> map -> map.size();
                        default -> weight;
                    };
            if (total > (long) TOTAL_FACTOR * limits.sizeMax()) {
                throw new OutOfBounds(
                        "all values together are larger than %d characters and values"
                                .formatted((long) TOTAL_FACTOR * limits.sizeMax()));
            }
        }
        return weight;
    }
}
