package io.millrace.cursor;

/// An offset that is given to a consumer.
///
/// @param deliveries how often it was given out, this time included
/// @param failures how many of those before failed
/// @param firstMillis when it was given out for the first time
public record Lease(
        LeaseToken token, long deadlineMillis, int deliveries, int failures, long firstMillis) {}
