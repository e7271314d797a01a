package io.millrace.router;

import io.millrace.event.filter.AllFilter;
import io.millrace.event.filter.AnyFilter;
import io.millrace.event.filter.AttributeFilter;
import io.millrace.event.filter.AttributeFilter.Comparison;
import io.millrace.event.filter.AttributeFilter.Expectation;
import io.millrace.event.filter.DataFilter;
import io.millrace.event.filter.Filter;
import io.millrace.event.filter.NotFilter;
import io.millrace.event.filter.SqlFilter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// One thing that an attribute's canonical text must be, begin with or end with, so that interests
/// can be looked up by it. Immutable.
///
/// @param text not empty, unless it is exact
record Condition(Comparison comparison, String attribute, String text) {
    /// The ways to look an interest up: every event that it wants fulfils exactly one condition of
    /// each list.
    ///
    /// Found in `types`, in `source`, and in `exact`, `prefix` and `suffix` that must match; those
    /// for a whole text come first, because they tell the most events apart.
    static List<List<Condition>> of(Interest interest) {
        List<List<Condition>> exact = new ArrayList<>();
        List<List<Condition>> partial = new ArrayList<>();
        List<Condition> types = types(interest.types());
        if (!types.isEmpty()) {
            boolean whole = types.stream().allMatch(t -> t.comparison == Comparison.EXACT);
            (whole ? exact : partial).add(types);
        }
        if (interest.source() != null) {
            exact.add(List.of(new Condition(Comparison.EXACT, "source", interest.source())));
        }
        for (Filter filter : interest.filters().filters()) {
            add(filter, exact, partial);
        }
        exact.addAll(partial);
        return exact;
    }

    /// No two conditions of the types that are left hold for the same type.
    private static List<Condition> types(List<String> types) {
        List<Condition> conditions = new ArrayList<>(types.size());
        Set<String> distinct = new LinkedHashSet<>(types);
        for (String type : distinct) {
            boolean prefix = Interest.isPrefix(type);
            String text = prefix ? type.substring(0, type.length() - 1) : type;
            if (prefix && text.isEmpty()) {
                return List.of();
            }
            if (!isCovered(type, text, distinct)) {
                Comparison comparison = prefix ? Comparison.PREFIX : Comparison.EXACT;
                conditions.add(new Condition(comparison, "type", text));
            }
        }
        return conditions;
    }

    private static boolean isCovered(String type, String text, Set<String> types) {
        for (String other : types) {
            boolean covers =
                    Interest.isPrefix(other)
                            && !other.equals(type)
                            && text.regionMatches(0, other, 0, other.length() - 1);
            if (covers) {
                return true;
            }
        }
        return false;
    }

    private static void add(
            Filter filter, List<List<Condition>> exact, List<List<Condition>> partial) {
        switch (filter) {
            case AttributeFilter(Comparison comparison, List<Expectation> expectations) -> {
                for (Expectation each : expectations) {
                    Condition found = new Condition(comparison, each.attribute(), each.text());
                    if (comparison == Comparison.EXACT) {
                        exact.add(List.of(found));
                    } else if (!each.text().isEmpty()) {
                        partial.add(List.of(found));
                    }
                }
            }
            case AllFilter(List<Filter> filters) -> filters.forEach(f -> add(f, exact, partial));
            case AnyFilter _, NotFilter _, SqlFilter _, DataFilter _ -> {
                // What these need cannot be looked up by one text.
            }
        }
    }
}
