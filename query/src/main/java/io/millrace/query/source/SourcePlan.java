package io.millrace.query.source;

import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one table of a query reads, and where. Immutable; travels to wherever the query runs.
///
/// @param door the engine, see `Doors`
/// @param table as the query calls it
/// @param view whose changes the rows are, made again from its events; `null` for the events
/// @param pattern the contexts
/// @param stream the only one that counts; `null` for all that the pattern reaches
/// @param types exact, or a prefix if it ends in `*`; empty for any
/// @param columns what rows have, in their order
/// @param rules of time
/// @param starts where partitions are begun, by feed; those that are not there are read from their
///   beginning, as they came later
/// @param ends `null` if it does not end
public record SourcePlan(
        String door,
        String table,
        @Nullable String view,
        String pattern,
        @Nullable String stream,
        List<String> types,
        List<SourceColumn> columns,
        EventClock.Rules rules,
        Map<String, Long> starts,
        @Nullable Ends ends)
        implements Serializable {
    /// Where reading ends.
    ///
    /// @param offsets by feed; partitions that are not there are not read
    /// @param asOfMillis the moment that it is then for the watermarks, which go no further: what
    ///   is open stays open; [#COMPLETE] if the end is the end of all time
    public record Ends(Map<String, Long> offsets, long asOfMillis) implements Serializable {
        public static final long COMPLETE = -1;

        public boolean isComplete() {
            return asOfMillis == COMPLETE;
        }
    }

    /// The same with fewer columns.
    public SourcePlan with(List<SourceColumn> fewer) {
        return new SourcePlan(
                door, table, view, pattern, stream, types, List.copyOf(fewer), rules, starts, ends);
    }

    /// What serves both of two plans of one table: every column that one of them has, and every
    /// event that one of them wants.
    ///
    /// @param whole the table, of which both are a part
    public SourcePlan and(SourcePlan other, SourcePlan whole) {
        Set<SourceColumn> both = new LinkedHashSet<>(columns);
        both.addAll(other.columns);
        Set<String> wanted = new LinkedHashSet<>(types);
        wanted.addAll(other.types);
        return new SourcePlan(
                door,
                table,
                view,
                pattern.equals(other.pattern) ? pattern : whole.pattern,
                stream,
                types.isEmpty() || other.types.isEmpty() ? List.of() : List.copyOf(wanted),
                List.copyOf(both),
                rules,
                starts,
                ends);
    }

    /// The same with events of these types only.
    public SourcePlan ofTypes(List<String> fewer) {
        return new SourcePlan(
                door,
                table,
                view,
                pattern,
                stream,
                List.copyOf(fewer),
                columns,
                rules,
                starts,
                ends);
    }

    /// The same with events of these contexts only.
    public SourcePlan ofContexts(String narrower) {
        return new SourcePlan(
                door, table, view, narrower, stream, types, columns, rules, starts, ends);
    }

    /// @param delayMillis see `EventTimeRules`; the others too
    /// @param idleMillis -1 for never
    public static EventClock.Rules rules(
            long delayMillis, long idleMillis, long latenessMillis, long aheadMillis) {
        return new EventClock.Rules(delayMillis, idleMillis, latenessMillis, aheadMillis);
    }
}
