package io.millrace.broker.queue;

/// What became of a job that was put in.
///
/// @param number of the job; of the one that was there already for a duplicate
/// @param isDuplicate whether one with the same source and id was put in within the window
public record Admitted(JobNumber number, boolean isDuplicate) {}
