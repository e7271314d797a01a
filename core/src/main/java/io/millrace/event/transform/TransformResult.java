package io.millrace.event.transform;

import io.millrace.error.Problem;
import io.millrace.event.Event;
import java.util.List;

/// What a transform made of an event.
public sealed interface TransformResult {
    /// A valid event.
    record Transformed(Event event) implements TransformResult {}

    /// No event.
    ///
    /// @param problems what is wrong: with the expression, at a position in it, or with each
    ///   attribute of what it gave; not empty
    record Failed(List<Problem> problems) implements TransformResult {
        public Failed {
            problems = List.copyOf(problems);
        }
    }
}
