package io.millrace.event.filter;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a field must be: one or more operators, all of which hold for the same value.
///
/// - A field that is an array, or that lies below one, has several values; the condition holds if
///   it holds for one of them. So `anything-but` means that one of them is something else; for
///   "none of them is" put `equals` or `in` into the filter `not`.
/// - A field without a value, because it is missing or an empty array, meets `anything-but` and
///   nothing else. `exists` looks at the field and not at its values: `false` holds if it is
///   missing everywhere, `true` if it is there, be it null or an empty array.
/// - Operators for text are not met by numbers, and the other way round.
///
/// @param tests at least one; `exists: false` only alone
public record DataCondition(List<DataTest> tests) {
    /// What a walk over the values has come to; what is later outweighs what is earlier.
    private enum Outcome {
        MISSING,
        EMPTY,
        REFUSED,
        HELD
    }

    public DataCondition {
        tests = List.copyOf(tests);
    }

    /// @param data `null` if there is none, so that every field is missing
    boolean matches(@Nullable JsonNode data, DataPath path) {
        Walk walk = new Walk();
        path.walk(data, walk);
        return switch (walk.outcome) {
            case HELD -> true;
            case REFUSED -> false;
            case MISSING, EMPTY -> holdsWithoutValue(walk.outcome);
        };
    }

    private boolean holdsWithoutValue(Outcome outcome) {
        for (int i = 0; i < tests.size(); i++) {
            boolean holds =
                    switch (tests.get(i)) {
                        case DataTest.Exists(boolean expected) ->
                                expected == (outcome == Outcome.EMPTY);
                        case DataTest.AnythingBut _ -> true;
                        case DataTest.Equals _,
                                DataTest.In _,
                                DataTest.TextPart _,
                                DataTest.Range _ ->
                                false;
                    };
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(JsonNode value) {
        for (int i = 0; i < tests.size(); i++) {
            if (!tests.get(i).holds(value)) {
                return false;
            }
        }
        return true;
    }

    /// Looks at values until one meets the condition.
    private final class Walk implements DataPath.Visitor {
        private Outcome outcome = Outcome.MISSING;

        @Override
        public boolean visit(JsonNode value) {
            if (!value.isArray()) {
                outcome = holds(value) ? Outcome.HELD : Outcome.REFUSED;
                return outcome == Outcome.HELD;
            }
            if (outcome == Outcome.MISSING) {
                outcome = Outcome.EMPTY;
            }
            for (int i = 0; i < value.size(); i++) {
                if (visit(value.get(i))) {
                    return true;
                }
            }
            return false;
        }
    }

    /// The operators as they stand in a document.
    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        tests.forEach(test -> json.set(test.operator(), test.operand()));
        return json;
    }
}
