package io.millrace.query.job;

/// What Flink measures of one job. Thread-safe.
interface JobMetrics {
    /// The sum over all operators and subtasks.
    double ofJob(String name);

    /// The smallest of all; [Double#NaN] if there is none.
    double leastOfJob(String name);

    /// The sum over the subtasks of a vertex, of the task as a whole.
    double ofVertex(String vertex, String name);
}
