package io.millrace.broker.query;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What a query would be.
///
/// @param changesRows whether results are changed later, or only added
/// @param key the columns that tell which result is changed; empty if there are none
/// @param warnings what the user should know before it runs
/// @param plan the operators
/// @param text the plan in words
/// @param state what becomes of what it has in memory
/// @param sample rows that it gives for stored events
public record QueryExplanation(
        List<QueryColumn> columns,
        boolean changesRows,
        List<String> key,
        List<String> warnings,
        PlanGraph plan,
        String text,
        State state,
        List<ObjectNode> sample) {
    /// What becomes of the state of the query that is replaced.
    public enum State {
        /// There is none.
        NEW,
        /// It goes on with it.
        KEPT,
        /// It begins anew.
        LOST
    }
}
